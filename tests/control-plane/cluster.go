package main

import (
	"context"
	"fmt"
	"os"
	"strings"
)

// Variables that the driver reads or sets.
const (
	// contextVariable names a context of the user's own to test on.
	contextVariable = "KUBECTL_SNAPSHOT_TEST_CONTEXT"
	// clusterVariable tells tests that there is a cluster, and where its files lie.
	clusterVariable = "KUBECTL_SNAPSHOT_TEST_CLUSTER"
)

// cluster is what a command under test gets: a control plane of its own, or
// the cluster that the user named.
type cluster struct {
	state   *state
	kubectl string
	// bin is the folder that goes first on PATH, if any.
	bin string
	// plane is nil for the user's cluster.
	plane *controlPlane
}

// provide makes the cluster that the environment asks for.
func provide(ctx context.Context) (*cluster, error) {
	if name := os.Getenv(contextVariable); name != "" {
		return useContext(ctx, name)
	}
	home, err := build(ctx)
	if err != nil {
		return nil, err
	}
	in, err := temporaryState()
	if err != nil {
		return nil, err
	}
	plane, err := startControlPlane(ctx, home, in)
	if err != nil {
		in.remove()
		return nil, err
	}
	return &cluster{in, home.path(kubectl), home.bin(), plane}, nil
}

// variable is one of a command's environment.
type variable struct{ name, value string }

// environment replaces whatever the caller's own environment says, KUBECONFIG
// above all.
func (c *cluster) environment() []variable {
	path := os.Getenv("PATH")
	if c.bin != "" {
		path = strings.Join([]string{c.bin, path}, string(os.PathListSeparator))
	}
	return []variable{
		{"KUBECONFIG", c.state.path("kubeconfig")},
		{"KUBECTL", c.kubectl},
		{"PATH", path},
		{clusterVariable, c.state.folder},
	}
}

// broken receives a component that ended by itself. Nothing comes from the
// user's own cluster.
func (c *cluster) broken() <-chan *component {
	if c.plane == nil {
		return nil
	}
	return c.plane.broken
}

// end leaves nothing of it.
func (c *cluster) end() {
	if c.plane != nil {
		c.plane.stop()
	}
	c.state.remove()
}

// shellQuote makes one word of a POSIX shell.
func shellQuote(word string) string {
	return fmt.Sprintf("'%s'", strings.ReplaceAll(word, "'", `'\''`))
}
