package main

import (
	"bytes"
	"crypto/rand"
	"fmt"
)

// user is someone the API server knows by a token.
type user struct {
	name string
	// group is empty for a user without any rights.
	group string
	token string
}

const administrators = "system:masters"

// Users of tests. All but admin can do nothing until a test binds them to a role.
var testUsers = []string{"admin", "reader", "developer", "promoter", "nobody"}

// newUsers returns the users of tests, admin first, each with a fresh token.
func newUsers() []user {
	users := make([]user, len(testUsers))
	for n, name := range testUsers {
		users[n] = user{name: name, token: rand.Text()}
	}
	users[0].group = administrators
	return users
}

// newComponentUser returns the one that the control plane's own parts act as.
func newComponentUser() user {
	return user{"control-plane", administrators, rand.Text()}
}

// tokenFile renders users for --token-auth-file.
func tokenFile(users []user) []byte {
	var file bytes.Buffer
	for _, u := range users {
		fmt.Fprintf(&file, "%s,%s,%s,%q\n", u.token, u.name, u.name, u.group)
	}
	return file.Bytes()
}
