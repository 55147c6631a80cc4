#!/usr/bin/env bash
# A shared rule with one letter beyond ASCII makes flagd's evaluator for Python
# refuse the whole file: every flag of it is gone.
#
# Versions: openfeature-flagd-core 2.0.0 (PyPI), @openfeature/flagd-core 4.0.1 (npm).
#
# Behaviour: both put a rule of "$evaluators" where "$ref" names it by
# replacing text in JSON, and hand the rule over as a replacement *template*.
# - Python (re.sub): the rule is written as ASCII JSON first, so "Zürich"
#   becomes "Z\u00fcrich", and "\u" is a bad escape of a template. A line break
#   or "\d" in a text has the file refused as well; "corp\bob", a login name of
#   Windows, is another text afterwards, and the rule holds for nobody.
# - Node (String.replaceAll): "$$" in a rule becomes "$", so a rule that
#   compares with "$$" is true for nobody whose value is "$$".
#
# Expected: flagd's documentation, "Flag definitions", "Shared evaluators": a
# rule that several flags use by its name. JSON (RFC 8259) allows any of these
# texts. Written in place, the same rule is ON for both: in-place.json.
#
# Why it matters here: a set's flags are captured, checked and promoted as
# flagd's definitions. A file that one language serves and another refuses
# leaves the services of the second on their defaults or on the file before,
# and nothing in the cluster says so.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q openfeature-flagd-core==2.0.0 openfeature-sdk==0.10.0
npm install --silent --ignore-scripts --no-audit --no-fund \
    @openfeature/flagd-core@4.0.1 @openfeature/core@1.12.0 >npm.log

# definitions VALUE: two flags, one that shares its rule and one that does not.
definitions() {
    jq -n --arg value "$1" '{
        "$evaluators": {same: {"==": [{var: "x"}, $value]}},
        flags: {
            shared: {state: "ENABLED", variants: {on: "ON", off: "OFF"}, defaultVariant: "off",
                     targeting: {if: [{"$ref": "same"}, "on", "off"]}},
            plain: {state: "ENABLED", variants: {on: "ON", off: "OFF"}, defaultVariant: "on"}}}'
}
definitions 'Zürich' >zurich.json
definitions '$$' >price.json
definitions 'corp\bob' >login.json
jq '.flags.shared.targeting.if[0] = .["$evaluators"].same | del(.["$evaluators"])' \
    zurich.json >in-place.json

cat >ask.py <<'EOF'
import sys
from openfeature.contrib.tools.flagd.core import FlagdCore
from openfeature.evaluation_context import EvaluationContext
file, value = sys.argv[1:]
core = FlagdCore()
try:
    core.set_flags(open(file, encoding="utf-8").read())
    context = EvaluationContext("user", {"x": value})
    print("python", file, *(core.resolve_string_value(key, "DEFAULT", context).value
                            for key in ("shared", "plain")))
except Exception as error:
    print("python", file, "refused:", str(error).split(" at ")[0])
EOF
cat >ask.js <<'EOF'
const { FlagdCore } = require("@openfeature/flagd-core");
const { readFileSync } = require("node:fs");
const [file, value] = process.argv.slice(2);
const quiet = { error() {}, warn() {}, info() {}, debug() {} };
const core = new FlagdCore(undefined, quiet);
core.setConfigurations(readFileSync(file, "utf8"));
const context = { targetingKey: "user", x: value };
console.log("node", file, ...["shared", "plain"].map(
  (key) => core.resolveStringEvaluation(key, "DEFAULT", context).value));
EOF

{
    venv/bin/python ask.py zurich.json 'Zürich'
    venv/bin/python ask.py price.json '$$'
    venv/bin/python ask.py login.json 'corp\bob'
    venv/bin/python ask.py in-place.json 'Zürich'
    node ask.js zurich.json 'Zürich'
    node ask.js price.json '$$'
    node ask.js login.json 'corp\bob'
    node ask.js in-place.json 'Zürich'
} >seen

diff - seen <<'EOF'
python zurich.json refused: bad escape \u
python price.json ON ON
python login.json OFF ON
python in-place.json ON ON
node zurich.json ON ON
node price.json OFF ON
node login.json ON ON
node in-place.json ON ON
EOF
echo "as described"
