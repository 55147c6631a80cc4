package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"syscall"
	"time"
)

// A lock is an open file with flock's advisory lock on it. The kernel drops it
// when its holder closes the file or dies in any way, so that whether it is
// held is the one reliable test of whether the holder lives.

// tryLock returns nil and no error where another process holds the lock.
func tryLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
	if err == nil {
		return file, nil
	}
	file.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, nil
	}
	return nil, fmt.Errorf("locking %s: %w", path, err)
}

// isLocked looks without taking the lock: a shared lock conflicts with its
// holder's, and not with that of another who looks.
func isLocked(path string) (bool, error) {
	file, err := os.Open(path)
	if err != nil {
		return false, err
	}
	defer file.Close()
	err = syscall.Flock(int(file.Fd()), syscall.LOCK_SH|syscall.LOCK_NB)
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return true, nil
	}
	return false, err
}

// waitForLock waits for as long as another process holds the lock, and says so once.
func waitForLock(ctx context.Context, path string, waiting func()) (*os.File, error) {
	for announce := waiting; ; announce = func() {} {
		if file, err := tryLock(path); file != nil || err != nil {
			return file, err
		}
		announce()
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(100 * time.Millisecond):
		}
	}
}
