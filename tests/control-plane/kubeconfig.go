package main

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// kubeconfig renders one cluster and a context for each user; the first user's
// is current. The certificate is inside, so that the file can be copied.
func kubeconfig(server string, authority []byte, users []user) []byte {
	var file strings.Builder
	fmt.Fprintf(&file, `apiVersion: v1
kind: Config
clusters:
- name: control-plane
  cluster:
    server: %s
    certificate-authority-data: %s
users:
`, server, base64.StdEncoding.EncodeToString(authority))
	for _, u := range users {
		fmt.Fprintf(&file, "- {name: %s, user: {token: %s}}\n", u.name, u.token)
	}
	file.WriteString("contexts:\n")
	for _, u := range users {
		fmt.Fprintf(&file, "- {name: %s, context: {cluster: control-plane, user: %[1]s}}\n", u.name)
	}
	fmt.Fprintf(&file, "current-context: %s\n", users[0].name)
	return []byte(file.String())
}
