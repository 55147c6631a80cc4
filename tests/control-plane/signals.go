package main

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

// interrupted is why work stopped: somebody asked for it.
type interrupted struct{ signal syscall.Signal }

func (i interrupted) Error() string {
	return fmt.Sprintf("stopped: %s", i.signal)
}

// catchSignals receives those that ask a program to end, so that the driver
// ends in order, and removes its folder.
func catchSignals() <-chan os.Signal {
	received := make(chan os.Signal, 8)
	signal.Notify(received, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP)
	return received
}

// untilSignal calls work with a context that the next signal cancels. Later
// signals, and those after work has returned, stay in the channel. A signal
// that came at any time during the work counts, so that none is lost.
func untilSignal(received <-chan os.Signal, work func(context.Context) error) error {
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	returned, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		select {
		case s := <-received:
			cancel(interrupted{s.(syscall.Signal)})
		case <-returned:
		}
	}()
	err := work(ctx)
	close(returned)
	<-watched
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}
