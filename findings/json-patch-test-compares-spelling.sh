#!/usr/bin/env bash
# A JSON Patch `test` on a value with `&`, `<` or `>` never holds: the library
# that kube-apiserver patches with compares how texts are written, not texts.
#
# Versions: gopkg.in/evanphx/json-patch.v4 4.13.0 (Go; kube-apiserver 1.36),
# github.com/evanphx/json-patch/v5 5.9.11 (Go; controller-runtime).
#
# Behaviour of `{"op": "test", …}`, on a document that Go's encoding/json wrote,
# as an API server writes an object before it patches it (`&` becomes \u0026):
# - version 4: "a=1&b=2" is not equal to itself where the patch has a plain `&`,
#   as every other language writes it; nor is "é" to "\u00e9"; nor in a list.
#   Version 5 compares the texts themselves;
# - both: 1 and 1.0 are not equal;
# - both: a member that is not there is equal to null.
#
# A kube-apiserver 1.36.1 answers the same: 422 to the first, third and sixth.
#
# Expected: RFC 6902, section 4.6: strings are equal if their code points are;
# numbers "if their values are numerically equal". RFC 6901, section 7: a pointer
# to a value that does not exist is an error.
#
# Why it matters here: a write that is to be refused where live has moved guards
# itself by a `test` of the old value. With an environment value such as
# DB_URL=postgres://db/shop?a=1&b=2 the guard fails although nothing has moved
# (422, "the server rejected our request"), and trying again does not help; and
# "was null" lets through what was never there. Either write `&` as \u0026 in
# the guard, or guard by resourceVersion.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >go.mod <<'EOF'
module patch
go 1.24
require (
	github.com/evanphx/json-patch/v5 v5.9.11
	gopkg.in/evanphx/json-patch.v4 v4.13.0
)
EOF
cat >main.go <<'EOF'
package main

import (
	"encoding/json"
	"fmt"

	v5 "github.com/evanphx/json-patch/v5"
	v4 "gopkg.in/evanphx/json-patch.v4"
)

func main() {
	for _, question := range []struct {
		object any
		test   string
	}{
		{map[string]any{"value": "a=1&b=2"}, `{"op":"test","path":"/value","value":"a=1&b=2"}`},
		{map[string]any{"value": "a=1&b=2"}, `{"op":"test","path":"/value","value":"a=1\u0026b=2"}`},
		{map[string]any{"args": []string{"-if", "x>1"}}, `{"op":"test","path":"/args","value":["-if","x>1"]}`},
		{map[string]any{"city": "é"}, `{"op":"test","path":"/city","value":"\u00e9"}`},
		{map[string]any{"plain": "é"}, `{"op":"test","path":"/plain","value":"é"}`},
		{map[string]any{"weight": 1}, `{"op":"test","path":"/weight","value":1.0}`},
		{map[string]any{"other": 1}, `{"op":"test","path":"/absent","value":null}`},
	} {
		document, err := json.Marshal(question.object)
		if err != nil {
			panic(err)
		}
		fmt.Println(string(document), question.test, "v4", holds4(document, question.test), "v5", holds5(document, question.test))
	}
}

func holds4(document []byte, test string) bool {
	patch, err := v4.DecodePatch([]byte("[" + test + "]"))
	if err != nil {
		panic(err)
	}
	_, err = patch.Apply(document)
	return err == nil
}

func holds5(document []byte, test string) bool {
	patch, err := v5.DecodePatch([]byte("[" + test + "]"))
	if err != nil {
		panic(err)
	}
	_, err = patch.Apply(document)
	return err == nil
}
EOF
go mod tidy
go run . >seen

diff - seen <<'EOF'
{"value":"a=1\u0026b=2"} {"op":"test","path":"/value","value":"a=1&b=2"} v4 false v5 true
{"value":"a=1\u0026b=2"} {"op":"test","path":"/value","value":"a=1\u0026b=2"} v4 true v5 true
{"args":["-if","x\u003e1"]} {"op":"test","path":"/args","value":["-if","x>1"]} v4 false v5 true
{"city":"é"} {"op":"test","path":"/city","value":"\u00e9"} v4 false v5 true
{"plain":"é"} {"op":"test","path":"/plain","value":"é"} v4 true v5 true
{"weight":1} {"op":"test","path":"/weight","value":1.0} v4 false v5 false
{"other":1} {"op":"test","path":"/absent","value":null} v4 true v5 true
EOF
echo "as described"
