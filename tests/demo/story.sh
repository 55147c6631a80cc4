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

say() { printf '\n%s%s%s\n' "$bold" "$(fold -s -w 79 <<< "# $*")" "$plain"; }

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

# Web's versions are commits. They are made here, and stand in the manifests for those of the fixture.
web=$plugins/web
ada() {
    GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null git -C "$web" \
        -c user.name="Ada Lovelace" -c user.email=ada@shop.example "$@"
}
commit() {
    echo "$1" >> "$web/basket.html"
    ada add basket.html
    ada commit --quiet --message "$1"
    ada rev-parse HEAD
}
mkdir "$web"
ada init --quiet --initial-branch=main
in_prod=$(commit "Show the basket")
quietly commit "Show the tax beside each price"
in_dev=$(commit "Round what is shown as tax rounds it")
manifests() {
    sed -E "s/3f2a91c[0-9a-f]{33}/$in_prod/; s/7d1f0c9[0-9a-f]{33}/$in_dev/" "$shop/$1.yaml"
}

# All places run before the story starts. In qa, which only the second act shows,
# it is what dev runs at the end of the first.
for place in dev qa prod; do
    quietly kubectl create namespace "$place"
    quietly kubectl apply -n "$place" -f "$shop/secret.yaml"
    manifests "${place/qa/dev}" | quietly kubectl apply -n "$place" -f -
done
quietly kubectl set image -n qa deployment/tax tax=registry.example/shop/tax:1.4.1
for place in dev qa prod; do
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

say "Web's versions are commits: their order is in its git repository, and what lies between them."
run 0 kubectl snapshot repositories add web --clone "$web"
run 1 kubectl snapshot diff live:prod rel-41 --service web --log

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

say "Act two. Three stages, one after the other, each with variables of its own."
run 0 kubectl snapshot variables set qa DB_HOST=orders-db.qa
run 0 kubectl snapshot stage set dev --at dev --variables dev
run 0 kubectl snapshot stage set qa --at qa --after dev --variables qa
run 0 kubectl snapshot stage set prod --at prod --after qa --variables prod
run 0 kubectl snapshot stage list

say "Nothing goes to prod that has not passed its tests at qa. rel-42 has, and QA says so."
run 0 cat tests/demo/ladder.yaml
run 0 kubectl snapshot policy add promotion-ladder --settings tests/demo/ladder.yaml
run 0 kubectl snapshot evidence add rel-42 --name e2e --passed --at qa

say "A newer tax in dev makes another set, of which nothing is known yet."
run 0 kubectl set image deployment/tax tax=registry.example/shop/tax:1.5.0
quietly kubectl rollout status --timeout=60s deployment/tax
run 0 kubectl snapshot capture rel-43 -m "tax 1.5.0"

say "It goes to dev and to qa, and not to prod: nobody has tested it."
run 0 kubectl snapshot promote rel-43 --to dev --yes
run 0 kubectl snapshot promote rel-43 --to qa --yes
run 4 kubectl snapshot promote rel-43 --to prod --yes

say "The tests run at qa. Their report is the evidence that was missing."
run 0 kubectl snapshot evidence add rel-43 --from-junit "$shop/e2e.xml" --name e2e --at qa
run 0 kubectl snapshot promote rel-43 --to prod --yes --reason "sprint 12"

say "Carts lose cents in prod: back to what ran before, whose evidence is still there."
run 0 kubectl snapshot rollback prod --yes --reason "tax 1.5.0 loses cents"
run 0 kubectl snapshot diff stage:prod rel-42

say "Who let what through, when and why? And is that all of it, as it was written?"
run 0 kubectl snapshot history prod
run 0 kubectl snapshot history --verify

say "Would the policies leave it undecided again? The record holds what they were asked."
run 0 kubectl snapshot policy run --replay prod/1
