package main

import (
	"fmt"
	"os"
	"syscall"
)

// reservedPort is a loopback port that the kernel picked and that stays taken
// until it is released, so that two drivers never end up with the same one.
//
// Picking a free port, closing it and hoping is a race. Instead the socket is
// bound, and never listens, with SO_REUSEPORT; the API server binds the same
// port with the same option (--permit-port-sharing), which the kernel permits
// to the same user only. A bind to "any free port" passes over it.
type reservedPort struct {
	number int
	socket int
}

func reservePort() (*reservedPort, error) {
	// The lock keeps a child that starts right now from inheriting the socket.
	syscall.ForkLock.RLock()
	socket, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_STREAM, 0)
	if err == nil {
		syscall.CloseOnExec(socket)
	}
	syscall.ForkLock.RUnlock()
	if err != nil {
		return nil, os.NewSyscallError("socket", err)
	}
	port := &reservedPort{socket: socket}
	if port.number, err = bindLoopback(socket); err != nil {
		port.release()
		return nil, fmt.Errorf("no free port on 127.0.0.1: %w", err)
	}
	return port, nil
}

func bindLoopback(socket int) (int, error) {
	if err := syscall.SetsockoptInt(socket, syscall.SOL_SOCKET, soReusePort, 1); err != nil {
		return 0, os.NewSyscallError("setsockopt", err)
	}
	loopback := &syscall.SockaddrInet4{Addr: [4]byte{127, 0, 0, 1}}
	if err := syscall.Bind(socket, loopback); err != nil {
		return 0, os.NewSyscallError("bind", err)
	}
	address, err := syscall.Getsockname(socket)
	if err != nil {
		return 0, os.NewSyscallError("getsockname", err)
	}
	return address.(*syscall.SockaddrInet4).Port, nil
}

func (p *reservedPort) release() {
	syscall.Close(p.socket)
}
