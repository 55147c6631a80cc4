#!/usr/bin/env bash
# Canonical JSON (RFC 8785): one library leaves an object in the order that it came in
# where a member is named toJSON, so one document has two digests.
#
# Versions: json-canonicalize 3.0.1 and canonicalize 4.0.0 (npm), jcs 0.2.1 and
# rfc8785 0.1.4 (PyPI).
#
# Behaviour: json-canonicalize hands every object that has a member toJSON which is not
# null to JSON.stringify (dist/index.js, the first condition of its serializer), though
# it was parsed from text and the member is a string, a number, a boolean or an object.
# Neither that object nor what lies in it is sorted; its neighbours are. canonicalize
# takes it for a way to write itself where it is a function alone; the libraries for
# Python know of none. With that one member null, all four agree.
#
# Expected: RFC 8785, 3.2.3: the properties of all objects are sorted, and those of
# their children; no name of a member means anything to it. The sample in JavaScript in
# its appendix A has the same condition, for values that can write themselves: none that
# was parsed from JSON can. The sample and the text of one standard disagree.
#
# Why it matters here: a snapshot is known by the digest of its canonical JSON, and
# other tools compute it anew from the document in Git. Flags are members by their
# keys: a set with a flag named toJSON has another digest there each time that somebody
# writes its keys in another order, and never the one that it was captured with.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q jcs==0.2.1 rfc8785==0.1.4
npm install --silent --ignore-scripts --no-audit --no-fund json-canonicalize@3.0.1 canonicalize@4.0.0 >npm.log

cat >documents <<'EOF'
{"flags":{"toXML":{"on":1,"off":0},"toJSON":{"on":1,"off":0},"csv":{"on":1,"off":0}},"a":{"z":1,"y":2}}
{"flags":{"toJSON":{"on":1,"off":0},"csv":{"off":0,"on":1},"toXML":{"on":1,"off":0}},"a":{"y":2,"z":1}}
{"flags":{"toXML":{"on":1,"off":0},"toJSON":null,"csv":{"on":1,"off":0}},"a":{"z":1,"y":2}}
EOF

cat >ask.mjs <<'EOF'
import { readFileSync } from "node:fs";
import canonicalize from "canonicalize";
import { canonicalize as other } from "json-canonicalize";
for (const line of readFileSync("documents", "utf8").trim().split("\n")) {
  const document = JSON.parse(line);
  console.log(`json-canonicalize ${other(document)}\ncanonicalize ${canonicalize(document)}`);
}
EOF
cat >ask.py <<'EOF'
import json
import jcs
import rfc8785

for line in open("documents"):
    document = json.loads(line)
    print("jcs", jcs.canonicalize(document).decode())
    print("rfc8785", rfc8785.dumps(document).decode())
EOF

paste -d '\n' <(node ask.mjs | sed -n 1~2p) <(node ask.mjs | sed -n 2~2p) \
    <(venv/bin/python ask.py | sed -n 1~2p) <(venv/bin/python ask.py | sed -n 2~2p) >seen

diff - seen <<'EOF'
json-canonicalize {"a":{"y":2,"z":1},"flags":{"toXML":{"on":1,"off":0},"toJSON":{"on":1,"off":0},"csv":{"on":1,"off":0}}}
canonicalize {"a":{"y":2,"z":1},"flags":{"csv":{"off":0,"on":1},"toJSON":{"off":0,"on":1},"toXML":{"off":0,"on":1}}}
jcs {"a":{"y":2,"z":1},"flags":{"csv":{"off":0,"on":1},"toJSON":{"off":0,"on":1},"toXML":{"off":0,"on":1}}}
rfc8785 {"a":{"y":2,"z":1},"flags":{"csv":{"off":0,"on":1},"toJSON":{"off":0,"on":1},"toXML":{"off":0,"on":1}}}
json-canonicalize {"a":{"y":2,"z":1},"flags":{"toJSON":{"on":1,"off":0},"csv":{"off":0,"on":1},"toXML":{"on":1,"off":0}}}
canonicalize {"a":{"y":2,"z":1},"flags":{"csv":{"off":0,"on":1},"toJSON":{"off":0,"on":1},"toXML":{"off":0,"on":1}}}
jcs {"a":{"y":2,"z":1},"flags":{"csv":{"off":0,"on":1},"toJSON":{"off":0,"on":1},"toXML":{"off":0,"on":1}}}
rfc8785 {"a":{"y":2,"z":1},"flags":{"csv":{"off":0,"on":1},"toJSON":{"off":0,"on":1},"toXML":{"off":0,"on":1}}}
json-canonicalize {"a":{"y":2,"z":1},"flags":{"csv":{"off":0,"on":1},"toJSON":null,"toXML":{"off":0,"on":1}}}
canonicalize {"a":{"y":2,"z":1},"flags":{"csv":{"off":0,"on":1},"toJSON":null,"toXML":{"off":0,"on":1}}}
jcs {"a":{"y":2,"z":1},"flags":{"csv":{"off":0,"on":1},"toJSON":null,"toXML":{"off":0,"on":1}}}
rfc8785 {"a":{"y":2,"z":1},"flags":{"csv":{"off":0,"on":1},"toJSON":null,"toXML":{"off":0,"on":1}}}
EOF
echo "canonical JSON of a member toJSON: as described"
