package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"time"
)

// startTimeout is generous: a start takes two seconds where the machine is idle.
const startTimeout = 90 * time.Second

// controlPlane is a running one.
type controlPlane struct {
	home       installation
	state      *state
	port       *reservedPort
	api        *api
	components []*component
	// broken receives the first component that ended by itself.
	broken chan *component
	// late fires once, when starting has taken too long.
	late <-chan time.Time
}

// startControlPlane returns once pods can be scheduled. On failure nothing of
// it is left.
func startControlPlane(ctx context.Context, home installation, in *state) (*controlPlane, error) {
	port, err := reservePort()
	if err != nil {
		return nil, err
	}
	plane := &controlPlane{
		home:   home,
		state:  in,
		port:   port,
		broken: make(chan *component, 1),
		late:   time.After(startTimeout),
	}
	if err := plane.startAll(ctx); err != nil {
		plane.stop()
		return nil, err
	}
	return plane, nil
}

// startAll starts the components in the order in which they need each other.
func (p *controlPlane) startAll(ctx context.Context) error {
	component := newComponentUser()
	certificate, err := newCertificate()
	if err != nil {
		return err
	}
	if err := p.writeConfiguration(certificate, newUsers(), component); err != nil {
		return err
	}
	if err := p.start(etcd, etcdFlags()); err != nil {
		return err
	}
	if err := p.waitUntil(ctx, "etcd listens", func(context.Context) error {
		_, err := os.Stat(p.state.path(etcdSocket))
		return err
	}); err != nil {
		return err
	}
	if err := p.start(apiServer, apiServerFlags(p.port.number)); err != nil {
		return err
	}
	p.api = newAPI(p.server(), certificate.authority, component.token)
	if err := p.waitUntil(ctx, "kube-apiserver is healthy", p.api.healthy); err != nil {
		return err
	}
	return p.startControllers(ctx, p.api)
}

// writeConfiguration puts the files that flags.go names into the state folder.
func (p *controlPlane) writeConfiguration(c *certificate, users []user, component user) error {
	key, err := newKey()
	if err != nil {
		return err
	}
	serviceAccounts, err := encodeKey(key)
	if err != nil {
		return err
	}
	return errors.Join(
		p.state.write("apiserver.crt", c.chain),
		p.state.write("apiserver.key", c.key),
		p.state.write("service-accounts.key", serviceAccounts),
		p.state.write("tokens.csv", tokenFile(append(users, component))),
		p.state.write("audit.yaml", auditPolicy),
		p.state.write("stages.yaml", stagesConfig),
		p.state.write("kubeconfig", kubeconfig(p.server(), c.authority, users)),
		p.state.write("components.kubeconfig", kubeconfig(p.server(), c.authority, []user{component})),
	)
}

// startControllers starts what works on objects, and adds the node. Started any
// earlier, they meet an API server that is not ready, and wait a second or more
// before they try again.
func (p *controlPlane) startControllers(ctx context.Context, api *api) error {
	if err := api.create(ctx, "/api/v1/nodes", nodeManifest); err != nil {
		return err
	}
	if err := errors.Join(
		p.start(kwok, kwokFlags()),
		p.start(controllerManager, controllerManagerFlags()),
		p.start(scheduler, schedulerFlags()),
	); err != nil {
		return err
	}
	return p.waitUntil(ctx, "the node is ready", api.nodeSchedulable)
}

func (p *controlPlane) start(t tool, flags []string) error {
	c, err := startComponent(p.home, p.state, t, flags)
	if err != nil {
		return err
	}
	p.components = append(p.components, c)
	go func() {
		<-c.ended
		if c.replaced.Load() {
			return
		}
		select {
		case p.broken <- c:
		default: // only the first is the cause; the others follow from it
		}
	}()
	return nil
}

// restartAPIServer kills the API server, and starts another on its port and its data.
func (p *controlPlane) restartAPIServer(ctx context.Context) error {
	at := slices.IndexFunc(p.components, func(c *component) bool { return c.name == apiServer.name })
	p.components[at].replaced.Store(true)
	p.components[at].end()
	p.components = slices.Delete(p.components, at, at+1)
	p.late = time.After(startTimeout)
	if err := p.start(apiServer, apiServerFlags(p.port.number)); err != nil {
		return err
	}
	return p.waitUntil(ctx, "kube-apiserver is healthy again", p.api.healthy)
}

// waitUntil polls a check until it passes, a component ends, or time is up.
func (p *controlPlane) waitUntil(ctx context.Context, what string, check func(context.Context) error) error {
	for {
		failure := check(ctx)
		if failure == nil {
			return nil
		}
		select {
		case c := <-p.broken:
			return c.failure()
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-p.late:
			last := p.components[len(p.components)-1]
			return fmt.Errorf("after %s still waiting until %s: %w; the log of %s ends with:\n%s",
				startTimeout, what, failure, last.name, lastLines(last.log, 15))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (p *controlPlane) server() string {
	return fmt.Sprintf("https://127.0.0.1:%d", p.port.number)
}

// stop ends every component by its own process id, those first that would
// complain about the absence of others.
func (p *controlPlane) stop() {
	for _, c := range slices.Backward(p.components) {
		c.end()
	}
	p.port.release()
}
