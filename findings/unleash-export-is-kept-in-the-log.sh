#!/usr/bin/env bash
# Unleash: an export of flags, which changes nothing, is written into the log of events
# as a whole, with the address of who asked.
#
# Versions: unleash-server 7.5.1 (npm) with Debian's PostgreSQL 15.
#
# Behaviour: each POST /api/admin/features-batch/export stores an event
# `features-exported` that holds the answer again, flags, strategies, tags and all, and
# id, name and IP address of who asked (`auditUser`; the events of a switch have no such
# member in their data). An export of a project that there is not stores one, too.
# Reading flags by the client API, the search or the playground stores none. The event
# names no project and no environment, so it is not among those of
# GET /api/admin/events?project=P; without that, the call answers the newest 100 events
# whatever `limit` it is given, and after 100 exports it tells of nothing else.
#
# Expected: the server's OpenAPI document says of the export that it "Exports all features
# listed", and "the export data is returned directly as JSON"; of a record, nothing.
#
# Why it matters here: the export has the flags of an environment with tags, disabled
# strategies and dependencies in one answer, so it looks made for a capture. A capture
# every five minutes of a project whose export has 500 kB adds 144 MB a day to the
# database, and hides from GET /api/admin/events who switched what between two captures.
# Read by the search and the client API, and events by /api/admin/search/events with a type.
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
npm install --silent --ignore-scripts --no-audit --no-fund unleash-server@7.5.1 >npm.log
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
const { isDeepStrictEqual } = require("node:util");
const { api } = require("./api.js");

(async () => {
  const flags = "admin/projects/default/features";
  for (let at = 0; at < 20; at++) {
    await api("POST", flags, { name: `flag-${at}`, type: "release" });
    await api("POST", `${flags}/flag-${at}/environments/development/on`);
  }
  const last = async () => (await api("GET", "admin/search/events?limit=1")).events[0];
  const count = async () => (await api("GET", "admin/search/events?limit=1")).total;
  const asked = { environment: "development", project: "default" };

  const reads = {
    "GET client/features": () => api("GET", "client/features"),
    "GET search/features": () => api("GET", "admin/search/features?limit=100"),
    "POST playground": () => api("POST", "admin/playground", {
      environment: "development", projects: ["default"], context: { appName: "shop" } }),
    "POST features-batch/export": () => api("POST", "admin/features-batch/export", asked),
    "POST features-batch/export of nothing": () =>
      api("POST", "admin/features-batch/export", { environment: "development", project: "no-such" }),
  };
  for (const [what, read] of Object.entries(reads)) {
    const before = await count();
    await read();
    console.log(`${what}: events ${await count() - before}`);
  }

  const answer = await api("POST", "admin/features-batch/export", asked);
  const event = await last();
  const { auditUser, data } = event.data;
  console.log(`the event: ${event.type}, project ${event.project}, environment ${event.environment},`,
    `the same as the answer ${isDeepStrictEqual(data, answer)}, features ${data.features.length},`,
    `strategies ${data.featureStrategies.length}, of whom asked ${Object.keys(auditUser)}`);
  const { events } = await api("GET", "admin/events?project=default");
  console.log(`the project's events: exports ${events.filter(({ type }) => type === event.type).length}`);

  for (let at = 0; at < 100; at++) await api("POST", "admin/features-batch/export", asked);
  const newest = (await api("GET", "admin/events?limit=5")).events;
  console.log(`after 100 more, of the 5 newest events that are asked for: ${newest.length},`,
    `exports ${newest.filter(({ type }) => type === event.type).length}`);
  const switched = await api("GET", "admin/search/events?limit=5&type=IS:feature-environment-enabled");
  console.log(`switches, of 5 asked for: ${switched.events.length}, with auditUser`,
    switched.events.filter(({ data }) => data && "auditUser" in data).length);
})();
EOF

node ask.js "$port" >seen

diff - seen <<'EOF'
GET client/features: events 0
GET search/features: events 0
POST playground: events 0
POST features-batch/export: events 1
POST features-batch/export of nothing: events 1
the event: features-exported, project null, environment null, the same as the answer true, features 20, strategies 20, of whom asked id,username,ip
the project's events: exports 0
after 100 more, of the 5 newest events that are asked for: 100, exports 100
switches, of 5 asked for: 5, with auditUser 0
EOF
echo "as described"
