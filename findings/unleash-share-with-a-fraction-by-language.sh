#!/usr/bin/env bash
# Unleash: a flag that is on for 12.5 % is on for 12 % in Node and for nobody in
# Python; so is one that is on for "100.0" %, for everybody and for nobody.
#
# Versions: unleash-server 7.5.1 with unleash-client 6.12.1 (npm) and Debian's PostgreSQL
# 15; UnleashClient 6.9.1 with yggdrasil-engine 2.0.0 (PyPI; the engine in Rust that
# several of Unleash's SDKs share).
#
# Behaviour: the share of a gradual rollout is a text. The server keeps any (the number
# 12.5 too, as "12.5"), answers 200 and gives it to services as it came. Node makes a
# number of it as JavaScript does. Python wants digits alone (a sign and zeros in front
# will do): with a point, even "100.0", with an exponent or a space at either end the
# strategy is on for nobody. "12 %" and "abc" are nobody to both. Nothing is logged, by
# none of the three.
#
# Expected: the schema of a strategy has `parameters` as texts, with `rollout: '25'` for
# an example, and no pattern; of texts that mean a number the server refuses some
# (a constraint's NUM_GT wants one). One reading in all SDKs, or a 400.
#
# Why it matters here: shares are written by scripts, and a float that is 100 is "100.0"
# in Python, Ruby and Java. What the set says (on, one strategy, to all) is true for half
# of the services, and the server's own playground, which reads as Node does, confirms it.
set -euo pipefail

work=$(mktemp -d)
bin=$(find /usr/lib/postgresql -path '*/bin/initdb' | sort -V | tail -1)
bin=${bin%/initdb}
as=()
end() {
    [ -z "${unleash:-}" ] || { kill -KILL "$unleash"; wait "$unleash"; } 2>kill.log || true
    [ ! -e "$work/pg/data/postmaster.pid" ] || "${as[@]}" "$bin/pg_ctl" -s -D "$work/pg/data" -m immediate stop || true
    cd /
    rm -rf "$work"
}
trap end EXIT
cd "$work"

# Unleash on a free port of 127.0.0.1, with a database that only a socket in this folder leads to.
npm install --silent --ignore-scripts --no-audit --no-fund unleash-server@7.5.1 unleash-client@6.12.1 >npm.log
mkdir -m 700 pg
if [ "$(id -u)" = 0 ]; then # whom PostgreSQL refuses
    as=(setpriv --reuid=postgres --regid=postgres --clear-groups)
    chown postgres pg
    chmod 711 .
fi
"${as[@]}" "$bin/initdb" -D "$work/pg/data" -U unleash -A trust --locale=C -E UTF8 --no-sync >pg.log
"${as[@]}" "$bin/pg_ctl" -s -w -t 60 -D "$work/pg/data" -l "$work/pg/log" \
    -o "-k $work/pg -p 5432 -c listen_addresses= -F" start
: >unleash.log
env -i PATH="$PATH" HTTP_HOST=127.0.0.1 HTTP_PORT=0 LOG_LEVEL=info CHECK_VERSION=false SEND_TELEMETRY=false \
    DATABASE_HOST="$work/pg" DATABASE_USERNAME=unleash DATABASE_PASSWORD=none \
    DATABASE_NAME=postgres DATABASE_SSL=false INIT_ADMIN_API_TOKENS='*:*.admin' \
    INIT_BACKEND_API_TOKENS=default:development.service INIT_FRONTEND_API_TOKENS=default:development.browser \
    node node_modules/unleash-server/dist/server.js >>unleash.log 2>&1 &
unleash=$!
for ((tries = 0; ; tries++)); do
    port=$(sed -n 's/.*port: \([0-9]\{1,\}\) .*/\1/p' unleash.log)
    [ -z "$port" ] || break
    if [ "$tries" = 600 ] || ! kill -0 "$unleash"; then
        cat unleash.log >&2
        exit 1
    fi
    sleep 0.3
