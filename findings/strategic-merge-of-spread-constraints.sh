#!/usr/bin/env bash
# Two topology spread constraints of one key: `kubectl apply` that takes one out
# takes both, one that adds a second adds none, one that changes the second
# changes the first.
#
# Versions: k8s.io/apimachinery and k8s.io/api 0.36.1 (Go; kubectl 1.36 makes
# the patch with the first by the tags of the second, the API server applies it
# likewise).
#
# Behaviour: a strategic merge patch knows the elements of
# topologySpreadConstraints by topologyKey alone. An object may have two of one
# topologyKey, one DoNotSchedule and one ScheduleAnyway ("at most 5 apart,
# rather 1"). The three-way patch that `kubectl apply` makes then hits the wrong
# one, or both. kubectl 1.36.1 with its API server: the same three answers, and
# "configured".
#
# Expected: the API's type has both as its keys (`+listMapKey=topologyKey`,
# `+listMapKey=whenUnsatisfiable`: validation and server-side apply go by them),
# beside `patchMergeKey=topologyKey`. kubectl's documentation, "Declarative
# Management": after `kubectl apply`, fields that were taken out of the file are
# gone and what is in the file is set.
#
# Why it matters here: what a team applies afterwards, by the usual command and
# from the very manifest that a set was captured from, is not what the set
# holds: the next comparison tells of a drift that nobody made. A tool that
# compares lists by key needs both keys here, and must not use the patch.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >go.mod <<'EOF'
module apply
go 1.24
require (
	k8s.io/api v0.36.1
	k8s.io/apimachinery v0.36.1
)
EOF
cat >main.go <<'EOF'
package main

import (
	"encoding/json"
	"fmt"
	"strings"

	core "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
)

const (
	hard   = `{"maxSkew":5,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule"}`
	soft   = `{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"ScheduleAnyway"}`
	softer = `{"maxSkew":2,"topologyKey":"zone","whenUnsatisfiable":"ScheduleAnyway"}`
)

func template(constraints ...string) []byte {
	return []byte(`{"spec":{"topologySpreadConstraints":[` + strings.Join(constraints, ",") + `]}}`)
}

// apply is what `kubectl apply` of `wanted` leaves, after one of `before`.
func apply(before, wanted []byte) string {
	meta, err := strategicpatch.NewPatchMetaFromStruct(core.PodTemplateSpec{})
	if err != nil {
		panic(err)
	}
	patch, err := strategicpatch.CreateThreeWayMergePatch(before, wanted, before, meta, true)
	if err != nil {
		panic(err)
	}
	after, err := strategicpatch.StrategicMergePatch(before, patch, core.PodTemplateSpec{})
	if err != nil {
		panic(err)
	}
	var left struct {
		Spec struct {
			TopologySpreadConstraints json.RawMessage `json:"topologySpreadConstraints"`
		} `json:"spec"`
	}
	if err := json.Unmarshal(after, &left); err != nil {
		panic(err)
	}
	return string(left.Spec.TopologySpreadConstraints)
}

func main() {
	fmt.Println("second out:    ", apply(template(hard, soft), template(hard)))
	fmt.Println("second added:  ", apply(template(hard), template(hard, soft)))
	fmt.Println("second changed:", apply(template(hard, soft), template(hard, softer)))
}
EOF
go mod tidy
go run . >seen

diff - seen <<'EOF'
second out:     []
second added:   [{"maxSkew":5,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule"}]
second changed: [{"maxSkew":2,"topologyKey":"zone","whenUnsatisfiable":"DoNotSchedule"},{"maxSkew":1,"topologyKey":"zone","whenUnsatisfiable":"ScheduleAnyway"}]
EOF
echo "as described"
