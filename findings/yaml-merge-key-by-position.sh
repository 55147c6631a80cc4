#!/usr/bin/env bash
# `kubectl apply -f` and `kubectl apply -k` read one manifest in two ways: what
# a merge key `<<` yields depends on whether it stands first or last.
#
# Versions: sigs.k8s.io/yaml 1.6.0 (Go; what kubectl 1.36 and Helm read with),
# go.yaml.in/yaml/v3 3.0.6 (Go; kustomize reads with its 3.0.5), js-yaml 4.3.0 and
# 5.5.0, yaml 2.9.1 (npm), PyYAML 6.0.4 (PyPI), serde-saphyr 2.2.0 (crates.io,
# seen, not run here: as PyYAML).
#
# Behaviour: a mapping has the key TAX_CALL of its own and merges defaults that
# have it too. With `<<` first all agree: its own value. With `<<` last
# sigs.k8s.io/yaml lets the defaults overwrite it: TAX_CALL is off. js-yaml 5
# does not merge at all any more and leaves a key named `<<`, which js-yaml 4
# did not; yaml (npm) does so too unless it is asked to merge.
#
# kubectl 1.36.1: TAX_CALL is off after `apply -f`, on after `apply -k`.
#
# Expected: yaml.org/type/merge.html: each pair "is inserted into the current
# mapping, unless the key already exists in it". The order of keys in a mapping
# says nothing (YAML 1.2.2, 3.2.1.1).
#
# Why it matters here: this tool compares manifests with what runs. A file that
# says "on" to every reader but kubectl runs as "off", and no second look at
# the file shows why. Who sorts the keys of a file changes what is deployed.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >own-first.yaml <<'EOF'
defaults: &defaults {TAX_CALL: "off", LEVEL: info}
cart:
  TAX_CALL: "on"
  <<: *defaults
EOF
cat >merge-first.yaml <<'EOF'
defaults: &defaults {TAX_CALL: "off", LEVEL: info}
cart:
  <<: *defaults
  TAX_CALL: "on"
EOF

cat >go.mod <<'EOF'
module read
go 1.24
require (
	go.yaml.in/yaml/v3 v3.0.6
	sigs.k8s.io/yaml v1.6.0
)
EOF
cat >main.go <<'EOF'
package main

import (
	"encoding/json"
	"fmt"
	"os"

	kustomize "go.yaml.in/yaml/v3"
	kubectl "sigs.k8s.io/yaml"
)

func main() {
	file := os.Args[1]
	text, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	for _, reader := range []struct {
		name string
		read func([]byte, any) error
	}{
		{"sigs.k8s.io/yaml", func(text []byte, into any) error { return kubectl.Unmarshal(text, into) }},
		{"go.yaml.in/yaml/v3", kustomize.Unmarshal},
	} {
		var document map[string]map[string]any
		if err := reader.read(text, &document); err != nil {
			panic(err)
		}
		cart, err := json.Marshal(document["cart"])
		if err != nil {
			panic(err)
		}
		fmt.Println(file, reader.name, string(cart))
	}
}
EOF
go mod tidy
go build -o read-go .

python3 -m venv venv
venv/bin/pip install -q PyYAML==6.0.4
npm install --silent --ignore-scripts --no-audit --no-fund \
    yaml@2.9.1 js-yaml-4@npm:js-yaml@4.3.0 js-yaml-5@npm:js-yaml@5.5.0 >npm.log
cat >read.js <<'EOF'
const { readFileSync } = require("node:fs");
const yaml = require("yaml");
const file = process.argv[2];
const text = readFileSync(file, "utf8");
const sorted = (map) => JSON.stringify(Object.fromEntries(Object.entries(map).sort()));
console.log(file, "js-yaml-4", sorted(require("js-yaml-4").load(text).cart));
console.log(file, "js-yaml-5", sorted(require("js-yaml-5").load(text).cart));
console.log(file, "yaml", sorted(yaml.parse(text).cart));
console.log(file, "yaml, merge: true", sorted(yaml.parse(text, { merge: true }).cart));
EOF
cat >read.py <<'EOF'
import json, sys, yaml
file = sys.argv[1]
cart = yaml.safe_load(open(file))["cart"]
print(file, "PyYAML", json.dumps(cart, sort_keys=True, separators=(",", ":")))
EOF

for file in merge-first.yaml own-first.yaml; do
    ./read-go "$file"
    venv/bin/python read.py "$file"
    node read.js "$file"
done >seen

diff - seen <<'EOF'
merge-first.yaml sigs.k8s.io/yaml {"LEVEL":"info","TAX_CALL":"on"}
merge-first.yaml go.yaml.in/yaml/v3 {"LEVEL":"info","TAX_CALL":"on"}
merge-first.yaml PyYAML {"LEVEL":"info","TAX_CALL":"on"}
merge-first.yaml js-yaml-4 {"LEVEL":"info","TAX_CALL":"on"}
merge-first.yaml js-yaml-5 {"<<":{"TAX_CALL":"off","LEVEL":"info"},"TAX_CALL":"on"}
merge-first.yaml yaml {"<<":{"TAX_CALL":"off","LEVEL":"info"},"TAX_CALL":"on"}
merge-first.yaml yaml, merge: true {"LEVEL":"info","TAX_CALL":"on"}
own-first.yaml sigs.k8s.io/yaml {"LEVEL":"info","TAX_CALL":"off"}
own-first.yaml go.yaml.in/yaml/v3 {"LEVEL":"info","TAX_CALL":"on"}
own-first.yaml PyYAML {"LEVEL":"info","TAX_CALL":"on"}
own-first.yaml js-yaml-4 {"LEVEL":"info","TAX_CALL":"on"}
own-first.yaml js-yaml-5 {"<<":{"TAX_CALL":"off","LEVEL":"info"},"TAX_CALL":"on"}
own-first.yaml yaml {"<<":{"TAX_CALL":"off","LEVEL":"info"},"TAX_CALL":"on"}
own-first.yaml yaml, merge: true {"LEVEL":"info","TAX_CALL":"on"}
EOF
echo "as described"
