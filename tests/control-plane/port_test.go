package main

import (
	"context"
	"fmt"
	"net"
	"syscall"
	"testing"
)

func TestAReservedPortIsOurs(t *testing.T) {
	port, err := reservePort()
	if err != nil {
		t.Fatal(err)
	}
	defer port.release()
	address := fmt.Sprintf("127.0.0.1:%d", port.number)
	if stranger, err := net.Listen("tcp", address); err == nil {
		stranger.Close()
		t.Fatal("a program that does not share ports got it")
	}
	// What --permit-port-sharing makes the API server do.
	sharing := net.ListenConfig{Control: func(_, _ string, socket syscall.RawConn) (err error) {
		outer := socket.Control(func(fd uintptr) {
			err = syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, soReusePort, 1)
		})
		if outer != nil {
			return outer
		}
		return err
	}}
	server, err := sharing.Listen(context.Background(), "tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	// Every connection must reach the one that listens, never the reservation.
	for range 20 {
		client, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		accepted, err := server.Accept()
		if err != nil {
			t.Fatal(err)
		}
		accepted.Close()
		client.Close()
	}
}

func TestReservationsDiffer(t *testing.T) {
	seen := map[int]bool{}
	for range 200 {
		port, err := reservePort()
		if err != nil {
			t.Fatal(err)
		}
		defer port.release()
		if seen[port.number] {
			t.Fatalf("port %d twice", port.number)
		}
		seen[port.number] = true
	}
}
