#!/usr/bin/env bash
# "Which Deployments are not 1.4.0?" by kubectl's JSONPath leaves out those that
# have no version; the standard's JSONPath lists them.
#
# Versions: k8s.io/client-go 0.36.1 (Go; kubectl 1.36 prints with it), beside
# json-p3 2.3.1 (npm; RFC 9535).
#
# Behaviour of kubectl's `-o jsonpath`:
# - a filter drops an item whose field is not there, whatever is asked of it:
#   `@.version!="1.4.0"` too, so that it is in neither answer;
# - one value of another type ends the whole query with an error and no output:
#   `maxUnavailable` may be 1 in one Deployment and "25%" in the next;
# - a slice that reaches beyond the end, `[0:9]`, is an error.
# Seen with kubectl 1.36.1 and three Deployments as well.
#
# Expected: RFC 9535: 2.3.5.2.2, a missing value is not equal to "1.4.0", so `!=`
# holds; an order between a text and a number does not hold, and is no error;
# 2.3.4.2.2, bounds of a slice are clamped. Kubernetes' documentation, "JSONPath
# Support", names its own additions and that regular expressions are missing,
# none of these.
#
# Why it matters here: `-o jsonpath` is promised for every command and works on
# a library of the standard. The same template then selects other services than
# kubectl's, and the list of what is still to be updated, made by kubectl, is
# short of those that say no version.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >items.json <<'EOF'
{"items": [
  {"name": "cart", "version": "1.4.0", "maxUnavailable": 1},
  {"name": "tax", "maxUnavailable": "25%"},
  {"name": "web", "version": "1.3.9", "maxUnavailable": 2}
]}
EOF
printf '%s\n' '.items[?(@.version!="1.4.0")].name' '.items[?(@.maxUnavailable>1)].name' \
    '.items[0:9].name' '.items[?(@.version=="1.4.0")].name' >paths

cat >go.mod <<'EOF'
module print
go 1.24
require (
	k8s.io/apimachinery v0.36.1
	k8s.io/client-go v0.36.1
)
EOF
cat >main.go <<'EOF'
package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"

	"k8s.io/apimachinery/pkg/util/json" // whole numbers are int64, as in kubectl's objects
	"k8s.io/client-go/util/jsonpath"
)

func main() {
	text, err := os.ReadFile("items.json")
	if err != nil {
		panic(err)
	}
	var document any
	if err := json.Unmarshal(text, &document); err != nil {
		panic(err)
	}
	for paths := bufio.NewScanner(os.Stdin); paths.Scan(); {
		// As kubectl's printer is made: fields that are not there are no error.
		template := jsonpath.New("out").AllowMissingKeys(true)
		if err := template.Parse("{" + paths.Text() + "}"); err != nil {
			panic(err)
		}
		var out bytes.Buffer
		if err := template.Execute(&out, document); err != nil {
			fmt.Println("error:", err)
			continue
		}
		fmt.Println(out.String())
	}
}
EOF
go mod tidy
npm install --silent --ignore-scripts --no-audit --no-fund json-p3@2.3.1 >npm.log
cat >query.js <<'EOF'
const { jsonpath } = require("json-p3");
const { readFileSync } = require("node:fs");
const document = JSON.parse(readFileSync("items.json", "utf8"));
for (const path of readFileSync("paths", "utf8").trim().split("\n"))
  console.log(jsonpath.query("$" + path, document).values().join(" "));
EOF

paste -d '|' paths <(go run . <paths) <(node query.js) >seen

diff - seen <<'EOF'
.items[?(@.version!="1.4.0")].name|web|tax web
.items[?(@.maxUnavailable>1)].name|error: incompatible types for comparison|web
.items[0:9].name|error: array index out of bounds: index 8, length 3|cart tax web
.items[?(@.version=="1.4.0")].name|cart|cart
EOF
echo "as described"
