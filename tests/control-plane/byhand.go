package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"
)

// The control plane for work by hand is one per user. A detached supervisor,
// this same program, holds it until `down`.

// supervise is the command that `up` starts itself with.
const supervise = "supervise"

// byHand is where the control plane for work by hand lies.
type byHand struct {
	home installation
	// run is its state folder.
	run string
	// log is what its supervisor had to say.
	log string
	// changing is locked by whoever starts or ends it.
	changing string
}

func placeByHand() (byHand, error) {
	home, err := installed()
	if err != nil {
		return byHand{}, err
	}
	cache, err := cacheFolder()
	if err != nil {
		return byHand{}, err
	}
	file := func(name string) string { return filepath.Join(cache, name) }
	return byHand{home, file("run"), file("run.log"), file("run.lock")}, os.MkdirAll(cache, 0o755)
}

// up starts it, unless it runs already, and prints what a shell evaluates.
func up(ctx context.Context, stdout io.Writer) error {
	if _, err := build(ctx); err != nil {
		return err
	}
	place, err := placeByHand()
	if err != nil {
		return err
	}
	lock, err := waitForLock(ctx, place.changing, func() { report("waiting for another up or down") })
	if err != nil {
		return err
	}
	defer lock.Close()
	pid, err := holder(place.run)
	if err != nil {
		return err
	}
	if pid == 0 {
		if err := place.startSupervisor(); err != nil {
			return err
		}
	}
	fmt.Fprintf(stdout, "export KUBECONFIG=%s\n", shellQuote(filepath.Join(place.run, "kubeconfig")))
	fmt.Fprintf(stdout, "export PATH=%s:\"$PATH\"\n", shellQuote(place.home.bin()))
	return nil
}

// startSupervisor returns once the control plane is ready.
func (b byHand) startSupervisor() error {
	if err := os.RemoveAll(b.run); err != nil {
		return err
	}
	log, err := os.Create(b.log)
	if err != nil {
		return err
	}
	defer log.Close()
	program, err := os.Executable()
	if err != nil {
		return err
	}
	supervisor := exec.Command(program, supervise)
	supervisor.Stderr = log
	supervisor.Dir = "/"
	// A session of its own: it outlives the terminal.
	supervisor.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	says, err := supervisor.StdoutPipe()
	if err != nil {
		return err
	}
	if err := supervisor.Start(); err != nil {
		return err
	}
	if line, _ := bufio.NewReader(says).ReadString('\n'); line == "" {
		supervisor.Wait()
		return fmt.Errorf("it did not start:\n%s", lastLines(b.log, 20))
	}
	return supervisor.Process.Release()
}

// superviseByHand is the supervisor. It says one line when all is ready.
func superviseByHand(stdout io.Writer) error {
	place, err := placeByHand()
	if err != nil {
		return err
	}
	if err := os.Mkdir(place.run, 0o700); err != nil {
		return err
	}
	in, err := claim(place.run)
	if err != nil {
		return err
	}
	defer in.remove()
	return untilSignal(catchSignals(), func(ctx context.Context) error {
		plane, err := startControlPlane(ctx, place.home, in)
		if err != nil {
			return err
		}
		defer plane.stop()
		fmt.Fprintln(stdout, "ready")
		select {
		case component := <-plane.broken:
			return component.failure()
		case <-ctx.Done():
			return nil
		}
	})
}

// down ends it and returns when nothing of it is left.
func down(ctx context.Context) error {
	place, err := placeByHand()
	if err != nil {
		return err
	}
	lock, err := waitForLock(ctx, place.changing, func() { report("waiting for another up or down") })
	if err != nil {
		return err
	}
	defer lock.Close()
	pid, err := holder(place.run)
	if err != nil {
		return err
	}
	if pid == 0 {
		report("nothing is up")
		return os.RemoveAll(place.run)
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil && !errors.Is(err, syscall.ESRCH) {
		return err
	}
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if pid, err := holder(place.run); pid == 0 {
			return err
		}
	}
	return fmt.Errorf("supervisor %d did not end within %s; see %s", pid, patience, place.log)
}

// status prints what a person wants to know; its code is 0 where it is up, else 1.
func status(stdout io.Writer) (int, error) {
	place, err := placeByHand()
	if err != nil {
		return 0, err
	}
	pid, err := holder(place.run)
	if err != nil {
		return 0, err
	}
	if pid == 0 {
		fmt.Fprintln(stdout, "down")
		return 1, nil
	}
	fmt.Fprintf(stdout, "up: supervisor %d, files in %s\n", pid, place.run)
	return 0, nil
}
