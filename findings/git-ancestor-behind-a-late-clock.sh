#!/usr/bin/env bash
# One commit by a machine whose clock is late, and dulwich takes an ancestor for
# none: a plain fast-forward is "diverged".
#
# Versions: dulwich 1.2.21, beside pygit2 1.21.0 with libgit2 (PyPI), and git.
#
# Behaviour: three commits in a row; the second was committed on a machine whose
# clock is an hour late, so its date is before that of the first.
# dulwich.graph.can_fast_forward(first, third) is False (though find_merge_base
# finds the first), and porcelain.push of the third onto the first is refused as
# diverged. can_fast_forward looks at no commit that is older than the first.
# git and libgit2 say: ancestor; and git pushes. With right clocks dulwich says
# so too (the second line).
#
# Expected: can_fast_forward: "Is it possible to fast-forward from c1 to c2?".
# gitglossary, "fast-forward", "reachable": by parents, not by dates.
#
# Why it matters here: versions are commits, and which one is newer decides
# about downgrades and about requirements "at or after" a commit. A pipeline
# that asks dulwich finds "diverged" where this tool says "newer". Commits of
# CI machines, rebases with --committer-date-is-author-date and imported
# histories have such dates.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q dulwich==1.2.21 pygit2==1.21.0

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com

# history NAME SECONDS: a clone NAME of NAME.git, whose main is the first of
# three commits; the second is SECONDS after the first.
history() {
    git init -q --bare -b main "$1.git"
    git init -q -b main "$1"
    local now=1790000000 offset
    for offset in 0 "$2" 7200; do
        GIT_COMMITTER_DATE="$((now + offset)) +0000" \
            git -C "$1" commit -q --allow-empty -m "$offset"
    done
    git -C "$1" push -q "../$1.git" HEAD~2:refs/heads/main
}
history late -3600
history right 3600

cat >ask.py <<'EOF'
import sys

import pygit2
from dulwich import porcelain
from dulwich.graph import can_fast_forward, find_merge_base
from dulwich.repo import Repo

name, first, third = sys.argv[1:]
repository = Repo(name)
ids = [first.encode(), third.encode()]
try:
    porcelain.push(repository, f"{name}.git", "refs/heads/main", errstream=open("push.log", "wb"))
    pushed = "pushed"
except porcelain.DivergedBranches:
    pushed = "DivergedBranches"
print("libgit2", pygit2.Repository(name).descendant_of(third, first),
      "dulwich", can_fast_forward(repository, *ids), len(find_merge_base(repository, ids)), pushed)
EOF

for name in late right; do
    first=$(git -C "$name" rev-parse HEAD~2)
    third=$(git -C "$name" rev-parse HEAD)
    known=False
    git -C "$name" merge-base --is-ancestor "$first" "$third" && known=True
    echo "$name: git $known $(venv/bin/python ask.py "$name" "$first" "$third")"
done >seen

diff - seen <<'EOF'
late: git True libgit2 True dulwich False 1 DivergedBranches
right: git True libgit2 True dulwich True 1 pushed
EOF
git -C late push -q ../late.git HEAD:refs/heads/main
echo "as described"
