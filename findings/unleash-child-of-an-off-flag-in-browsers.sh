#!/usr/bin/env bash
# Unleash: a flag that is to be on while another is off is on for the services and
# never for the browsers, until the other is switched on (for nobody).
#
# Versions: unleash-server 7.5.1 with unleash-client 6.12.1 (npm; the client that the
# server's frontend API evaluates by, too) and Debian's PostgreSQL 15.
#
# Behaviour: a flag may depend on another one's being off ({"feature": "old-checkout",
# "enabled": false}). A service, by unleash-client, has the flag where the other is off
# in the environment, and where it is on with a strategy of 0 %. A browser, by
# /api/frontend of the same server, has it in the second case only: what the frontend
# API evaluates is read from the database without the flags that are off
# (dist/lib/features/frontend-api/client-feature-toggle-read-model.js), and a parent
# that is not there satisfies nobody. No call answers an error. The server's playground says
# a third thing: on in the first case, off in the second.
#
# Expected: the schema of a dependency says of `enabled`: "Whether the parent feature
# should be enabled"; Unleash/unleash#6731, which brought it: "Feature dependency on a
# disabled feature (e.g. killswitch)". And one answer from one server.
#
# Why it matters here: "old off, new on" is what such a set is made for. As soon as it
# is on, the services run the new code and the pages the old, and the admin API, the
# client API and the playground all confirm that the set is on. Who verifies a switch
# for browsers has to ask the frontend API.
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

cat >ask.js <<'EOF'
const { once } = require("node:events");
const { setTimeout: sleep } = require("node:timers/promises");
const { InMemStorageProvider, Unleash } = require("unleash-client");
const { api } = require("./api.js");

const flags = "admin/projects/default/features";
const parent = `${flags}/old-checkout/environments/development`;
const named = (list) => list.find(({ name }) => name === "new-checkout");

async function say(state, wanted) {
  // Services and browsers are told once a second, at most.
  for (let tries = 0; ; tries++) {
    const { features } = await api("GET", "client/features", undefined, "default:development.service");
    const { enabled, strategies } = features.find(({ name }) => name === "old-checkout");
    if (wanted === (enabled ? Number(strategies[0].parameters.rollout) : undefined)) break;
    if (tries === 60) throw new Error(`${state}: services are not told`);
    await sleep(500);
  }
  await sleep(5000);
  const unleash = new Unleash({
    appName: "shop", url: `http://127.0.0.1:${process.argv[2]}/api/`, disableMetrics: true,
    customHeaders: { Authorization: "default:development.service" }, storageProvider: new InMemStorageProvider(),
  });
  await once(unleash, "synchronized");
  const service = unleash.isEnabled("new-checkout", { userId: "7" });
  unleash.destroy();
  const { toggles } = await api("GET", "frontend?userId=7", undefined, "default:development.browser");
  const { features } = await api("POST", "admin/playground", {
    environment: "development", projects: ["default"], context: { appName: "shop", userId: "7" },
  });
  console.log(`old ${state}: new in a service ${service}, in a browser ${Boolean(named(toggles))},`,
    `in the playground ${named(features).isEnabled}`);
}

(async () => {
  for (const name of ["old-checkout", "new-checkout"]) await api("POST", flags, { name, type: "release" });
  await api("POST", `${flags}/new-checkout/dependencies`, { feature: "old-checkout", enabled: false });
  await api("POST", `${flags}/new-checkout/environments/development/on`);
  await say("off", undefined);

  const strategy = (rollout) => ({
    name: "flexibleRollout", parameters: { rollout, stickiness: "userId", groupId: "old-checkout" } });
  const { id } = await api("POST", `${parent}/strategies`, strategy("0"));
  await api("POST", `${parent}/on`);
  await say("on for nobody", 0);

  await api("PUT", `${parent}/strategies/${id}`, strategy("100"));
  await say("on for all", 100);
})();
EOF

node ask.js "$port" >seen

diff - seen <<'EOF'
old off: new in a service true, in a browser false, in the playground true
old on for nobody: new in a service true, in a browser true, in the playground false
old on for all: new in a service false, in a browser false, in the playground false
EOF
echo "as described"
