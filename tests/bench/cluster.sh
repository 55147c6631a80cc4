#!/usr/bin/env bash
# What applying and comparing cost beside kubectl, and beside bare requests: cluster.sh PLUGIN
# [ROUNDS [MANY]], where `control-plane exec` has started a server. Medians of so many rounds;
# `kubectl diff` takes minutes, and is run once.
#
# A thousand Deployments without pods, of which 36 or all get another image; MANY of them are read
# for what that takes of memory.
set -euo pipefail

plugin=$(realpath "$1") rounds=${2:-5} many=${3:-10000}
for needed in curl jq "$KUBECTL" /usr/bin/time; do
    command -v "$needed" > /dev/null || { echo "skipped: applying, without $needed" >&2; exit 0; }
done
folder=$(mktemp -d)
export KUBECTL_SNAPSHOT_STORE=bench-store XDG_CACHE_HOME=$folder/cache
clean() {
    "$KUBECTL" delete namespace bench bench-all bench-many bench-store --ignore-not-found --wait=false > /dev/null
    "$KUBECTL" delete namespace --selector bench=spread --wait=false > /dev/null
    rm -rf "$folder"
}
trap clean EXIT
cd "$folder"
"$KUBECTL" create namespace bench > /dev/null
"$KUBECTL" create namespace bench-all > /dev/null
"$KUBECTL" create namespace bench-many > /dev/null
"$KUBECTL" create namespace bench-store > /dev/null

# deployments COUNT TAG CHANGED: so many Deployments, of which the first CHANGED have that tag.
deployments() {
    awk -v count="$1" -v tag="$2" -v changed="$3" 'BEGIN {
        for (n = 0; n < count; n++) {
            name = sprintf("svc-%05d", n); version = n < changed ? tag : "1.0.0"
            printf "---\napiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: %s\n  labels: {app: %s, team: shop}\nspec:\n  replicas: 0\n  selector: {matchLabels: {app: %s}}\n  template:\n    metadata: {labels: {app: %s}}\n    spec:\n      containers:\n      - name: %s\n        image: registry.example/shop/%s:%s\n        ports: [{containerPort: 8080}]\n        env:\n", name, name, name, name, name, name, version
            for (e = 0; e < 12; e++) printf "        - {name: SETTING_%d, value: \"value-%d-of-%s\"}\n", e, e, name
            printf "        resources: {requests: {cpu: 100m, memory: 128Mi}, limits: {memory: 256Mi}}\n        readinessProbe: {httpGet: {path: /ready, port: 8080}, periodSeconds: 5}\n"
        }
    }'
}

# timed FILE COMMAND…: seconds of a command, put at the end of a file.
timed() {
    local file=$1 TIMEFORMAT=%R
    shift
    { time "$@" > out 2> err || { cat err >&2; return 1; }; } 2>> "$file"
}
median() { sort -n "$1" | awk '{ all[NR] = $1 } END { print all[int((NR + 1) / 2)] }'; }
# told WHAT OURS THEIRS: a line with both times, and how often ours fits into theirs.
told() {
    local ours theirs
    ours=$(median "$2") theirs=$(median "$3")
    awk -v what="$1" -v ours="$ours" -v theirs="$theirs" \
        'BEGIN { printf "%s: %.2f s, %.2f s, %.1f times faster\n", what, ours, theirs, theirs / ours }'
}
# quietly COMMAND…: what it prints is of interest where it fails.
quietly() { "$@" > out 2> err || { cat err >&2; return 1; }; }
different() { local code=0; "$@" || code=$?; [ "$code" -le 1 ]; }

deployments 1000 1.0.0 0 > old.yaml
deployments 1000 2.0.0 36 > some.yaml
deployments 1000 2.0.0 1000 > all.yaml
"$KUBECTL" apply --namespace bench --server-side -f old.yaml > /dev/null
for set in old some all; do quietly "$plugin" capture "$set" --from "$set.yaml"; done
apply() { "$plugin" apply "$1" --namespace "${2:-bench}" --yes --wait=false; }
theirs() { "$KUBECTL" apply --namespace bench --server-side --force-conflicts -f "$1.yaml"; }

echo "seconds of ours, of theirs:"
for ((n = 0; n < rounds; n++)); do
    timed ours apply some; timed ours apply old
    timed ours-nothing apply old
    timed theirs theirs some; timed theirs theirs old
    timed theirs-nothing theirs old
done
told "apply 36 of 1,000, not waiting; kubectl apply --server-side" ours theirs
told "apply nothing in 1,000; kubectl apply --server-side" ours-nothing theirs-nothing

