//go:build !linux

package main

import (
	"os/exec"
	"syscall"
)

const soReusePort = syscall.SO_REUSEPORT

// startTied starts a process. Only Linux can tie its life to the driver's: here
// a driver that dies of SIGKILL leaves its processes behind.
func startTied(command *exec.Cmd, _ syscall.Signal) error {
	return command.Start()
}
