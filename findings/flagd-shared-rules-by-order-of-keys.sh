#!/usr/bin/env bash
# Sort the keys of a file of flagd definitions, and a flag that was on fails.
#
# Versions: openfeature-flagd-core 2.0.0 (PyPI), @openfeature/flagd-core 4.0.1
# (npm), canonicalize 4.0.0 (npm).
#
# Behaviour: a rule of "$evaluators" may itself refer to another one; flagd's
# schema allows it. Both evaluators go through the rules once, in the order of
# the file. A rule that comes before the one it refers to is resolved; one that
# comes after it keeps its "$ref", and the flag answers PARSE_ERROR and the
# caller's default. So "vip" before "eu" works, "eu" before "vip" does not.
#
# Expected: RFC 8259, section 1: an object is an *unordered* collection. flagd's
# schema (https://flagd.dev/schema/v0/flags.json, built into the package for
# Node and asked in its strict mode) finds both files right. That evaluators do
# this by pasting text, and that flagd's own order is any, is told in
# open-feature/flagd#1875.
#
# Why it matters here: canonical JSON (RFC 8785) sorts, so does the API server
# with a FeatureFlag resource and whoever writes JSON from a map. A set whose
# digest has not changed serves another value from a ConfigMap than from the
# resource. A tool that follows references in any order finds nothing wrong.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q openfeature-flagd-core==2.0.0 openfeature-sdk==0.10.0
npm install --silent --ignore-scripts --no-audit --no-fund \
    @openfeature/flagd-core@4.0.1 @openfeature/core@1.12.0 canonicalize@4.0.0 >npm.log

cat >written.json <<'EOF'
{
  "$evaluators": {
    "vip": {"and": [{"$ref": "eu"}, {"==": [{"var": "plan"}, "gold"]}]},
    "eu": {"in": [{"var": "country"}, ["de", "fr"]]}
  },
  "flags": {
    "tax-call": {
      "state": "ENABLED", "variants": {"on": "ON", "off": "OFF"}, "defaultVariant": "off",
      "targeting": {"if": [{"$ref": "vip"}, "on", "off"]}
    }
  }
}
EOF
cat >sort.mjs <<'EOF'
import canonicalize from "canonicalize";
import { readFileSync, writeFileSync } from "node:fs";
writeFileSync("sorted.json", canonicalize(JSON.parse(readFileSync("written.json", "utf8"))));
EOF
node sort.mjs

cat >ask.js <<'EOF'
const { FlagdCore, MemoryStorage } = require("@openfeature/flagd-core");
const { readFileSync } = require("node:fs");
const quiet = { error() {}, warn() {}, info() {}, debug() {} };
for (const file of ["written.json", "sorted.json"]) {
  const storage = new MemoryStorage(quiet);
  storage.setConfigurations(readFileSync(file, "utf8"), true); // strict: throws where the schema is not met
  const { value, errorCode = "no error" } = new FlagdCore(storage, quiet)
    .resolveStringEvaluation("tax-call", "DEFAULT", { targetingKey: "user", country: "de", plan: "gold" });
  console.log("node", file, value, errorCode);
}
EOF
cat >ask.py <<'EOF'
from openfeature.contrib.tools.flagd.core import FlagdCore
from openfeature.evaluation_context import EvaluationContext
for file in ("written.json", "sorted.json"):
    core = FlagdCore()
    core.set_flags(open(file, encoding="utf-8").read())
    try:
        context = EvaluationContext("user", {"country": "de", "plan": "gold"})
        print("python", file, core.resolve_string_value("tax-call", "DEFAULT", context).value, "no error")
    except Exception as error:
        print("python", file, "DEFAULT", error.error_code.value)
EOF

{
    node ask.js
    venv/bin/python ask.py
} >seen

diff - seen <<'EOF'
node written.json ON no error
node sorted.json DEFAULT PARSE_ERROR
python written.json ON no error
python sorted.json DEFAULT PARSE_ERROR
EOF
echo "as described"
