#!/usr/bin/env bash
# Unleash: asked for pages of 101 flags, the search gives pages of 50. Whoever asks for
# the next by what was asked for goes past half of the flags.
#
# Versions: unleash-server 7.5.1 (npm) with Debian's PostgreSQL 15.
#
# Behaviour: GET /api/admin/search/features?limit=N gives N flags a page up to 100. Of
# a larger N it makes neither 100 nor an error: it falls back to the default, 50
# (normalizeQueryParams in dist/lib/features/feature-search/search-utils.js). So 100
# flags a page are to be had and 101 are half as many; `total` stays right. The search
# of events has the same turn at 1000.
#
# Expected: the server's OpenAPI document says of this `limit` "The number of feature
# environments to return in a page. By default it is set to 50." and names no largest
# one (of the events' it does: "The maximum is 1000."). A limit that is too large is
# elsewhere cut to the largest, or answered by 400.
#
# Why it matters here: a set is captured by this search, page after page. With a round
# limit of 200 a project of 120 flags comes as 50, in one page, with 200 and no word; a
# loop over offset += limit ends after it, and so does one that stops at a page that is
# not full. Count what came against `total`.
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
const { api } = require("./api.js");

(async () => {
  const flags = Array.from({ length: 120 }, (_, at) => `flag-${String(at).padStart(3, "0")}`);
  for (const name of flags) await api("POST", "admin/projects/default/features", { name, type: "release" });

  const search = (limit, offset) =>
    api("GET", `admin/search/features?project=IS:default&sortBy=name&limit=${limit}&offset=${offset}`);
  for (const limit of [99, 100, 101, 120, 200]) {
    const { features, total } = await search(limit, 0);
    console.log(`limit ${limit}: ${features.length} of ${total}`);
  }
  for (const limit of [100, 101]) {
    const seen = new Set();
    for (let offset = 0; offset < flags.length; offset += limit)
      for (const { name } of (await search(limit, offset)).features) seen.add(name);
    console.log(`pages of ${limit}: ${seen.size} flags`,
      seen.has("flag-050") ? "with flag-050" : "without flag-050");
  }
  for (const limit of [100, 101, 1000, 1001]) {
    const { events, total } = await api("GET", `admin/search/events?limit=${limit}`);
    if (total <= 101) throw new Error("too few events");
    console.log(`events, limit ${limit}: ${events.length === total ? "all" : events.length}`);
  }
})();
EOF

node ask.js "$port" >seen

diff - seen <<'EOF'
limit 99: 99 of 120
limit 100: 100 of 120
limit 101: 50 of 120
limit 120: 50 of 120
limit 200: 50 of 120
pages of 100: 120 flags with flag-050
pages of 101: 69 flags without flag-050
events, limit 100: 100
events, limit 101: 101
events, limit 1000: all
events, limit 1001: 50
EOF
echo "as described"
