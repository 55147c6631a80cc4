#!/usr/bin/env bash
# A Lease that is renewed on a whole second is refused by the API server: its
# times need exactly six digits after the point.
#
# Versions: k8s.io/apimachinery 0.36.1 (Go; what kube-apiserver 1.36 reads a
# Lease with), kubernetes 37.0.2 (PyPI, the official client for Python).
#
# Behaviour: acquireTime and renewTime are of the type MicroTime. It is read by a
# fixed layout: no digits after the point are an error, so are three (what
# JavaScript's toISOString writes) and nine. The client for Python writes a time
# as isoformat() has it: six digits, but none where the microseconds are zero. So
# one renewal of a million fails, or each one of a program that rounds to seconds.
# The other times of the API (creationTimestamp) take all four. Seen with a
# kube-apiserver 1.36.1 as well: 400, "cannot parse".
#
# Expected: the API's own schema says of MicroTime {"type": "string", "format":
# "date-time"}, "version of Time with microsecond level precision"; date-time is
# RFC 3339, section 5.6, where the fraction may be left out and have any length.
#
# Why it matters here: a namespace is locked by a Lease while a set is applied,
# and other tools hold it by the same rules. Whoever writes its time by another
# library than Go's gets a 400 at renewal and loses the lock in the middle of a
# rollout. Write six digits, always.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q kubernetes==37.0.2
cat >write.py <<'EOF'
import json
from datetime import datetime, timezone
from kubernetes import client

serialize = client.ApiClient().sanitize_for_serialization
for microsecond in (0, 123456):
    time = datetime(2026, 11, 28, 10, 0, 0, microsecond, tzinfo=timezone.utc)
    print(json.dumps(serialize(client.V1LeaseSpec(renew_time=time))["renewTime"]))
EOF
{
    venv/bin/python write.py
    printf '"%s"\n' 2026-11-28T10:00:00.123Z 2026-11-28T10:00:00.123456789Z
} >times.txt

cat >go.mod <<'EOF'
module read
go 1.24
require k8s.io/apimachinery v0.36.1
EOF
cat >main.go <<'EOF'
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func main() {
	for times := bufio.NewScanner(os.Stdin); times.Scan(); {
		var lease meta.MicroTime
		var object meta.Time
		refused := json.Unmarshal(times.Bytes(), &lease) != nil
		fmt.Println(times.Text(), "as MicroTime refused:", refused,
			"as Time refused:", json.Unmarshal(times.Bytes(), &object) != nil)
	}
}
EOF
go mod tidy
go run . <times.txt >seen

diff - seen <<'EOF'
"2026-11-28T10:00:00+00:00" as MicroTime refused: true as Time refused: false
"2026-11-28T10:00:00.123456+00:00" as MicroTime refused: false as Time refused: false
"2026-11-28T10:00:00.123Z" as MicroTime refused: true as Time refused: false
"2026-11-28T10:00:00.123456789Z" as MicroTime refused: true as Time refused: false
EOF
echo "as described"
