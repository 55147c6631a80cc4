#!/usr/bin/env bash
# What the order of commits costs: history.sh PLUGIN [SERVICES [COMMITS]].
#
# Two sets of so many services at commits of one history are compared with its repository and
# without it, as stored sets, in CPU seconds; gix's merge base is asked for the same pairs with one
# graph, and the git program for a hundred of them.
set -euo pipefail

plugin=$(realpath "$1") services=${2:-10000} commits=${3:-12000}
built=$(realpath -m "${CARGO_TARGET_DIR:-target}")/bench
cargo build --quiet --release --locked --target-dir "$built" \
    --manifest-path "$(dirname "${BASH_SOURCE[0]}")/merge-base/Cargo.toml"
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
export KUBECONFIG=/dev/null HOME=$folder XDG_CACHE_HOME=$folder/cache GIT_CONFIG_NOSYSTEM=1
cd "$folder"

# A main line with branches of ten commits that are merged, as teams have them.
git init --quiet --bare --initial-branch=main history
awk -v commits="$commits" 'BEGIN {
    for (n = 1; n <= commits; n++) {
        branch = (n % 20 > 9) ? "refs/heads/side" : "refs/heads/main"
        print "commit " branch
        print "mark :" n
        print "committer Ada Lovelace <ada@shop.example> " (1700000000 + n * 60) " +0000"
        print "data 2\nc\n"
        if (n > 1) print "from :" ((n % 20 == 0 && n > 20) ? n - 11 : n - 1)
        if (n % 20 == 0 && n > 20) print "merge :" (n - 1)
        print ""
    }
}' | git -C history fast-import --quiet --export-marks=marks
awk '{ print substr($1, 2), $2 }' history/marks | sort -n | awk '{ print $2 }' > ids

# set_of FILE SERVICES STEP LATER: a Deployment for each service, at a commit that the step chooses,
# or so many later.
set_of() {
    awk -v services="$2" -v step="$3" -v later="$4" '{ id[NR] = $1 } END {
        print "{\"apiVersion\":\"v1\",\"kind\":\"List\",\"items\":["
        for (n = 0; n < services; n++) {
            commit = id[(n * step) % (NR - 20) + 1 + later]
            printf "%s{\"apiVersion\":\"apps/v1\",\"kind\":\"Deployment\",\"metadata\":{\"name\":\"s%d\"},\"spec\":{\"selector\":{\"matchLabels\":{\"app\":\"s%d\"}},\"template\":{\"metadata\":{\"labels\":{\"app\":\"s%d\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"shop/s%d:%s\"}]}}}}\n", (n ? "," : ""), n, n, n, n, commit
        }
        print "]}"
    }' ids > "$1"
}
few=$((services < 1000 ? services : 1000))
some=$((services < 2000 ? services : 2000))
set_of before.json "$services" 7 0
set_of after.json "$services" 11 0
set_of earlier.json "$some" 7 0
set_of newer.json "$some" 11 0
set_of soon.json "$few" 20 0
set_of later.json "$few" 20 3

cpu() { # CPU seconds of a command; its exit code 1 says that there are differences
    TIMEFORMAT='%U %S'
    { time "$@" > out 2> err || [ $? -eq 1 ]; } 2>&1 | awk '{ printf "%.3f", $1 + $2 }'
}
best() { for _ in 1 2 3 4 5; do cpu "$@"; echo; done | sort -n | head -1; }

for name in before after earlier newer soon later; do "$plugin" capture "$name" --from "./$name.json" --store store > /dev/null; done
without=$(best "$plugin" diff before after --store store -o json)
alone=$(best "$plugin" diff earlier newer --store store -o json)
"$plugin" repositories add 'shop/*' --clone ./history --store store > /dev/null
with=$(best "$plugin" diff before after --store store -o json)
related=$(grep -Eo '"order": *"(newer|older|diverged)"' out | wc -l) || :
[ "$related" -gt 0 ] || { echo "bench: no order was told" >&2; exit 1; }

ordered=$(best "$plugin" diff earlier newer --store store -o json)

# The same pairs, as merge bases.
awk -v services="$services" '{ id[NR] = $1 } END {
    for (n = 0; n < services; n++) print id[(n * 7) % (NR - 20) + 1], id[(n * 11) % (NR - 20) + 1]
}' ids > pairs
related_by_merge_base() { "$built/release/merge-base" history < pairs; }
bases=$(best related_by_merge_base)

plain=$(best "$plugin" diff soon later --store store -o json)
notes=$(best "$plugin" diff soon later --store store --log -o json)

pairs=100
asked() {
    paste <(head -$((pairs * 7)) ids | awk 'NR % 7 == 1') <(head -$((pairs * 11)) ids | awk 'NR % 11 == 1') |
        while read -r one other; do git -C history merge-base --is-ancestor "$one" "$other" || :; done
}
TIMEFORMAT='%U %S'
git=$( { time asked; } 2>&1 | awk '{ printf "%.3f", $1 + $2 }')
echo "$without $with $related $git $plain $notes $few $bases $alone $ordered $some" | awk -v commits="$commits" -v pairs="$pairs" '{
    order = $2 - $1
    printf "order of %d pairs over %d commits: %.3f s of CPU (a diff takes %.3f s without, %.3f s with it)\n", $3, commits, order, $1, $2
    printf "gix, a merge base for each: %.3f s of CPU, %.0f times as much\n", $8, $8 / (order > 0.001 ? order : 0.001)
    printf "a diff of %d services takes %.2f times the CPU that it takes without the order\n", $11, $10 / $9
    printf "the notes of %d services at three commits each: %.3f s of CPU\n", $7, $6 - $5
    printf "the git program, asked for each: %.1f s for as many (%.1f ms a pair)\n", $4 / pairs * $3, $4 / pairs * 1000
}'
