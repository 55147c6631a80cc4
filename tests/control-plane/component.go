package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"sync/atomic"
	"syscall"
)

// component is one running program of the control plane.
type component struct {
	name    string
	log     string
	process *exec.Cmd
	// ended is closed once the process is gone; outcome is set by then.
	ended   chan struct{}
	outcome error
	// replaced is set before an end that somebody asked for.
	replaced atomic.Bool
}

// startComponent starts a program in the state folder, with its output in a log
// file there. It sees nothing of the user's environment: no proxy, no
// configuration in a home folder.
func startComponent(home installation, in *state, t tool, flags []string) (*component, error) {
	c := &component{name: t.name, log: in.path(t.name + ".log"), ended: make(chan struct{})}
	log, err := os.OpenFile(c.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return nil, err
	}
	defer log.Close()
	c.process = exec.Command(home.path(t), flags...)
	c.process.Dir = in.folder
	c.process.Env = []string{"HOME=" + in.folder}
	c.process.Stdout, c.process.Stderr = log, log
	// A process group of its own: Ctrl-C is for the command under test; the
	// control plane ends after it.
	c.process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := startTied(c.process, syscall.SIGKILL); err != nil {
		return nil, fmt.Errorf("starting %s: %w", t.name, err)
	}
	go func() {
		c.outcome = c.process.Wait()
		close(c.ended)
	}()
	return c, nil
}

// end kills the process and waits until it is gone. Its data goes with it, so
// there is nothing that it would have to finish.
func (c *component) end() {
	select {
	case <-c.ended:
	default:
		c.process.Process.Kill()
		<-c.ended
	}
}

// failure describes an end that nobody asked for.
func (c *component) failure() error {
	outcome := "ended"
	if c.outcome != nil {
		outcome = "failed: " + c.outcome.Error()
	}
	return fmt.Errorf("%s %s; its log ends with:\n%s", c.name, outcome, lastLines(c.log, 15))
}

// lastLines returns the end of a text file.
func lastLines(path string, count int) []byte {
	content, err := os.ReadFile(path)
	if err != nil {
		return []byte(err.Error())
	}
	content = bytes.TrimRight(content, "\n")
	at := len(content)
	for range count {
		newline := bytes.LastIndexByte(content[:at], '\n')
		if newline < 0 {
			return content
		}
		at = newline
	}
	return content[at+1:]
}
