#!/usr/bin/env bash
# CEL rules that pass in the test and are an error in the API server, and the
# other way round.
#
# Versions: github.com/google/cel-go 0.26.0 (Go; kube-apiserver 1.36), beside
# cel-python 0.5.0 (PyPI), @marcbachmann/cel-js 8.0.0 and cel-js 0.8.2 (npm).
#
# Behaviour, of valid expressions, by what each answers:
# - `[1, 2, 3][-1]` is the last element in Python, as its lists are; an error else;
# - `duration("1d")` is a day in Python; an error else: CEL has no unit above `h`;
# - `1 < 1.5` has no meaning in Python; the API server compares;
# - `7 / 2` is 3.5 in cel-js, 3 else;
# - an error beside `|| true` is an error in cel-js, true else;
# - texts are in another order in JavaScript, where one has a character beyond
#   U+FFFF: it compares halves of characters;
# - an offset such as "+02:00" is no time zone in @marcbachmann/cel-js.
#
# Expected: the language definition (cel-spec, doc/langdef.md): whole numbers
# divide to whole numbers, an error is absorbed by `|| true`, an index outside
# the list is an error, texts are ordered by code points, durations have the
# units h, m, s, ms, us, ns, a time zone is a name or an offset. cel-go is the
# implementation of those who wrote it.
#
# Why it matters here: the guard is a ValidatingAdmissionPolicy, and who adds
# rules of his own ("a week of soak", "the last container") tries them out with
# such a library first. In the API server the rule is an error, and with
# `failurePolicy: Fail`, the default, it refuses every write.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >rules <<'EOF'
[1, 2, 3][-1] == 3
duration("1d") == duration("24h")
1 < 1.5
7 / 2 == 3
1 / 0 > 0 || true
"\uFB33" < "\U0001F600"
timestamp("2026-11-28T23:30:00Z").getHours("+02:00") == 1
EOF

python3 -m venv venv
venv/bin/pip install -q cel-python==0.5.0
npm install --silent --ignore-scripts --no-audit --no-fund \
    @marcbachmann/cel-js@8.0.0 cel-js@0.8.2 >npm.log

cat >go.mod <<'EOF'
module evaluate
go 1.24
require github.com/google/cel-go v0.26.0
EOF
cat >main.go <<'EOF'
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/google/cel-go/cel"
)

func main() {
	environment, err := cel.NewEnv(cel.CrossTypeNumericComparisons(true)) // as the API server's
	if err != nil {
		panic(err)
	}
	for rules := bufio.NewScanner(os.Stdin); rules.Scan(); {
		fmt.Println(evaluate(environment, rules.Text()))
	}
}

func evaluate(environment *cel.Env, rule string) any {
	checked, issues := environment.Compile(rule)
	if issues.Err() != nil {
		return "error"
	}
	program, err := environment.Program(checked)
	if err != nil {
		return "error"
	}
	answer, _, err := program.Eval(map[string]any{})
	if err != nil {
		return "error"
	}
	return answer.Value()
}
EOF
cat >evaluate.py <<'EOF'
import sys
import celpy

for rule in sys.stdin:
    environment = celpy.Environment()
    try:
        print(str(bool(environment.program(environment.compile(rule)).evaluate({}))).lower())
    except Exception:
        print("error")
EOF
cat >evaluate.mjs <<'EOF'
import { readFileSync } from "node:fs";
import * as marc from "@marcbachmann/cel-js";
import * as other from "cel-js";
const { evaluate } = process.argv[2] === "marc" ? marc : other;
for (const rule of readFileSync("rules", "utf8").trim().split("\n")) {
  try { console.log(evaluate(rule, {})); } catch { console.log("error"); }
}
EOF

go mod tidy
{
    echo 'rule|cel-go|cel-python|@marcbachmann/cel-js|cel-js'
    paste -d '|' <(sed 's/||/or/' rules) <(go run . <rules) <(venv/bin/python evaluate.py <rules 2>python.log) \
        <(node evaluate.mjs marc) <(node evaluate.mjs other)
} >seen

diff - seen <<'EOF'
rule|cel-go|cel-python|@marcbachmann/cel-js|cel-js
[1, 2, 3][-1] == 3|error|true|error|error
duration("1d") == duration("24h")|error|true|error|error
1 < 1.5|true|error|true|true
7 / 2 == 3|true|true|true|false
1 / 0 > 0 or true|true|true|true|error
"\uFB33" < "\U0001F600"|true|true|false|false
timestamp("2026-11-28T23:30:00Z").getHours("+02:00") == 1|true|true|error|error
EOF
echo "as described"
