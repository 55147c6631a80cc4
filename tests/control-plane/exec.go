package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"time"
)

// patience is how long a command may take to end once it was asked to.
const patience = 10 * time.Second

// execute runs a command with a cluster and returns its exit code.
func execute(args []string) (int, error) {
	if len(args) < 2 || args[0] != "--" {
		return 0, fmt.Errorf("exec needs a command: control-plane exec -- CMD ARG…")
	}
	received := catchSignals()
	cluster, err := provideUntilSignal(received)
	if err != nil {
		return 0, err
	}
	defer cluster.end()
	// The driver's own environment becomes the command's, and PATH finds it.
	for _, v := range cluster.environment() {
		os.Setenv(v.name, v.value)
	}
	command := exec.Command(args[1], args[2:]...)
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	// SIGTERM, not SIGKILL: the command may have children of its own to end.
	if err := startTied(command, syscall.SIGTERM); err != nil {
		report("%v", err)
		return exitNotFound, nil
	}
	ended := make(chan error, 1)
	go func() { ended <- command.Wait() }()
	return attend(command.Process, ended, cluster, received)
}

// provideUntilSignal returns no cluster where a signal came while it started.
func provideUntilSignal(received <-chan os.Signal) (provided *cluster, err error) {
	err = untilSignal(received, func(ctx context.Context) (err error) {
		provided, err = provide(ctx)
		return err
	})
	if err != nil && provided != nil {
		provided.end()
	}
	return provided, err
}

// attend passes signals on until the command has ended.
func attend(process *os.Process, ended <-chan error, cluster *cluster, received <-chan os.Signal) (int, error) {
	var failure error
	var impatient <-chan time.Time
	for {
		select {
		case err := <-ended:
			return exitCode(err), failure
		case s := <-received:
			if s == syscall.SIGINT && atTerminal() {
				continue // the terminal has sent it to the command as well
			}
			process.Signal(s)
			if s != syscall.SIGINT { // which an interactive shell survives
				impatient = time.After(patience)
			}
		case component := <-cluster.broken():
			failure = component.failure()
			process.Signal(syscall.SIGTERM)
			impatient = time.After(patience)
		case <-impatient:
			process.Kill()
		}
	}
}

// atTerminal says whether Ctrl-C can have been typed.
func atTerminal() bool {
	terminal, err := os.Open("/dev/tty")
	if err != nil {
		return false
	}
	terminal.Close()
	return true
}

// exitCode returns the code of a finished command, as a shell would.
func exitCode(err error) int {
	if err == nil {
		return 0
	}
	failed, ok := errors.AsType[*exec.ExitError](err)
	if !ok {
		return exitFailed
	}
	if status := failed.Sys().(syscall.WaitStatus); status.Signaled() {
		return exitSignal + int(status.Signal())
	}
	return failed.ExitCode()
}
