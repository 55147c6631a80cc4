package main

import (
	"os/exec"
	"runtime"
	"syscall"
)

// soReusePort is SO_REUSEPORT, which package syscall lacks on some Linux ports.
const soReusePort = 0xf

// lifeline carries every start of a process. Linux sends the parent-death
// signal when the *thread* that started a child ends, and Go ends threads as
// it likes, so one goroutine holds on to one thread for the driver's lifetime.
var lifeline = make(chan func())

func init() {
	go func() {
		runtime.LockOSThread()
		for start := range lifeline {
			start()
		}
	}()
}

// startTied starts a process that the kernel signals when the driver dies,
// even by SIGKILL.
func startTied(command *exec.Cmd, signal syscall.Signal) error {
	if command.SysProcAttr == nil {
		command.SysProcAttr = &syscall.SysProcAttr{}
	}
	command.SysProcAttr.Pdeathsig = signal
	result := make(chan error)
	lifeline <- func() { result <- command.Start() }
	return <-result
}
