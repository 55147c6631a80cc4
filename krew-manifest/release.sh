#!/usr/bin/env bash
# Builds and packs the plugin for targets, then fills krew's manifest: `make release` calls it.
#
#   release.sh TARGET…           archives of those that can be built here, and the manifest
#   release.sh                   the manifest alone, of the archives that there are
#   release.sh --twice TARGET    an archive from each of two clones, which have to be the same
#
# The environment: TOOLS, where cargo-zigbuild, cargo-about and zig are; BASE_URL and HOMEPAGE for the manifest.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

say() { echo "release: $*" >&2; }

# Where things lie on this machine is no part of what is built.
flags_for() {
	local target=$1 builds=$2 cargo_home=${CARGO_HOME:-$HOME/.cargo} separator=$'\x1f' flags registry
	flags="--remap-path-prefix=$PWD=/kubectl-snapshot"
	flags+="$separator--remap-path-prefix=$builds=/target"
	flags+="$separator--remap-path-prefix=$(rustc --print sysroot)=/rust"
	flags+="$separator--remap-path-prefix=$cargo_home=/cargo"
	# The last that fits counts: a registry's folder is named for the mirror it came from.
	for registry in "$cargo_home"/registry/src/*; do
		flags+="$separator--remap-path-prefix=$registry=/cargo/registry"
	done
	export CARGO_ENCODED_RUSTFLAGS=$flags
	export CFLAGS="-ffile-prefix-map=$PWD=/kubectl-snapshot -ffile-prefix-map=$cargo_home=/cargo"
	export CXXFLAGS=$CFLAGS
}

# Says why a target cannot be built here.
is_possible() {
	case $1 in
	*-apple-darwin)
		[ "$(uname)" = Darwin ] || [ -d "${SDKROOT:-}" ] || {
			say "skipped $1: it links frameworks (Security, CoreFoundation) that come with Apple's SDK alone; build on macOS, or name an SDK with SDKROOT"
			return 1
		} ;;
	esac
}

# Builds a checkout's plugin into a folder. Apple's own linker is there on macOS; zig's does
# everywhere else.
build() {
	local target=$1 checkout=$2 into=$3 with=zigbuild
	rustup target list --installed | grep -qx "$target" || rustup --quiet target add "$target"
	if [ "$(uname)" = Darwin ] && [[ $target = *-apple-darwin ]]; then with=build; fi
	say "building $target (minutes)"
	if ! (cd "$checkout" && flags_for "$target" "$into" && PATH="$TOOLS/zig/bin:$TOOLS/bin:$PATH" cargo "$with" \
		--release --locked --package kubectl-snapshot --target "$target" --target-dir "$into"); then
		say "$target cannot be built here; what cargo said is above"
		exit 1
	fi
}

# Where that put it.
built() {
	local ending=
	if [[ $1 = *windows* ]]; then ending=.exe; fi
	echo "$2/$1/release/kubectl-snapshot$ending"
}

# Writes the licences of the packages that a target's plugin has in it.
licences() {
	local target=$1 checkout=$2 file=$3
	say "collecting licences for $target"
	(cd "$checkout" && "$TOOLS/bin/cargo-about" generate --locked --offline --fail --target "$target" \
		--manifest-path kubectl-snapshot/Cargo.toml --config krew-manifest/licences.toml \
		--output-file "$file" krew-manifest/licences.hbs)
}

manifest() { cargo run --quiet --locked --package krew-manifest -- "$@"; }

release() {
	local targets=() target builds=$PWD/target/release-builds prints=""
	for target in "$@"; do
		if is_possible "$target"; then targets+=("$target"); fi
	done
	[ ${#targets[@]} -gt 0 ] || { say "none of these targets can be built here"; exit 1; }
	for target in "${targets[@]}"; do
		build "$target" "$PWD" "$builds"
		if "$(built "$target" "$builds")" version &>/dev/null; then prints=$(built "$target" "$builds"); fi
	done
	# Completions are the same for every target; one that runs here prints them.
	if [ -z "$prints" ]; then
		say "building the plugin for this machine, to print the completions"
		cargo build --quiet --locked --package kubectl-snapshot
		prints=${CARGO_TARGET_DIR:-target}/debug/kubectl-snapshot
	fi
	for target in "${targets[@]}"; do
		licences "$target" "$PWD" "$builds/$target/licences"
		manifest pack "$target" "$(built "$target" "$builds")" --completions "$prints" \
			--licences "$builds/$target/licences"
	done
	manifest fill
}

# Clones differ in their path and in the times of their files, and share no build results.
twice() {
	local target=$1 name folder
	is_possible "$target" || exit 1
	folder=$(mktemp -d)
	# shellcheck disable=SC2064 # where it is now is what is to be removed
	trap "rm -rf '$folder'" EXIT
	for name in one another; do
		git clone --quiet . "$folder/$name"
		build "$target" "$folder/$name" "$folder/$name/target"
		licences "$target" "$folder/$name" "$folder/$name/target/licences"
		manifest --into "$folder/$name/dist" pack "$target" "$(built "$target" "$folder/$name/target")" \
			--completions "$(built "$target" "$folder/$name/target")" \
			--licences "$folder/$name/target/licences" --project "$folder/$name"
		manifest --into "$folder/$name/dist" fill 2>/dev/null
		rm -rf "$folder/$name/target"
	done
	cat "$folder"/*/dist/SHA256SUMS
	cmp "$folder"/*/dist/SHA256SUMS || { say "two builds of $target differ"; exit 1; }
	say "two builds, one digest"
}

main() {
	# When it was committed is when everything in an archive was made.
	SOURCE_DATE_EPOCH=$(git log -1 --format=%ct)
	export SOURCE_DATE_EPOCH

	local version tag
	version=v$(cargo pkgid --package kubectl-snapshot | sed 's/.*[#@]//')
	tag=$(git tag --points-at HEAD 'v*' | tail -n 1)
	[ "${tag:-$version}" = "$version" ] || { say "the commit has the tag $tag, but Cargo.toml says $version"; exit 1; }
	[ -z "$(git status --porcelain)" ] || say "the checkout differs from its commit: this is no release yet"

	case ${1:-} in
	"") manifest fill ;;
	--twice) twice "$2" ;;
	*) release "$@" ;;
	esac
}

# Read to its end before anything begins: a build takes long enough to edit this.
main "$@"
exit
