#!/usr/bin/env bash
# In a repository of several services setuptools-scm gives tax the version of
# cart, though the project is called tax and the strict mode is on.
#
# Versions: setuptools-scm 10.3.4 (PyPI), beside dunamai 1.26.5 (PyPI).
#
# Behaviour: before the version a tag may have any word and a hyphen, and that
# word is not looked at. So for the project "tax", last tagged v1.4.0:
# - a newer tag `cart-v2.0.0` makes it 2.0.0, without a word;
# - a tag `release-2026.11.28` of a release train makes it 2026.11.28;
# - with the default mode (tag.strict unset) a tag `deploy-2026-11-28` makes it
#   28; there a warning says that this will change.
# dunamai passes over tags that are no versions as a whole and says 1.4.0.
#
# Expected: the setting's own description: tag.strict rejects "event-style tags";
# tag.prefix is "a literal prefix that version tags must start with", empty by
# default. By that `cart-v2.0.0` is no version tag: it does not start with one.
#
# Why it matters here: images are tagged with what such tools print. tax 2.0.0
# then stands for code that is 1.4.0 and a commit: `tax >=2` holds, and the real
# 1.4.1 that comes next is a downgrade that a policy refuses.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q setuptools-scm==10.3.4 dunamai==1.26.5

export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
export GIT_AUTHOR_NAME=a GIT_AUTHOR_EMAIL=a@example.com
export GIT_COMMITTER_NAME=a GIT_COMMITTER_EMAIL=a@example.com
now=1790000000

# repository NAME SETTING: the project tax, tagged v1.4.0.
repository() {
    git init -q -b main "$work/$1"
    cd "$work/$1"
    cat >pyproject.toml <<EOF
[project]
name = "tax"
dynamic = ["version"]
[tool.setuptools_scm]
local_scheme = "no-local-version"
$2
EOF
    git add pyproject.toml
    GIT_COMMITTER_DATE="$now +0000" git commit -q -m first
    tag v1.4.0
}
tag() {
    now=$((now + 60))
    GIT_COMMITTER_DATE="$now +0000" git tag -a -m "$1" "$1"
}
versions() {
    local said=quietly
    "$work/venv/bin/python" -m setuptools_scm >"$work/version" 2>"$work/warnings"
    [ ! -s "$work/warnings" ] || said='with a warning'
    echo "$1: setuptools-scm $(cat "$work/version") $said, dunamai $("$work/venv/bin/dunamai" from git)"
}

{
    repository services 'tag.strict = true'
    versions v1.4.0
    tag cart-v2.0.0
    versions 'then cart-v2.0.0'
    tag release-2026.11.28
    versions 'then release-2026.11.28'
    repository lax ''
    tag deploy-2026-11-28
    versions 'v1.4.0, then deploy-2026-11-28'
} >"$work/seen"

diff - "$work/seen" <<'EOF'
v1.4.0: setuptools-scm 1.4.0 quietly, dunamai 1.4.0
then cart-v2.0.0: setuptools-scm 2.0.0 quietly, dunamai 1.4.0
then release-2026.11.28: setuptools-scm 2026.11.28 quietly, dunamai 1.4.0
v1.4.0, then deploy-2026-11-28: setuptools-scm 28 with a warning, dunamai 1.4.0
EOF
echo "as described"
