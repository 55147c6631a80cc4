package main

import (
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
func serve(stdin io.Reader, stdout io.Writer) error {
	return untilSignal(catchSignals(), func(ctx context.Context) error {
		ctx, cancel := context.WithCancelCause(ctx)
		go func() {
			io.Copy(io.Discard, stdin)
			cancel(errClosed)
		}()
		err := serveUntil(ctx, stdout)
		if errors.Is(err, errClosed) {
			return nil
		}
		return err
	})
}

func serveUntil(ctx context.Context, stdout io.Writer) error {
	cluster, err := provide(ctx)
	if err != nil {
		return err
	}
	defer cluster.end()
	for _, v := range cluster.environment() {
		fmt.Fprintf(stdout, "%s=%s\n", v.name, v.value)
	}
	fmt.Fprintln(stdout)
	select {
	case component := <-cluster.broken():
		return component.failure()
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}