# patches TAG: a PATCH of each image, over 32 connections. Nobody has applied these on the server.
"$KUBECTL" create --namespace bench-all -f old.yaml > /dev/null
server=$("$KUBECTL" config view --raw --minify -o 'jsonpath={.clusters[0].cluster.server}')
"$KUBECTL" config view --raw --minify -o 'jsonpath={.clusters[0].cluster.certificate-authority-data}' | base64 -d > ca
umask 077
"$KUBECTL" config view --raw --minify -o 'jsonpath=header = "Authorization: Bearer {.users[0].user.token}"' > token
printf '\ncacert = ca\nsilent\nshow-error\nfail\nhttp1.1\nparallel\nparallel-max = 32\n' >> token
patches() {
    awk -v tag="$1" -v at="$server/apis/apps/v1/namespaces/bench-all/deployments" 'BEGIN {
        for (n = 0; n < 1000; n++) {
            name = sprintf("svc-%05d", n)
            printf "%surl = \"%s/%s\"\nrequest = PATCH\nheader = \"Content-Type: application/strategic-merge-patch+json\"\noutput = /dev/null\ndata = \"{\\\"spec\\\":{\\\"template\\\":{\\\"spec\\\":{\\\"containers\\\":[{\\\"name\\\":\\\"%s\\\",\\\"image\\\":\\\"registry.example/shop/%s:%s\\\"}]}}}}\"\n", n ? "next\n" : "", at, name, name, name, tag
        }
    }' > urls
    # Options stand for the URLs up to the next "next".
    awk 'NR == FNR { common = common $0 "\n"; next } FNR == 1 || /^next$/ { if (/^next$/) { print; printf "%s", common; next } printf "%s", common } { print }' token urls > requests
    curl --config requests
}
for ((n = 0; n < rounds; n++)); do
    timed ours-all apply all bench-all; timed ours-all apply old bench-all
    timed patches patches 2.0.0; timed patches patches 1.0.0
done
told "apply 1,000 of 1,000, not waiting; 1,000 PATCHes over 32 connections" ours-all patches

quietly apply some
for ((n = 0; n < rounds; n++)); do
    timed ours-diff different "$plugin" diff old live:bench
done
timed theirs-diff different "$KUBECTL" diff --namespace bench -f old.yaml
told "diff of 1,000 with 36 differences; kubectl diff" ours-diff theirs-diff

# cpu COMMAND…: CPU seconds and megabytes of a command.
cpu() { /usr/bin/time -f '%U %S %M' -o used "$@" > out 2> err || [ $? -le 1 ]; tail -n 1 used | awk '{ printf "%.2f s of CPU, %d MB\n", $1 + $2, $3 / 1024 }'; }
deployments "$many" 1.0.0 0 > many.yaml
deployments "$many" 2.0.0 $((many / 100)) > more.yaml
echo "read $(($(wc -c < many.yaml) / 1000000)) MB of manifests, $many objects: $(cpu "$plugin" capture many --from many.yaml)"
quietly "$plugin" capture more --from more.yaml
echo "diff of two stored sets of $many: $(cpu "$plugin" diff many more)"
quietly "$plugin" apply many --namespace bench-many --yes --wait=false
# The pages that a diff reads, one after the other of each kind, all kinds at once.
pages() {
    local path=$1 query='?limit=500' more
    while :; do
        curl --silent --show-error --fail --config token "$server$path$query" > "page-${path//\//-}"
        # A list begins with its metadata; to parse the page would be part of the time.
        more=$(head -c 1000 "page-${path//\//-}" | sed -n 's/.*"continue":"\([^"]*\)".*/\1/p')
        [ -n "$more" ] || break
        query="?limit=500&continue=$more"
    done
}
raw() {
    local at=namespaces/bench-many kind
    for kind in /apis/apps/v1/$at/{deployments,statefulsets,daemonsets} /apis/batch/v1/$at/cronjobs \
        /api/v1/$at/{pods,configmaps,services,serviceaccounts}; do pages "$kind" & done
    wait
}
for ((n = 0; n < rounds; n++)); do
    timed ours-many different "$plugin" diff many live:bench-many
    timed pages raw
done
told "diff of a stored set of $many with live; the bare pages" ours-many pages
echo "diff of a stored set of $many with live: $(cpu "$plugin" diff many live:bench-many)"

# The same, spread over a hundred namespaces.
for ((n = 0; n < 100; n++)); do
    printf -- '---\napiVersion: v1\nkind: Namespace\nmetadata: {name: bench-%02d, labels: {bench: spread}}\n' "$n"
done | "$KUBECTL" create -f - > /dev/null
awk '/^  name: svc-/ { print; printf "  namespace: bench-%02d\n", substr($2, 5) % 100; next } { print }' many.yaml > spread.yaml
quietly "$plugin" capture spread --from spread.yaml
at=$(for ((n = 0; n < 100; n++)); do printf '%sbench-%02d=bench-%02d' "${comma:-}" "$n" "$n"; comma=,; done)
quietly "$plugin" apply spread --at "$at" --yes --wait=false
for ((n = 0; n < rounds; n++)); do
    timed ours-spread "$plugin" capture "spread-$n" --selector bench=spread
    timed ours-one "$plugin" capture "one-$n" --namespace bench-many
done
told "capture of $many in 100 namespaces; in one" ours-spread ours-one