done

cat >api.js <<'EOF'
// What the API of Unleash answers.
exports.api = async (method, path, body, token = "*:*.admin") => {
  const answer = await fetch(`http://127.0.0.1:${process.argv[2]}/api/${path}`, {
    method, headers: { authorization: token, "content-type": "application/json" },
    body: body && JSON.stringify(body), signal: AbortSignal.timeout(60000),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
  return text && JSON.parse(text);
};
EOF
python3 -m venv venv
venv/bin/pip install -q UnleashClient==6.9.1 yggdrasil-engine==2.0.0

cat >ask.js <<'EOF'
const { writeFileSync } = require("node:fs");
const { InMemStorageProvider, Unleash } = require("unleash-client");
const { api } = require("./api.js");

const shares = ["12", "012", 12.5, "12.5", "99.5", "100.0", "1e2", "100 ", "12 %", "abc"];
const users = Array.from({ length: 1000 }, (_, user) => `user-${user}`);

(async () => {
  const flags = "admin/projects/default/features";
  for (const [at, rollout] of shares.entries()) {
    await api("POST", flags, { name: `flag-${at}`, type: "release" });
    await api("POST", `${flags}/flag-${at}/environments/development/strategies`, {
      name: "flexibleRollout", parameters: { rollout, stickiness: "userId", groupId: "checkout" } });
    await api("POST", `${flags}/flag-${at}/environments/development/on`);
  }
  // Services are told once a second, at most.
  let state;
  for (let tries = 0; ; tries++) {
    state = await api("GET", "client/features", undefined, "default:development.service");
    if (state.features.filter(({ enabled }) => enabled).length === shares.length) break;
    if (tries === 60) throw new Error("services are not told");
    await new Promise((later) => setTimeout(later, 500));
  }
  writeFileSync("state.json", JSON.stringify(state));

  const unleash = new Unleash({
    appName: "shop", url: "http://127.0.0.1:9/api", refreshInterval: 0, disableMetrics: true,
    storageProvider: new InMemStorageProvider(), bootstrap: { data: state.features },
  });
  unleash.on("error", () => {});
  unleash.on("warn", () => {});
  unleash.on("ready", async () => {
    const { features } = await api("POST", "admin/playground", {
      environment: "development", projects: ["default"], context: { appName: "shop", userId: "user-0" } });
    for (const [at, sent] of shares.entries()) {
      const name = `flag-${at}`;
      const { rollout } = state.features.find((flag) => flag.name === name).strategies[0].parameters;
      const on = users.filter((userId) => unleash.isEnabled(name, { userId })).length;
      const played = features.find((flag) => flag.name === name).isEnabled;
      if (played !== unleash.isEnabled(name, { userId: "user-0" })) throw new Error(`${name}: playground ${played}`);
      console.log(`${JSON.stringify(sent)}, kept as ${JSON.stringify(rollout)}: node ${on}`);
    }
    process.exit(0);
  });
})();
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
for at in range(len(state["features"])):
    on = sum(unleash.is_enabled(f"flag-{at}", {"userId": f"user-{user}"}) for user in range(1000))
    print(f", python {on}")
EOF

node ask.js "$port" >seen-node
venv/bin/python ask.py >seen-python
paste -d '\0' seen-node seen-python >seen

diff - seen <<'EOF'
"12", kept as "12": node 126, python 126
"012", kept as "012": node 126, python 126
12.5, kept as "12.5": node 126, python 0
"12.5", kept as "12.5": node 126, python 0
"99.5", kept as "99.5": node 992, python 0
"100.0", kept as "100.0": node 1000, python 0
"1e2", kept as "1e2": node 1000, python 0
"100 ", kept as "100 ": node 1000, python 0
"12 %", kept as "12 %": node 0, python 0
"abc", kept as "abc": node 0, python 0
EOF
echo "as described"
