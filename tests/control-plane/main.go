// Command control-plane gives tests a real Kubernetes control plane on this
// machine, without containers: kube-apiserver, kube-controller-manager,
// kube-scheduler and etcd, with kwok in the place of kubelets.
//
// It is private: it listens on one loopback port and a Unix socket, its state
// is a folder of its own, its tokens are random, and it ends with its driver,
// however the driver ends. No cluster that the user did not name is touched.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
)

const usage = `Usage: control-plane COMMAND

  build             build what is missing of the six programs, into the user's cache
  exec -- CMD ARG…  run CMD with a fresh control plane, end it with CMD, exit with CMD's code
  serve             start one, print its environment, end it when stdin closes
  up                start the one for work by hand; eval what it prints
  down              end the one for work by hand
  status            say whether the one for work by hand is up

exec gives CMD these variables:
  KUBECONFIG                      contexts: admin (current), reader, developer, promoter, nobody
  KUBECTL                         the kubectl that was built, first on PATH too
  KUBECTL_SNAPSHOT_TEST_CLUSTER   the folder of logs, and of audit.log: what was asked of the API

With KUBECTL_SNAPSHOT_TEST_CONTEXT=NAME, exec and serve start nothing: they use
that context of your own kubeconfig, and that one alone.
`

// Exit codes of the driver itself, as env, nohup and timeout have them. CMD's
// own code passes through.
const (
	exitFailed   = 125
	exitNotFound = 127
	exitSignal   = 128
)

func main() {
	os.Exit(run(os.Args[1:], os.Stdout))
}

// run dispatches to one command and is the only place where errors print.
func run(args []string, stdout io.Writer) int {
	code, err := dispatch(args, stdout)
	if err == nil {
		return code
	}
	report("%v", err)
	if interruption, ok := errors.AsType[interrupted](err); ok {
		return exitSignal + int(interruption.signal)
	}
	return exitFailed
}

func dispatch(args []string, stdout io.Writer) (int, error) {
	if len(args) == 0 {
		fmt.Fprint(os.Stderr, usage)
		return exitFailed, nil
	}
	command, rest := args[0], args[1:]
	if command != "exec" && len(rest) > 0 {
		return 0, fmt.Errorf("%s takes no arguments, got %q", command, rest)
	}
	switch command {
	case "build":
		return 0, untilSignal(catchSignals(), func(ctx context.Context) error {
			_, err := build(ctx)
			return err
		})
	case "exec":
		return execute(rest)
	case "serve":
		return 0, serve(os.Stdin, stdout)
	case "up":
		return 0, untilSignal(catchSignals(), func(ctx context.Context) error { return up(ctx, stdout) })
	case "down":
		return 0, untilSignal(catchSignals(), down)
	case "status":
		return status(stdout)
	case supervise:
		return 0, superviseByHand(stdout)
	case "help", "-h", "--help":
		fmt.Fprint(stdout, usage)
		return 0, nil
	default:
		return 0, fmt.Errorf("no command %q; control-plane help lists them", command)
	}
}

// report tells the person who started the driver; stdout belongs to answers.
func report(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "control-plane: "+format+"\n", args...)
}
