package main

import (
	"encoding/json"
	"testing"
)

func TestTheUsersOwnContextIsImpersonatedFrom(t *testing.T) {
	config, err := withTestUsers([]byte(`{
		"apiVersion": "v1", "kind": "Config", "current-context": "kind",
		"clusters": [{"name": "kind", "cluster": {"server": "https://127.0.0.1:1"}}],
		"users": [{"name": "me", "user": {"token": "mine"}}],
		"contexts": [{"name": "kind", "context": {"cluster": "kind", "user": "me", "namespace": "precious"}}]
	}`))
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		Current string `json:"current-context"`
		Users   []struct {
			Name string
			User struct{ Token, As string }
		}
		Contexts []struct {
			Name    string
			Context struct{ Cluster, User, Namespace string }
		}
	}
	if err := json.Unmarshal(config, &got); err != nil {
		t.Fatal(err)
	}
	if got.Current != "admin" || len(got.Users) != len(testUsers) || len(got.Contexts) != len(testUsers) {
		t.Fatalf("got %s", config)
	}
	for n, name := range testUsers {
		user, context := got.Users[n], got.Contexts[n]
		if user.Name != name || user.User.Token != "mine" || context.Name != name {
			t.Errorf("entry %d is %+v, %+v", n, user, context)
		}
		if want := map[bool]string{true: "", false: name}[name == "admin"]; user.User.As != want {
			t.Errorf("%s acts as %q, want %q", name, user.User.As, want)
		}
		if context.Context.Namespace != "" {
			t.Errorf("%s would work in the user's namespace %q", name, context.Context.Namespace)
		}
	}
}

func TestSeveralContextsAreRefused(t *testing.T) {
	if _, err := withTestUsers([]byte(`{"users": [], "contexts": []}`)); err == nil {
		t.Fatal("accepted")
	}
}
