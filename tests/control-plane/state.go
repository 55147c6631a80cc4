package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// state is the folder of one running control plane: its data, keys, logs and
// kubeconfig. The file `alive` in it is locked for as long as its driver lives.
type state struct {
	folder string
	alive  *os.File
}

const (
	statePrefix = "kubectl-snapshot-control-plane-"
	aliveFile   = "alive"
)

// temporaryState makes a fresh folder for one run, and removes those that runs
// which were killed have left.
func temporaryState() (*state, error) {
	left, err := filepath.Glob(filepath.Join(os.TempDir(), statePrefix+"*"))
	if err != nil {
		return nil, err
	}
	for _, folder := range left {
		removeIfStale(folder)
	}
	folder, err := os.MkdirTemp("", statePrefix)
	if err != nil {
		return nil, err
	}
	return claim(folder)
}

// claim marks a folder as this driver's. The mark appears already locked, so
// that no other driver can take it for a stale one.
func claim(folder string) (*state, error) {
	unlocked := filepath.Join(folder, aliveFile+".new")
	alive, err := tryLock(unlocked)
	if err != nil {
		return nil, err
	}
	if alive == nil {
		return nil, fmt.Errorf("another driver works in %s", folder)
	}
	if _, err := fmt.Fprintln(alive, os.Getpid()); err != nil {
		return nil, err
	}
	if err := os.Rename(unlocked, filepath.Join(folder, aliveFile)); err != nil {
		return nil, err
	}
	return &state{folder, alive}, nil
}

// holder returns the process id of the driver that lives in a folder, or 0.
func holder(folder string) (int, error) {
	path := filepath.Join(folder, aliveFile)
	lives, err := isLocked(path)
	if errors.Is(err, fs.ErrNotExist) || err == nil && !lives {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return 0, err
	}
	return strconv.Atoi(strings.TrimSpace(string(content)))
}

// removeIfStale deletes a folder whose driver is gone. One without a mark is
// left alone: it is not ours, or too young. So is one that cannot be read: on
// a shared machine it is another user's.
func removeIfStale(folder string) {
	lives, err := isLocked(filepath.Join(folder, aliveFile))
	if err == nil && !lives {
		os.RemoveAll(folder)
	}
}

// path returns the path of a file in the folder.
func (s *state) path(name string) string {
	return filepath.Join(s.folder, name)
}

// write puts a file into the folder, for the user's eyes only.
func (s *state) write(name string, content []byte) error {
	return os.WriteFile(s.path(name), content, 0o600)
}

// remove deletes the folder and everything in it. It goes in one step, for
// another driver may want the same path as soon as the mark is gone.
func (s *state) remove() {
	defer s.alive.Close()
	gone := s.folder + ".gone"
	if err := errors.Join(os.Rename(s.folder, gone), os.RemoveAll(gone)); err != nil {
		report("%v", err)
	}
}
