package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"syscall"
	"time"
)

// build makes the tools that are missing and returns where all of them are.
func build(ctx context.Context) (installation, error) {
	return buildOnly(ctx, tools...)
}

// buildOnly does so for some tools.
func buildOnly(ctx context.Context, wanted ...tool) (installation, error) {
	home, err := installed()
	if err != nil {
		return "", err
	}
	if len(home.missing(wanted)) == 0 {
		return home, nil
	}
	if err := os.MkdirAll(string(home), 0o755); err != nil {
		return "", err
	}
	lock, err := waitForLock(ctx, filepath.Join(string(home), "building"), func() {
		report("waiting for another build of the same programs")
	})
	if err != nil {
		return "", err
	}
	defer lock.Close()
	return home, home.make(ctx, home.missing(wanted))
}

func (i installation) missing(wanted []tool) []tool {
	return slices.DeleteFunc(slices.Clone(wanted), i.has)
}

// make builds tools one by one: each is a line of progress, and what one run
// finished the next does not repeat.
func (i installation) make(ctx context.Context, missing []tool) error {
	if len(missing) == 0 {
		return nil // another driver was faster
	}
	if _, err := exec.LookPath("go"); err != nil {
		return fmt.Errorf("Go 1.26 or newer builds the test control plane, but no `go` is on PATH: see https://go.dev/dl")
	}
	module, err := scratchModule()
	if err != nil {
		return err
	}
	defer os.RemoveAll(module)
	report("building %d programs in %s: once, some minutes, and longer beside another build", len(missing), i)
	for n, t := range missing {
		start := time.Now()
		// Whole lines: cargo may be writing its own in between.
		report("building %s (%d of %d)", t.name, n+1, len(missing))
		if output, err := i.makeOne(ctx, t, module); err != nil {
			return fmt.Errorf("go build %s: %w\n%s", t.goPackage, err, output)
		}
		report("%s is built, in %.0f s", t.name, time.Since(start).Seconds())
	}
	return nil
}

// makeOne builds under another name first, so that a program at its final path
// is always whole.
func (i installation) makeOne(ctx context.Context, t tool, module string) ([]byte, error) {
	final := i.path(t)
	if err := os.MkdirAll(filepath.Dir(final), 0o755); err != nil {
		return nil, err
	}
	unfinished := final + ".new"
	command := exec.CommandContext(ctx, "go", slices.Concat(
		[]string{"build"}, buildFlags, []string{"-o", unfinished, t.goPackage})...)
	command.Dir = module
	// The user's own workspace has no say in what is built here. Go's compiler spends a third of
	// its time on collecting garbage that a machine with some gigabytes can hold.
	command.Env = append(os.Environ(), "GOWORK=off", "GOGC=400")
	// On an interrupt `go` ends its compilers too; killed, it would leave them.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	var output bytes.Buffer
	command.Stdout, command.Stderr = &output, &output
	if err := startTied(command, syscall.SIGINT); err != nil {
		return nil, err
	}
	if err := command.Wait(); err != nil {
		return output.Bytes(), err
	}
	return nil, os.Rename(unfinished, final)
}

// scratchModule writes the embedded go.mod and go.sum where `go build` finds them.
func scratchModule() (string, error) {
	folder, err := os.MkdirTemp("", "control-plane-build-")
	if err != nil {
		return "", err
	}
	for name, content := range map[string][]byte{"go.mod": goMod, "go.sum": goSum} {
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o644); err != nil {
			return "", err
		}
	}
	return folder, nil
}
