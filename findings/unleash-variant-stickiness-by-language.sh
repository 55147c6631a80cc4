#!/usr/bin/env bash
# Unleash: the variants of a strategy are shared out by one field in Node and by
# another in Python, so one user gets two variants.
#
# Versions: unleash-client 6.12.1 (npm), UnleashClient 6.9.1 with
# yggdrasil-engine 2.0.0 (PyPI; the engine that several of Unleash's SDKs share).
#
# Behaviour: a strategy rolls out to everybody by userId, its two variants are
# to stick to the tenant ("stickiness": "tenant" in each variant). Node goes by
# the variant's stickiness: all users of one tenant get one variant. Python goes
# by the strategy's: the users of one tenant get both, as if the variants' own
# were not there. Where the two say the same, so do the SDKs.
#
# Expected: Unleash's API (the schema of a strategy's variant, in which
# stickiness is required): "The stickiness to use for distribution of this
# variant. Stickiness is how Unleash guarantees that the same user gets the same
# variant every time", with `custom.context.field` for an example.
#
# Why it matters here: a flag with a variant is part of a set, and what a
# service needs may hang on the variant. A request that passes from a Node
# service to a Python one meets variant a in the first and b in the second,
# though both run the set as it was tested.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q UnleashClient==6.9.1 yggdrasil-engine==2.0.0
npm install --silent --ignore-scripts --no-audit --no-fund unleash-client@6.12.1 >npm.log

# flag NAME STRATEGY VARIANTS: a flag for everybody, with the stickiness of its strategy and of its variants.
flag() {
    jq -n --arg name "$1" --arg strategy "$2" --arg variants "$3" '{
        name: $name, type: "release", project: "default", enabled: true, variants: [],
        strategies: [{
            name: "flexibleRollout", constraints: [],
            parameters: {rollout: "100", stickiness: $strategy, groupId: "price"},
            variants: [("a", "b") | {name: ., weight: 500, weightType: "variable", stickiness: $variants}]}]}'
}
{ flag same tenant tenant; flag parted userId tenant; } | jq -s '{version: 2, features: ., segments: []}' >state.json

cat >ask.js <<'EOF'
const { Unleash, InMemStorageProvider } = require("unleash-client");
const state = require("./state.json");
const unleash = new Unleash({
  appName: "shop", url: "http://127.0.0.1:9/api", refreshInterval: 0, disableMetrics: true,
  storageProvider: new InMemStorageProvider(), bootstrap: { data: state.features },
});
unleash.on("error", () => {});
unleash.on("warn", () => {});
unleash.on("ready", () => {
  for (const flag of ["same", "parted"]) {
    const variants = Array.from({ length: 12 }, (_, user) =>
      unleash.getVariant(flag, { userId: `user-${user}`, properties: { tenant: "acme" } }).name);
    console.log("node", flag, variants.join(""));
  }
  process.exit(0);
});
EOF
cat >ask.py <<'EOF'
import json
from UnleashClient import UnleashClient
from UnleashClient.cache import FileCache

cache = FileCache("shop", directory="cache")
cache.bootstrap_from_dict(json.load(open("state.json")))
unleash = UnleashClient("http://127.0.0.1:9/api", "shop", cache=cache,
                        disable_metrics=True, disable_registration=True)
unleash.initialize_client(fetch_toggles=False)
for flag in ("same", "parted"):
    variants = (unleash.get_variant(flag, {"userId": f"user-{user}", "properties": {"tenant": "acme"}})["name"]
                for user in range(12))
    print("python", flag, "".join(variants))
EOF

{
    node ask.js
    venv/bin/python ask.py
} >seen

diff - seen <<'EOF'
node same bbbbbbbbbbbb
node parted bbbbbbbbbbbb
python same bbbbbbbbbbbb
python parted bbbbaababbaa
EOF
echo "as described"
