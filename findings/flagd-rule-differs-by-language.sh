#!/usr/bin/env bash
# One flagd rule, one context, another variant in Python than in Node.
#
# Versions: openfeature-flagd-core 2.0.0 with panzi-json-logic 1.0.1 (PyPI),
# @openfeature/flagd-core 4.0.1 with json-logic-engine 5.0.7 (npm), beside
# json-logic-js 2.0.5 (npm), the implementation of JsonLogic's own author.
#
# Behaviour: flagd's targeting is JsonLogic, and each language brings another
# implementation. Six rules on which they part, all of plain operators:
# - `beta == "true"` where beta is a boolean: Node fails, the caller's default
#   is served (json-logic-engine refuses to compare a text that is no number
#   with anything else);
# - a text and a boolean put together: Python writes "True";
# - `missing` of an empty text: not missing in Node;
# - `age < 18` where age is empty: 0 is less in Node, in Python it is no number;
# - the greatest of "3" and 2: Node fails;
# - `!!` of an empty object: false in Node.
#
# Expected: flagd's documentation, "Flag definitions", "Targeting rules", names
# JsonLogic and its operators; jsonlogic.com, "Supported operations", is where
# they are described, by the implementation that is the third column.
#
# Why it matters here: a set names the flags, and a policy reads "this flag is
# on for those". Services in two languages then serve two variants of one flag
# to one user, though all of them run the same digest of the same definitions.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q openfeature-flagd-core==2.0.0 panzi-json-logic==1.0.1 openfeature-sdk==0.10.0
npm install --silent --ignore-scripts --no-audit --no-fund \
    @openfeature/flagd-core@4.0.1 @openfeature/core@1.12.0 json-logic-engine@5.0.7 \
    json-logic-js@2.0.5 >npm.log

cat >rules.json <<'EOF'
[
  [{"if": [{"==": [{"var": "beta"}, "true"]}, "on", "off"]}, {"beta": true}],
  [{"cat": ["beta-", {"var": "beta"}]}, {"beta": true}],
  [{"if": [{"missing": ["email"]}, "on", "off"]}, {"email": ""}],
  [{"if": [{"<": [{"var": "age"}, 18]}, "on", "off"]}, {"age": ""}],
  [{"if": [{"==": [{"max": [{"var": "a"}, 2]}, 3]}, "on", "off"]}, {"a": "3"}],
  [{"if": [{"!!": [{"var": "plan"}]}, "on", "off"]}, {"plan": {}}]
]
EOF
jq -c '.[] | {context: .[1], rule: .[0], definitions: {flags: {flag: {
    state: "ENABLED", variants: {on: "on", off: "off", "beta-true": "beta-true"},
    defaultVariant: "off", targeting: .[0]}}}}' rules.json >questions

cat >ask.py <<'EOF'
import json
from openfeature.contrib.tools.flagd.core import FlagdCore
from openfeature.evaluation_context import EvaluationContext
for line in open("questions"):
    question = json.loads(line)
    core = FlagdCore()
    core.set_flags(question["definitions"])
    try:
        print(core.resolve_string_value("flag", "default", EvaluationContext("user", question["context"])).value)
    except Exception as error:
        print("default, " + type(error).__name__)
EOF
cat >ask.js <<'EOF'
const { FlagdCore } = require("@openfeature/flagd-core");
const reference = require("json-logic-js");
const { readFileSync } = require("node:fs");
const quiet = { error() {}, warn() {}, info() {}, debug() {} };
for (const line of readFileSync("questions", "utf8").trim().split("\n")) {
  const { definitions, rule, context } = JSON.parse(line);
  if (process.argv[2] === "reference") { console.log(reference.apply(rule, context)); continue; }
  const core = new FlagdCore(undefined, quiet);
  core.setConfigurations(JSON.stringify(definitions));
  const answer = core.resolveStringEvaluation("flag", "default", { targetingKey: "user", ...context }, quiet);
  console.log(answer.errorCode ? `${answer.value}, ${answer.errorCode}` : answer.value);
}
EOF

{
    echo "python|node|json-logic-js"
    paste -d '|' <(venv/bin/python ask.py 2>python.log) <(node ask.js) <(node ask.js reference)
} >seen

diff - seen <<'EOF'
python|node|json-logic-js
off|default, GENERAL|off
default, GeneralError|beta-true|beta-true
on|off|on
off|on|on
on|default, GENERAL|on
on|off|on
EOF
echo "as described"
