#!/usr/bin/env bash
# flagd: a flag for half of the users is on for one half in Python and for
# another half in Node and in flagd itself.
#
# Versions: openfeature-flagd-core 2.0.0 (PyPI; openfeature-provider-flagd 0.6.1
# needs it), @openfeature/flagd-core 4.0.1 (npm; @openfeature/flagd-provider
# 0.16.1), github.com/open-feature/flagd/core 0.17.0 (Go; flagd itself). The
# newest in PyPI and npm on 2026-11-29.
#
# Behaviour of `fractional`, for eight users (a or b: the variant, -: the default):
# - shared out by targetingKey, or by an e-mail address: Python hashes a CBOR
#   encoding of what it is shared out by, since 2.0.0; Node and Go hash the text.
#   Half of the users get another variant;
# - by a number (an id): shared out in Python, the default for everybody in Node
#   and Go;
# - by a field that is not there: the default in Python and Node, shared out by
#   targetingKey in Go;
# - weights 50.0 in place of 50: the default for everybody in Python.
#
# Expected: flagd's documentation, "Fractional Operation": the same value always
# returns the same variant, and where the first member is left out, "a
# concatenation of the targetingKey and the flagKey will be used". That CBOR is to
# come, in all languages at once, "or users get bucketed differently in different
# apps", is said in open-feature/java-sdk-contrib#1831; flagd#2011 is its part in
# Go, not in 0.17.0. To JSON Schema, and so to flagd's, 50.0 is a whole number:
# Node, asked in its strict mode, finds all five rules right.
#
# Why it matters here: a set with a flag at 50 % was tested as a whole. In
# production a user's request passes from a Node service, where the flag is on,
# to a Python one, where it is off. The digest of the definitions is the same, and
# each service for itself is right. An upgrade of a library shares all anew.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q openfeature-flagd-core==2.0.0 openfeature-sdk==0.10.0
npm install --silent --ignore-scripts --no-audit --no-fund \
    @openfeature/flagd-core@4.0.1 @openfeature/core@1.12.0 >npm.log

cat >definitions.json <<'EOF'
{"flags": {
  "key": {"state": "ENABLED", "defaultVariant": "-", "variants": {"a": "a", "b": "b", "-": "-"},
    "targeting": {"fractional": [["a", 50], ["b", 50]]}},
  "email": {"state": "ENABLED", "defaultVariant": "-", "variants": {"a": "a", "b": "b", "-": "-"},
    "targeting": {"fractional": [{"var": "email"}, ["a", 50], ["b", 50]]}},
  "number": {"state": "ENABLED", "defaultVariant": "-", "variants": {"a": "a", "b": "b", "-": "-"},
    "targeting": {"fractional": [{"var": "number"}, ["a", 50], ["b", 50]]}},
  "missing": {"state": "ENABLED", "defaultVariant": "-", "variants": {"a": "a", "b": "b", "-": "-"},
    "targeting": {"fractional": [{"var": "missing"}, ["a", 50], ["b", 50]]}},
  "weights": {"state": "ENABLED", "defaultVariant": "-", "variants": {"a": "a", "b": "b", "-": "-"},
    "targeting": {"fractional": [["a", 50.0], ["b", 50.0]]}}
}}
EOF

cat >ask.py <<'EOF'
from openfeature.contrib.tools.flagd.core import FlagdCore
from openfeature.evaluation_context import EvaluationContext
core = FlagdCore()
core.set_flags(open("definitions.json").read())
for flag in ("key", "email", "number", "missing", "weights"):
    users = (EvaluationContext(f"user-{user}", {"email": f"user-{user}@example.com", "number": user}) for user in range(8))
    print("".join(core.resolve_string_value(flag, "?", user).value for user in users))
EOF
cat >ask.js <<'EOF'
const { FlagdCore, MemoryStorage } = require("@openfeature/flagd-core");
const { readFileSync } = require("node:fs");
const quiet = { error() {}, warn() {}, info() {}, debug() {} };
const storage = new MemoryStorage(quiet);
storage.setConfigurations(readFileSync("definitions.json", "utf8"), true); // strict: throws where the schema is not met
const core = new FlagdCore(storage, quiet);
for (const flag of ["key", "email", "number", "missing", "weights"]) {
  const users = Array.from({ length: 8 }, (_, user) =>
    ({ targetingKey: `user-${user}`, email: `user-${user}@example.com`, number: user }));
  console.log(users.map((user) => core.resolveStringEvaluation(flag, "?", user, quiet).value).join(""));
}
EOF
cat >go.mod <<'EOF'
module ask
go 1.26
require github.com/open-feature/flagd/core v0.17.0
EOF
cat >main.go <<'EOF'
package main

import (
	"context"
	"fmt"
	"os"

	"github.com/open-feature/flagd/core/pkg/evaluator"
	"github.com/open-feature/flagd/core/pkg/logger"
	"github.com/open-feature/flagd/core/pkg/store"
	"github.com/open-feature/flagd/core/pkg/sync"
	"go.uber.org/zap"
)

func main() {
	definitions, err := os.ReadFile("definitions.json")
	if err != nil {
		panic(err)
	}
	quiet := logger.NewLogger(zap.NewNop(), false)
	flags, err := store.NewStore(quiet, []string{"file"})
	if err != nil {
		panic(err)
	}
	flagd := evaluator.NewJSON(quiet, flags)
	if err := flagd.SetState(sync.DataSync{FlagData: string(definitions), Source: "file"}); err != nil {
		panic(err)
	}
	for _, flag := range []string{"key", "email", "number", "missing", "weights"} {
		for user := range 8 {
			variant, _, _, _, err := flagd.ResolveStringValue(context.Background(), "", flag, map[string]any{
				"targetingKey": fmt.Sprintf("user-%d", user),
				"email":        fmt.Sprintf("user-%d@example.com", user), "number": user})
			if err != nil {
				panic(err)
			}
			fmt.Print(variant)
		}
		fmt.Println()
	}
}
EOF

go mod tidy
{
    echo "by|python|node|go"
    paste -d '|' <(printf '%s\n' key email number missing weights) \
        <(venv/bin/python ask.py 2>python.log) <(node ask.js) <(go run .)
} >seen

diff - seen <<'EOF'
by|python|node|go
key|baababba|bbbbabab|bbbbabab
email|bbbabbaa|aabbbaaa|aabbbaaa
number|abaaaaba|--------|--------
missing|--------|--------|baaababb
weights|--------|bbbababb|bbbababb
EOF
echo "as described"
