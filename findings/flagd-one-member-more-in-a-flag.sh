#!/usr/bin/env bash
# A flag with a "description" beside its variants: flagd's evaluator for Python
# refuses the whole file, every flag of it; the one for Node reads it.
#
# Versions: openfeature-flagd-core 2.0.0 (PyPI; openfeature-provider-flagd 0.6.1
# needs it), @openfeature/flagd-core 4.0.1 (npm; with flagd's own schema built in).
#
# Behaviour: Python knows seven members of a flag (state, variants,
# defaultVariant, targeting, metadata, and source and selector, which it drops).
# Any other is a ParseError without a text: a "description", an "owner" or a
# "$comment" in one flag leaves all flags of the file without a value. In the
# metadata of a flag the same text does no harm. github.com/open-feature/flagd/core
# 0.17.0 (Go; seen, not run here) reads all as Node does. The OpenTelemetry demo
# has a "description" in each of its flags, and Python reads none of its file.
#
# Expected: flagd's schema (https://flagd.dev/schema/v0/flags.json): the object
# of a flag names five members, requires two and forbids none, while it does
# forbid others in `variants` ("additionalProperties": false). Node's strict
# mode, which asks that schema, takes all of these files.
#
# Why it matters here: a set takes flagd's definitions as they are, and a check of
# them by flagd, by its schema or by Node passes. A description that somebody adds
# to one flag is then, for the services in Python, the loss of all the others:
# they run on the defaults in their code, or on the file before.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q openfeature-flagd-core==2.0.0 openfeature-sdk==0.10.0
npm install --silent --ignore-scripts --no-audit --no-fund \
    @openfeature/flagd-core@4.0.1 @openfeature/core@1.12.0 >npm.log

# definitions FILE MEMBERS: two flags that are on, the first with some members more.
definitions() {
    jq -n --argjson more "$2" '{state: "ENABLED", variants: {on: "ON", off: "OFF"}, defaultVariant: "on"}
        | {flags: {first: (. + $more), second: .}}' >"$1"
}
definitions plain '{}'
definitions metadata '{"metadata": {"description": "asks tax", "owner": "cart"}}'
definitions description '{"description": "asks tax"}'
definitions owner '{"owner": "cart"}'
definitions comment '{"$comment": "until January"}'

cat >ask.py <<'EOF'
import sys
from openfeature.contrib.tools.flagd.core import FlagdCore
for file in sys.argv[1:]:
    core = FlagdCore()
    try:
        core.set_flags(open(file).read())
        print("python", file, *(core.resolve_string_value(flag, "DEFAULT").value for flag in ("first", "second")))
    except Exception as error:
        print("python", file, "refused:", repr(error))
EOF
cat >ask.js <<'EOF'
const { FlagdCore, MemoryStorage } = require("@openfeature/flagd-core");
const { readFileSync } = require("node:fs");
const quiet = { error() {}, warn() {}, info() {}, debug() {} };
for (const file of process.argv.slice(2)) {
  const storage = new MemoryStorage(quiet);
  storage.setConfigurations(readFileSync(file, "utf8"), true); // strict: throws where the schema is not met
  const core = new FlagdCore(storage, quiet);
  const answers = ["first", "second"].map((flag) => core.resolveStringEvaluation(flag, "DEFAULT", {}).value);
  console.log("node", file, ...answers);
}
EOF

{
    venv/bin/python ask.py plain metadata description owner comment
    node ask.js plain metadata description owner comment
} >seen

diff - seen <<'EOF'
python plain ON ON
python metadata ON ON
python description refused: ParseError()
python owner refused: ParseError()
python comment refused: ParseError()
node plain ON ON
node metadata ON ON
node description ON ON
node owner ON ON
node comment ON ON
EOF
echo "as described"
