#!/usr/bin/env bash
# Unleash: a flag "from 2026-01-01" is on in Node and never on in Python.
#
# Versions: unleash-client 6.12.1 (npm), UnleashClient 6.9.1 with
# yggdrasil-engine 2.0.0 (PyPI); unleash-server 7.5.1 (read, not run), joi 18.3.2 (npm).
#
# Behaviour: a constraint DATE_AFTER or DATE_BEFORE has its date as text. With a
# time and a zone both SDKs agree. A day alone, or a time without a zone, is a
# date to Node; to Python it is none, and the constraint is not met, be it AFTER
# or BEFORE. Nothing is logged.
#
# Expected: the server takes such a text: it checks it by joi.date()
# (dist/lib/schema/constraint-value-types.js), to which all of these are dates,
# and keeps it as it came (dist/lib/features/constraints). RFC 3339 and ISO 8601
# know a day alone as a date.
#
# Why it matters here: "on from the first of January" is how a release is dated.
# What the set says (flag on, one strategy, a date that is past) is true for half
# of the services. An SDK answers for its language alone: who asks one of them
# whether a flag is on has not verified the others.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q UnleashClient==6.9.1 yggdrasil-engine==2.0.0
npm install --silent --ignore-scripts --no-audit --no-fund unleash-client@6.12.1 joi@18.3.2 >npm.log

jq -n '{version: 2, segments: [], features: [
    ("2026-01-01T00:00:00.000Z", "2026-01-01", "2026-01-01T00:00:00") as $date |
    ("DATE_AFTER", "DATE_BEFORE") as $operator | {
        name: "\($operator) \($date)", type: "release", project: "default", enabled: true, variants: [],
        strategies: [{name: "default", parameters: {}, constraints: [{
            contextName: "currentTime", operator: $operator, value: $date, values: [],
            inverted: false, caseInsensitive: false}]}]}]}' >state.json

cat >ask.js <<'EOF'
const { Unleash, InMemStorageProvider } = require("unleash-client");
const joi = require("joi");
const { features } = require("./state.json");
const unleash = new Unleash({
  appName: "shop", url: "http://127.0.0.1:9/api", refreshInterval: 0, disableMetrics: true,
  storageProvider: new InMemStorageProvider(), bootstrap: { data: features },
});
unleash.on("error", () => {});
unleash.on("warn", () => {});
unleash.on("ready", () => {
  for (const { name, strategies } of features) {
    const [before, after] = ["2025-06-01T12:00:00Z", "2026-06-01T12:00:00Z"].map(
      (currentTime) => unleash.isEnabled(name, { currentTime: new Date(currentTime) }));
    const taken = !joi.date().validate(strategies[0].constraints[0].value).error;
    console.log(`${name}: server takes it ${taken}, node in 2025 ${before}, in 2026 ${after}`);
  }
  process.exit(0);
});
EOF
cat >ask.py <<'EOF'
import json
from datetime import datetime, timezone
from UnleashClient import UnleashClient
from UnleashClient.cache import FileCache

state = json.load(open("state.json"))
cache = FileCache("shop", directory="cache")
cache.bootstrap_from_dict(state)
unleash = UnleashClient("http://127.0.0.1:9/api", "shop", cache=cache,
                        disable_metrics=True, disable_registration=True)
unleash.initialize_client(fetch_toggles=False)
for feature in state["features"]:
    before, after = (
        unleash.is_enabled(feature["name"], {"currentTime": datetime(year, 6, 1, 12, tzinfo=timezone.utc)})
        for year in (2025, 2026))
    print(f", python in 2025 {before}, in 2026 {after}".lower())
EOF

paste -d '\0' <(node ask.js) <(venv/bin/python ask.py) >seen

diff - seen <<'EOF'
DATE_AFTER 2026-01-01T00:00:00.000Z: server takes it true, node in 2025 false, in 2026 true, python in 2025 false, in 2026 true
DATE_BEFORE 2026-01-01T00:00:00.000Z: server takes it true, node in 2025 true, in 2026 false, python in 2025 true, in 2026 false
DATE_AFTER 2026-01-01: server takes it true, node in 2025 false, in 2026 true, python in 2025 false, in 2026 false
DATE_BEFORE 2026-01-01: server takes it true, node in 2025 true, in 2026 false, python in 2025 false, in 2026 false
DATE_AFTER 2026-01-01T00:00:00: server takes it true, node in 2025 false, in 2026 true, python in 2025 false, in 2026 false
DATE_BEFORE 2026-01-01T00:00:00: server takes it true, node in 2025 true, in 2026 false, python in 2025 false, in 2026 false
EOF
echo "as described"
