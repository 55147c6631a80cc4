#!/usr/bin/env bash
# Unleash: a PUT of a strategy resets half of what it leaves out and keeps the other
# half, and a PATCH that removes a strategy's segments answers 200 and removes none.
#
# Versions: unleash-server 7.5.1 (npm) with Debian's PostgreSQL 15.
#
# Behaviour of PUT .../environments/E/strategies/ID, by the member that is left out:
# constraints and variants go, the parameters become those of a rollout to 100 % in a
# group of the flag's name; the title, the place, `disabled` and the segments stay, the
# title and `disabled` where they are sent as null, too. So a PUT of a new title alone
# opens to everybody what was for 10 % in one country. The answer is 200, and nothing
# in it tells the two halves apart.
# PATCH, which takes JSON Patch, puts the patched whole through the same code: "remove"
# of /segments, /title, /disabled or /sortOrder passes, answers 200 and changes nothing;
# of /constraints or /variants it removes; of /parameters/rollout it sets 100 %. Segments
# go by an empty list alone.
#
# Expected: the server's OpenAPI document says "Replace strategy configuration" of the
# PUT, and "Change specific properties" of the PATCH; no member but `name` (deprecated)
# is said to be wanted. RFC 9110, 9.3.4: a PUT replaces the state by what it encloses.
# RFC 6902, 4.2: "remove" removes the value at the target location.
#
# Why it matters here: a set is undone by writing back the strategies that were captured.
# Whoever writes back one that had no segment, without that member, leaves those that
# were added since, and the flag stays closed; whoever writes back a few members of many
# opens it. Send all of them, segments as [] too, and read what is there afterwards.
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

const flags = "admin/projects/default/features";
const constraint = { contextName: "country", operator: "IN", values: ["SE"] };
const variant = { name: "blue", weight: 1000, weightType: "variable", stickiness: "userId" };

(async () => {
  const segment = await api("POST", "admin/segments", {
    name: "testers", constraints: [{ contextName: "userId", operator: "IN", values: ["7"] }] });
  const whole = {
    name: "flexibleRollout", title: "for testers", disabled: true, sortOrder: 3,
    parameters: { rollout: "10", stickiness: "userId", groupId: "shared" },
    constraints: [constraint], variants: [variant], segments: [segment.id],
  };

  let made = 0;
  async function say(what, method, body) {
    const name = `flag-${made++}`;
    await api("POST", flags, { name, type: "release" });
    const strategies = `${flags}/${name}/environments/development/strategies`;
    const { id } = await api("POST", strategies, whole);
    await api(method, `${strategies}/${id}`, body);
    const now = await api("GET", `${strategies}/${id}`);
    const { title, disabled, sortOrder, parameters, constraints, variants, segments } = now;
    console.log(`${what}:`, title, disabled ? "disabled" : "enabled", `order ${sortOrder},`,
      `${parameters.rollout} % by ${parameters.stickiness} in ${parameters.groupId.replace(name, "flag")},`,
      `constraints ${constraints.length}, variants ${variants.length}, segments ${segments.length}`);
  }

  await say("PUT the whole", "PUT", whole);
  const { name } = whole;
  await say("PUT the name", "PUT", { name });
  await say("PUT a title", "PUT", { name, title: "for all" });
  await say("PUT no segments", "PUT", { ...whole, segments: [] });
  await say("PUT nulls", "PUT", { name, title: null, disabled: null });
  for (const member of ["title", "disabled", "sortOrder", "constraints", "variants", "segments"])
    await say(`PATCH removes ${member}`, "PATCH", [{ op: "remove", path: `/${member}` }]);
  await say("PATCH empties segments", "PATCH", [{ op: "replace", path: "/segments", value: [] }]);
  await say("PATCH removes rollout", "PATCH", [{ op: "remove", path: "/parameters/rollout" }]);
})();
EOF

node ask.js "$port" >seen

diff - seen <<'EOF'
PUT the whole: for testers disabled order 3, 10 % by userId in shared, constraints 1, variants 1, segments 1
PUT the name: for testers disabled order 3, 100 % by default in flag, constraints 0, variants 0, segments 1
PUT a title: for all disabled order 3, 100 % by default in flag, constraints 0, variants 0, segments 1
PUT no segments: for testers disabled order 3, 10 % by userId in shared, constraints 1, variants 1, segments 0
PUT nulls: for testers disabled order 3, 100 % by default in flag, constraints 0, variants 0, segments 1
PATCH removes title: for testers disabled order 3, 10 % by userId in shared, constraints 1, variants 1, segments 1
PATCH removes disabled: for testers disabled order 3, 10 % by userId in shared, constraints 1, variants 1, segments 1
PATCH removes sortOrder: for testers disabled order 3, 10 % by userId in shared, constraints 1, variants 1, segments 1
PATCH removes constraints: for testers disabled order 3, 10 % by userId in shared, constraints 0, variants 1, segments 1
PATCH removes variants: for testers disabled order 3, 10 % by userId in shared, constraints 1, variants 0, segments 1
PATCH removes segments: for testers disabled order 3, 10 % by userId in shared, constraints 1, variants 1, segments 1
PATCH empties segments: for testers disabled order 3, 10 % by userId in shared, constraints 1, variants 1, segments 0
PATCH removes rollout: for testers disabled order 3, 100 % by userId in shared, constraints 1, variants 1, segments 1
EOF
echo "as described"
