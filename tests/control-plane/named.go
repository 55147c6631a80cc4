package main

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
)

// useContext copies one context of the user's own kubeconfig, and nothing else
// of it, into a temporary one, so that tests can reach that cluster only.
func useContext(ctx context.Context, name string) (*cluster, error) {
	program, err := anyKubectl(ctx)
	if err != nil {
		return nil, err
	}
	view := exec.CommandContext(ctx, program, "config", "view",
		"--context", name, "--minify", "--flatten", "--raw", "--output=json")
	view.Stderr = os.Stderr
	config, err := view.Output()
	if err != nil {
		return nil, fmt.Errorf("%s=%s: kubectl config view: %w", contextVariable, name, err)
	}
	if config, err = withTestUsers(config); err != nil {
		return nil, fmt.Errorf("%s=%s: %w", contextVariable, name, err)
	}
	in, err := temporaryState()
	if err != nil {
		return nil, err
	}
	if err := in.write("kubeconfig", config); err != nil {
		in.remove()
		return nil, err
	}
	return &cluster{state: in, kubectl: program}, nil
}

// anyKubectl returns the user's kubectl, which fits their cluster, or else ours.
func anyKubectl(ctx context.Context) (string, error) {
	if program, err := exec.LookPath("kubectl"); err == nil {
		return program, nil
	}
	home, err := buildOnly(ctx, kubectl)
	return home.path(kubectl), err
}

// named is an entry of a kubeconfig's lists; the entry's kind is the other key.
type named map[string]any

// withTestUsers gives a kubeconfig of one context the contexts that a control
// plane of ours has: admin is the user themself, the others are impersonated.
func withTestUsers(config []byte) ([]byte, error) {
	var document map[string]any
	var lists struct {
		Users []struct {
			User map[string]any
		}
		Contexts []struct {
			Context map[string]any
		}
	}
	if err := json.Unmarshal(config, &document); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(config, &lists); err != nil {
		return nil, err
	}
	if len(lists.Users) != 1 || len(lists.Contexts) != 1 {
		return nil, fmt.Errorf("expected one context and its user")
	}
	var users, contexts []named
	for n, name := range testUsers {
		user := maps.Clone(lists.Users[0].User)
		if n > 0 {
			user["as"] = name
		}
		context := maps.Clone(lists.Contexts[0].Context)
		context["user"] = name
		delete(context, "namespace")
		users = append(users, named{"name": name, "user": user})
		contexts = append(contexts, named{"name": name, "context": context})
	}
	document["users"], document["contexts"] = users, contexts
	document["current-context"] = testUsers[0]
	return json.MarshalIndent(document, "", "  ")
}
