#!/usr/bin/env bash
# A patch that sets one variable: kustomize moves it before those that it refers to,
# and where the name is there twice, the patch does nothing.
#
# Versions: sigs.k8s.io/kustomize/api 0.21.2 (Go; kustomize 5.8.1 and kubectl 1.36
# are built on 0.21.1), k8s.io/apimachinery 0.36.1 (Go; how the API server of 1.36
# applies what `kubectl patch` sends).
#
# Behaviour, of one strategic merge patch on one Deployment:
# - URL refers to $(HOST) and comes after it; the patch sets URL alone. `kubectl
#   patch` sets it in its place; kustomize puts it first. The kubelet then leaves
#   "$(HOST)" in the value as it stands;
# - TAX is there twice, which the API server takes (the last one holds). Patched to
#   "auto" kustomize leaves one TAX, the old "on"; the API server sets the first of
#   the two, so that "on" holds as well. Both say that the patch was applied.
#
# Expected: the API's description of a variable's value: references "are expanded
# using the previously defined environment variables in the container", so the order
# has a meaning; of a strategic merge patch on a list with a merge key, in
# Kubernetes' documentation ("Update API Objects in Place Using kubectl patch"):
# the patch is merged with the existing list. That kustomize's order changes what
# runs is kubernetes-sigs/kustomize#3157 (closed).
#
# Why it matters here: overlays are how stages differ, and this tool compares what
# they yield. Whoever compares variables by name finds the two results of the first
# patch the same; one of them connects to "tls://$(HOST)". And a flag in a variable
# that was set by a patch is on or off by which of its two places was hit.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >go.mod <<'EOF'
module merge
go 1.26
require (
	k8s.io/api v0.36.1
	k8s.io/apimachinery v0.36.1
	sigs.k8s.io/kustomize/api v0.21.2
	sigs.k8s.io/kustomize/kyaml v0.21.2
)
EOF
cat >main.go <<'EOF'
package main

import (
	"encoding/json"
	"fmt"
	"strings"

	apps "k8s.io/api/apps/v1"
	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// deployment is a Deployment of one container with these variables, NAME=VALUE.
func deployment(variables ...string) []byte {
	environment := []core.EnvVar{}
	for _, variable := range variables {
		name, value, _ := strings.Cut(variable, "=")
		environment = append(environment, core.EnvVar{Name: name, Value: value})
	}
	text, err := json.Marshal(map[string]any{
		"apiVersion": "apps/v1", "kind": "Deployment", "metadata": map[string]any{"name": "cart"},
		"spec": map[string]any{"template": map[string]any{"spec": map[string]any{
			"containers": []any{map[string]any{"name": "cart", "env": environment}}}}}})
	if err != nil {
		panic(err)
	}
	return text
}

func variables(text []byte) string {
	var object apps.Deployment
	if err := json.Unmarshal(text, &object); err != nil {
		panic(err)
	}
	var written []string
	for _, variable := range object.Spec.Template.Spec.Containers[0].Env {
		written = append(written, variable.Name+"="+variable.Value)
	}
	return strings.Join(written, " ")
}

func kubectl(base, patch []byte) []byte {
	merged, err := strategicpatch.StrategicMergePatch(base, patch, apps.Deployment{})
	if err != nil {
		panic(err)
	}
	return merged
}

func kustomize(base, patch []byte) []byte {
	files := filesys.MakeFsInMemory()
	for name, text := range map[string]string{"base.yaml": string(base), "patch.yaml": string(patch),
		"kustomization.yaml": "{resources: [base.yaml], patches: [{path: patch.yaml}]}"} {
		if err := files.WriteFile(name, []byte(text)); err != nil {
			panic(err)
		}
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(files, ".")
	if err != nil {
		panic(err)
	}
	text, err := built.Resources()[0].MarshalJSON()
	if err != nil {
		panic(err)
	}
	return text
}

func main() {
	for _, question := range [][2][]byte{
		{deployment("HOST=db", "URL=tcp://$(HOST)"), deployment("URL=tls://$(HOST)")},
		{deployment("HOST=db", "TAX=off", "TAX=on"), deployment("TAX=auto")},
	} {
		fmt.Printf("%s, patched by %s\n", variables(question[0]), variables(question[1]))
		fmt.Println("  kubectl:  ", variables(kubectl(question[0], question[1])))
		fmt.Println("  kustomize:", variables(kustomize(question[0], question[1])))
	}
}
EOF
go mod tidy
go run . >seen

diff - seen <<'EOF'
HOST=db URL=tcp://$(HOST), patched by URL=tls://$(HOST)
  kubectl:   HOST=db URL=tls://$(HOST)
  kustomize: URL=tls://$(HOST) HOST=db
HOST=db TAX=off TAX=on, patched by TAX=auto
  kubectl:   HOST=db TAX=auto TAX=on
  kustomize: TAX=on HOST=db
EOF
echo "as described"
