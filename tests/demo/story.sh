#!/usr/bin/env bash
# The Cart/Tax story, on the control plane that `make demo` has started.
#
# Each command is shown as a person types it and then run; what it prints is
# its real output. A command that does not end as the story says ends the demo.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

target=${CARGO_TARGET_DIR:-target}
plugins=$(mktemp -d)
trap 'rm -rf "$plugins"' EXIT
ln -s "$(realpath "$target/debug/kubectl-snapshot")" "$plugins/kubectl-snapshot"
export PATH="$plugins:$PATH"
shop=tests/fixtures/shop

if [ -t 1 ] && [ -z "${NO_COLOR:-}" ]; then bold=$'\e[1m' plain=$'\e[0m'; else bold='' plain=''; fi

say() { printf '\n%s# %s%s\n' "$bold" "$*" "$plain"; }

# The words as a person types them: quoted where a space makes it necessary.
typed() {
    local word line=
    for word in "$@"; do
        case $word in *' '*) line+="\"$word\" " ;; *) line+="$word " ;; esac
    done
    printf '%s' "${line% }"
}

# run EXIT COMMAND…: shows the command, runs it, and expects that exit code.
run() {
    local expected=$1 code=0
    shift
    printf '%s$ %s%s\n' "$bold" "$(typed "$@")" "$plain"
    "$@" || code=$?
    [ "$code" -eq 0 ] || printf '%s(exit code %s)%s\n' "$bold" "$code" "$plain"
    [ "$code" -eq "$expected" ] || { echo "demo: expected exit code $expected" >&2; exit 1; }
}

quietly() { "$@" >/dev/null; }

# Both places run before the story starts.
for place in dev prod; do
    quietly kubectl create namespace "$place"
    quietly kubectl apply -n "$place" -f "$shop/secret.yaml" -f "$shop/$place.yaml"
done
for place in dev prod; do
    quietly kubectl rollout status -n "$place" --timeout=60s deployment,statefulset,daemonset
done
quietly kubectl config set-context --current --namespace dev

say "A shop runs in dev and in prod. The database's address belongs to the place, not to the set."
run 0 kubectl snapshot variables set dev DB_HOST=orders-db.dev
run 0 kubectl snapshot variables set prod DB_HOST=orders-db.prod

say "Capture what runs in dev: the versions, variables and flags that work together."
run 0 kubectl snapshot capture rel-41 -m "cart asks tax"
run 0 kubectl snapshot list

say "How does it differ from what runs in prod, and which side is newer?"
run 1 kubectl snapshot diff live:prod rel-41

say "May it go there? The flag tax-call is on, and needs a newer tax."
run 3 kubectl snapshot check rel-41 --against live:prod

say "Upgrade tax in dev, and capture again."
run 0 kubectl set image deployment/tax tax=registry.example/shop/tax:1.4.1
quietly kubectl rollout status --timeout=60s deployment/tax
run 0 kubectl snapshot capture rel-42 -m "tax 1.4.1"
run 1 kubectl snapshot diff rel-41 rel-42
run 0 kubectl snapshot check rel-42 --against live:prod

say "Apply the very same set to prod: only what differs is written."
run 0 kubectl snapshot apply rel-42 -n prod --variables prod --yes
run 0 kubectl snapshot diff rel-42 live:prod
