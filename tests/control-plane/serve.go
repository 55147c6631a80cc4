package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
)

// errClosed is how serve is meant to end.
var errClosed = errors.New("stdin was closed")

// serve provides a cluster for as long as somebody holds the other end of its
// stdin. A test process that starts it needs no clean-up: when it dies, for
// whatever reason, the pipe closes and the cluster ends.
//
// It prints NAME=VALUE lines and then an empty one, when the cluster is ready.
// From then on each line of stdin is a wish: restartWish.
func serve(stdin io.Reader, stdout io.Writer) error {
	return untilSignal(catchSignals(), func(ctx context.Context) error {
		ctx, cancel := context.WithCancelCause(ctx)
		wishes := make(chan string)
		go func() {
			for lines := bufio.NewScanner(stdin); lines.Scan(); {
				wishes <- lines.Text()
			}
			cancel(errClosed)
		}()
		err := serveUntil(ctx, stdout, wishes)
		if errors.Is(err, errClosed) {
			return nil
		}
		return err
	})
}

// restartWish has the API server killed and started again, as a node does where
// it is out of memory. When it is healthy again, a line says so.
const restartWish = "restart kube-apiserver"

func serveUntil(ctx context.Context, stdout io.Writer, wishes <-chan string) error {
	cluster, err := provide(ctx)
	if err != nil {
		return err
	}
	defer cluster.end()
	for _, v := range cluster.environment() {
		fmt.Fprintf(stdout, "%s=%s\n", v.name, v.value)
	}
	fmt.Fprintln(stdout)
	for {
		select {
		case wish := <-wishes:
			if wish != restartWish || cluster.plane == nil {
				return fmt.Errorf("%q cannot be done here", wish)
			}
			if err := cluster.plane.restartAPIServer(ctx); err != nil {
				return err
			}
			fmt.Fprintln(stdout, wish+": done")
		case component := <-cluster.broken():
			return component.failure()
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}
