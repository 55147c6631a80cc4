#!/usr/bin/env bash
# Two manifests put one after the other, the first ending in `...`: kubectl and
# kustomize read the first and say nothing of the second.
#
# Versions: k8s.io/apimachinery 0.36.1 (Go; what kubectl 1.36 reads files with),
# sigs.k8s.io/kustomize/api 0.21.2 (Go; kubectl 1.36 is built on 0.21.1), beside
# ruamel.yaml 0.19.1 and PyYAML 6.0.4 (PyPI), yaml 2.9.1 and js-yaml 5.5.0 (npm).
#
# Behaviour: `...` ends a document. What follows without `---` is the next one to
# ruamel.yaml, yaml and js-yaml; PyYAML says that it expects `---`. kubectl and
# kustomize take a file apart at its lines `---` and read of each piece the first
# document alone: the second manifest is gone, without a warning, and the exit code
# is 0. With `---` after the `...` all read both. (`kubectl label --local -f` of
# kubectl 1.32.4, too, names the first only.)
#
# Expected: YAML 1.2.2, 9.1.3, "Bare Documents", and its example 9.3: documents that
# follow one another by `...` alone. Kubernetes' documentation, "Organizing resource
# configurations": "in the same file (separated by --- in YAML)"; of a file
# with another separator it says nothing.
#
# Why it matters here: files that end in `...` are usual where Ansible or yamllint's
# document-end rule is, and `cat *.yaml | kubectl apply -f -` then applies one of
# them. A tool that reads by a library of YAML 1.2 compares two services with what
# runs, and finds one that was "never deployed", though it is in the file applied.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

# manifest NAME: a file of one ConfigMap, with its end marked.
manifest() {
    printf 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: %s}\n...\n' "$1"
}
{ manifest cart; manifest tax; } >ends.yaml
{ manifest cart; echo ---; manifest tax; } >ends-and-begins.yaml

cat >go.mod <<'EOF'
module read
go 1.26
require (
	k8s.io/apimachinery v0.36.1
	sigs.k8s.io/kustomize/api v0.21.2
	sigs.k8s.io/kustomize/kyaml v0.21.2
)
EOF
cat >main.go <<'EOF'
package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func kubectl(text []byte) (names []string) {
	for documents := yaml.NewYAMLOrJSONDecoder(bytes.NewReader(text), 4096); ; {
		var object unstructured.Unstructured
		if err := documents.Decode(&object.Object); errors.Is(err, io.EOF) {
			return names
		} else if err != nil {
			panic(err)
		}
		names = append(names, object.GetName())
	}
}

func kustomize(text []byte) (names []string) {
	files := filesys.MakeFsInMemory()
	for file, text := range map[string][]byte{"in.yaml": text, "kustomization.yaml": []byte("resources: [in.yaml]")} {
		if err := files.WriteFile(file, text); err != nil {
			panic(err)
		}
	}
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(files, ".")
	if err != nil {
		panic(err)
	}
	for _, object := range built.Resources() {
		names = append(names, object.GetName())
	}
	return names
}

func main() {
	file := os.Args[1]
	text, err := os.ReadFile(file)
	if err != nil {
		panic(err)
	}
	fmt.Println(file, "kubectl", kubectl(text))
	fmt.Println(file, "kustomize", kustomize(text))
}
EOF
go mod tidy
go build -o read-go .

python3 -m venv venv
venv/bin/pip install -q ruamel.yaml==0.19.1 PyYAML==6.0.4
npm install --silent --ignore-scripts --no-audit --no-fund yaml@2.9.1 js-yaml@5.5.0 >npm.log
cat >read.py <<'EOF'
import sys, ruamel.yaml, yaml
file = sys.argv[1]
for name, read in ("ruamel.yaml", ruamel.yaml.YAML(typ="safe").load_all), ("PyYAML", yaml.safe_load_all):
    try:
        print(file, name, "[" + " ".join(document["metadata"]["name"] for document in read(open(file))) + "]")
    except yaml.YAMLError as error:
        print(file, name, error.problem)
EOF
cat >read.js <<'EOF'
const { readFileSync } = require("node:fs");
const file = process.argv[2];
const text = readFileSync(file, "utf8");
const names = (documents) => `[${documents.map(({ metadata }) => metadata.name).join(" ")}]`;
console.log(file, "yaml", names(require("yaml").parseAllDocuments(text).map((document) => document.toJS())));
console.log(file, "js-yaml", names(require("js-yaml").loadAll(text)));
EOF

for file in ends-and-begins.yaml ends.yaml; do
    ./read-go "$file"
    venv/bin/python read.py "$file"
    node read.js "$file"
done >seen

diff - seen <<'EOF'
ends-and-begins.yaml kubectl [cart tax]
ends-and-begins.yaml kustomize [cart tax]
ends-and-begins.yaml ruamel.yaml [cart tax]
ends-and-begins.yaml PyYAML [cart tax]
ends-and-begins.yaml yaml [cart tax]
ends-and-begins.yaml js-yaml [cart tax]
ends.yaml kubectl [cart]
ends.yaml kustomize [cart]
ends.yaml ruamel.yaml [cart tax]
ends.yaml PyYAML expected '<document start>', but found '<block mapping start>'
ends.yaml yaml [cart tax]
ends.yaml js-yaml [cart tax]
EOF
echo "as described"
