#!/usr/bin/env bash
# Unleash: the regular expression of a constraint is read in two dialects. Whoever
# is in for Node is out for Python, and the other way round.
#
# Versions: unleash-client 6.12.1 with re2js 2.3.2 (npm), UnleashClient 6.9.1 with
# yggdrasil-engine 2.0.0 (PyPI; the engine in Rust that several of Unleash's SDKs
# share); unleash-server 8.2.0 (read, not run; it checks by re2js 2.3.2).
#
# Behaviour of the operator REGEX, by pattern and value of the context:
# - `\w` and `\d` are ASCII to Node; to Python "müller" is a word, an Arabic digit
#   a digit;
# - within brackets `&&`, `--` and `[` are characters to Node; to Python they join
#   sets of characters, and the pattern means something else, or nothing;
# - `{` that repeats nothing, and `\Q…\E`, are text to Node; to Python that is no
#   pattern, and the constraint is met by no value.
# Nothing is logged, by neither.
#
# Expected: the server takes a pattern that RE2JS compiles, whether or not its switch
# regexConstraintOperator is set (dist/lib/util/validators/constraint-types.js), and
# its playground answers by RE2JS too. RE2's page, "Syntax": `\w` is [0-9A-Za-z_], `\d`
# is [0-9], `\Q...\E` is literal text; what joins sets of characters is not in it.
#
# Why it matters here: "on for our testers", by a pattern of their address, is how a
# flag is tried before a set goes on. Whoever asks the playground or a service in
# Node whether the flag is on has not tested what the services in Python serve.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >questions <<'EOF'
^[\w.-]+@shop\.example$ anna@shop.example
^[\w.-]+@shop\.example$ müller@shop.example
^order-\d+$ order-٤٢
^[?&&=]$ =
^[+--]$ -
^[^[]+$ cart
^[\w&&[^b]]$ b]
^{cart}$ {cart}
\Qcart.api\E$ cart.api
EOF

python3 -m venv venv
venv/bin/pip install -q UnleashClient==6.9.1 yggdrasil-engine==2.0.0
npm install --silent --ignore-scripts --no-audit --no-fund unleash-client@6.12.1 re2js@2.3.2 >npm.log

jq -nR '{version: 2, segments: [], features: [inputs | capture("^(?<pattern>[^ ]+) (?<value>.*)$") | {
    name: "\(.pattern) \(.value)", type: "release", project: "default", enabled: true, variants: [],
    strategies: [{name: "default", parameters: {}, constraints: [{contextName: "user", operator: "REGEX",
        value: .pattern, values: [], inverted: false, caseInsensitive: false}]}]}]}' questions >state.json

cat >ask.js <<'EOF'
const { Unleash, InMemStorageProvider } = require("unleash-client");
const { RE2JS } = require("re2js");
const { features } = require("./state.json");
const unleash = new Unleash({
  appName: "shop", url: "http://127.0.0.1:9/api", refreshInterval: 0, disableMetrics: true,
  storageProvider: new InMemStorageProvider(), bootstrap: { data: features },
});
unleash.on("error", () => {});
unleash.on("warn", () => {});
unleash.on("ready", () => {
  for (const { name, strategies } of features) {
    RE2JS.compile(strategies[0].constraints[0].value); // as the server does: throws where it is no pattern
    const user = name.slice(name.indexOf(" ") + 1);
    console.log(`${name}: node ${unleash.isEnabled(name, { properties: { user } })}`);
  }
  process.exit(0);
});
EOF
cat >ask.py <<'EOF'
import json
from UnleashClient import UnleashClient
from UnleashClient.cache import FileCache

state = json.load(open("state.json"))
cache = FileCache("shop", directory="cache")
cache.bootstrap_from_dict(state)
unleash = UnleashClient("http://127.0.0.1:9/api", "shop", cache=cache,
                        disable_metrics=True, disable_registration=True)
unleash.initialize_client(fetch_toggles=False)
for feature in state["features"]:
    user = feature["name"].partition(" ")[2]
    print(f", python {unleash.is_enabled(feature['name'], {'properties': {'user': user}})}".lower())
EOF

paste -d '\0' <(node ask.js) <(venv/bin/python ask.py) >seen

diff - seen <<'EOF'
^[\w.-]+@shop\.example$ anna@shop.example: node true, python true
^[\w.-]+@shop\.example$ müller@shop.example: node false, python true
^order-\d+$ order-٤٢: node false, python true
^[?&&=]$ =: node true, python false
^[+--]$ -: node true, python false
^[^[]+$ cart: node true, python false
^[\w&&[^b]]$ b]: node true, python false
^{cart}$ {cart}: node true, python false
\Qcart.api\E$ cart.api: node true, python false
EOF
echo "as described"
