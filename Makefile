# What the pages name: demo · test · lint · reference · build · bench · install · release.
# Each says what is missing, in one line, before it starts.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

PREFIX ?= $(HOME)/.local
DRIVER := target/control-plane
TOOLS := $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/kubectl-snapshot/tools

.PHONY: help
help: ## Say what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1\t\2/' | expand -t 24

.PHONY: demo
demo: rust $(DRIVER) ## The main job, on a real control plane on this machine
	@$(SIDE_BY_SIDE) plugin control-plane
	@$(DRIVER) exec -- tests/demo/story.sh

.PHONY: test
test: rust $(DRIVER) openssl ## Every test, those against a real API server included
	@$(SIDE_BY_SIDE) tests control-plane
	@cd tests/control-plane && go test ./...
	@$(DRIVER) exec -- cargo test --locked --workspace

.PHONY: test-offline
test-offline: rust ## The tests that need neither a cluster nor Go: seconds, once it is built
	@cargo build --locked --workspace --bins
	@cargo test --locked --package end-to-end --test offline

.PHONY: test-release
test-release: build $(DRIVER) openssl ## The end-to-end tests, on the plugin as it is released
	@KUBECTL_SNAPSHOT_TEST_PLUGIN="$(abspath $(RELEASED))" \
		$(DRIVER) exec -- cargo test --locked --package end-to-end --test offline --test e2e

# cargo and go each have stretches in which a core is idle, and the other one's lines tell of what
# is built meanwhile. Neither takes its number of jobs from make, which would be one.
SIDE_BY_SIDE = $(MAKE) --no-print-directory -j2

# The features of the whole workspace, so that the tests need no crate built again.
.PHONY: plugin
plugin:
	@$(call once,the plugin and its 350 crates)
	@MAKEFLAGS= cargo build --locked --workspace --bin kubectl-snapshot

.PHONY: tests
tests:
	@$(call once,the plugin$(comma) its tests and their 400 crates)
	@MAKEFLAGS= cargo build --locked --workspace --bins --tests

.PHONY: control-plane
control-plane:
	@MAKEFLAGS= $(DRIVER) build

BUILT := $(or $(CARGO_TARGET_DIR),target)/debug
comma := ,
# Says what is built, where it is not there yet.
once = [ -e "$(BUILT)/kubectl-snapshot" ] || echo "building $1: minutes, this once" >&2

.PHONY: test-flag-systems
test-flag-systems: rust $(DRIVER) ## The tests with a real Unleash: needs npm and PostgreSQL, and installs 190 MB
	@$(SIDE_BY_SIDE) tests control-plane
	@KUBECTL_SNAPSHOT_TEST_UNLEASH=1 $(DRIVER) exec -- cargo test --locked --package end-to-end --test e2e -- unleash::

.PHONY: lint
lint: rust go ## Formatting, lints, licences
	cargo fmt --all --check
	cargo clippy --locked --workspace --all-targets -- -D warnings
	@unformatted=$$(gofmt -l tests/control-plane tests/registry); [ -z "$$unformatted" ] || { echo "gofmt: $$unformatted" >&2; exit 1; }
	cd tests/control-plane && go vet ./...
	cd tests/registry && go vet ./...
	cd tests/actionlint && go tool actionlint -shellcheck= ../../.github/workflows/*.yml
	@command -v "$(TOOLS)/bin/cargo-deny" >/dev/null || { echo "building cargo-deny (once)" >&2; cargo install --quiet --debug --locked --root "$(TOOLS)" cargo-deny; }
	"$(TOOLS)/bin/cargo-deny" --log-level error check licenses bans sources

.PHONY: reference
reference: rust ## What is generated in docs/, written anew
	@cargo build --quiet --locked --workspace --bins
	@INSTA_UPDATE=always cargo test --quiet --locked --workspace --test pages -- reference:: picture::

RELEASED := $(or $(CARGO_TARGET_DIR),target)/release/kubectl-snapshot

.PHONY: build
build: rust ## The plugin as it is released: target/release/kubectl-snapshot
	@cargo build --release --locked --package kubectl-snapshot

# The budgets: start in under 10 ms, under 26 MB, of which git takes 2 and fast reading 3; 10,000
# services under 100 ms, ready in under 1 ms once compiled; 18 MB of Python in under 20 ms, where
# its tools are there. PLUGIN= names the plugin of an archive.
bench: PLUGIN := $(RELEASED)
.PHONY: bench
bench: $(if $(filter command line,$(origin PLUGIN)),,build) $(DRIVER) ## What the plugin costs, beside kubectl and bare requests
	@for policy in flag-compatibility promotion-ladder semver-major; do KUBECONFIG=/dev/null "$(PLUGIN)" policy bench $$policy; echo; done
	@if command -v python3 >/dev/null && $(MAKE) --no-print-directory --silent -C policies/one-team-at-a-time >&2; then \
		KUBECONFIG=/dev/null "$(PLUGIN)" policy bench policies/one-team-at-a-time/build/policy.wasm --rounds 5; \
	else echo "skipped: one-team-at-a-time, its tools for Python are not there" >&2; fi
	@tests/bench/history.sh "$(PLUGIN)"
	@$(DRIVER) exec -- tests/bench/cluster.sh "$(PLUGIN)"
	@TIMEFORMAT=%R; seconds=$$({ time for _ in {1..100}; do "$(PLUGIN)" --version > /dev/null; done; } 2>&1); \
		echo "$$(wc -c < "$(PLUGIN)") $$seconds" | awk '{printf "the plugin: %.1f MB, starts in %.1f ms\n", $$1 / 1e6, $$2 * 10}'

.PHONY: install
install: build ## The plugin into $(PREFIX)/bin, with its completion for kubectl
	mkdir -p "$(PREFIX)/bin"
	install -m 755 "$(RELEASED)" "$(PREFIX)/bin/kubectl-snapshot"
	"$(RELEASED)" completion kubectl > "$(PREFIX)/bin/kubectl_complete-snapshot"
	chmod 755 "$(PREFIX)/bin/kubectl_complete-snapshot"

# Those that cannot be built here are skipped, with a line that says why. BASE_URL and HOMEPAGE are
# what krew's manifest says: where the archives are downloaded from, and where people read on.
TARGETS := x86_64-unknown-linux-musl aarch64-unknown-linux-musl x86_64-apple-darwin aarch64-apple-darwin x86_64-pc-windows-gnu

.PHONY: release
release: rust release-tools ## Archives for each platform and krew's manifest: target/dist
	TOOLS="$(TOOLS)" krew-manifest/release.sh $(TARGETS)

.PHONY: release-check
release-check: rust release-tools ## Two builds of the first of TARGETS, one digest
	TOOLS="$(TOOLS)" krew-manifest/release.sh --twice $(firstword $(TARGETS))

.PHONY: krew-manifest
krew-manifest: rust ## krew's manifest once more, with the archives that are there now
	TOOLS="$(TOOLS)" krew-manifest/release.sh

# Zig has a linker and a C library for every platform but Apple's. On macOS, Apple's are there.
ZIG_VERSION := 0.17.1
ZIGBUILD_VERSION := 0.24.1
# Reads the licences of all packages, which takes minutes unless it is optimised.
ABOUT_VERSION := 0.9.3
.PHONY: release-tools
release-tools:
	@command -v python3 >/dev/null || { echo "Python is missing, from whose packages zig is installed (Debian: apt-get install python3-venv)" >&2; exit 1; }
	@"$(TOOLS)/bin/cargo-zigbuild" --version 2>/dev/null | grep -q " $(ZIGBUILD_VERSION)$$" || { echo "building cargo-zigbuild (once)" >&2; cargo install --quiet --debug --locked --root "$(TOOLS)" cargo-zigbuild@$(ZIGBUILD_VERSION); }
	@"$(TOOLS)/bin/cargo-about" --version 2>/dev/null | grep -q " $(ABOUT_VERSION)$$" || { echo "building cargo-about (once)" >&2; cargo install --quiet --locked --features cli --root "$(TOOLS)" cargo-about@$(ABOUT_VERSION); }
	@[ "$$("$(TOOLS)/zig/bin/python" -m ziglang version 2>/dev/null)" = "$(ZIG_VERSION)" ] || { echo "installing zig (once)" >&2; python3 -m venv --clear "$(TOOLS)/zig" && "$(TOOLS)/zig/bin/pip" install --quiet ziglang==$(ZIG_VERSION); }

.PHONY: rust
rust:
	@command -v cargo >/dev/null || { echo "Rust is missing: install it from https://rustup.rs" >&2; exit 1; }
	@command -v cc >/dev/null || { echo "a C compiler is missing: install gcc or clang (Debian: apt-get install build-essential)" >&2; exit 1; }
	@cargo --version >/dev/null 2>&1 || rustup toolchain install
	@[ -d "$$(rustc --print sysroot)/lib/rustlib/wasm32-wasip2" ] || rustup target add wasm32-wasip2

.PHONY: up down
up: $(DRIVER) ## A control plane to try things on: eval "$$(make up)"
	@$(DRIVER) up
down: $(DRIVER) ## End it
	@$(DRIVER) down

# Go knows best whether it has to be built again.
.PHONY: $(DRIVER)
$(DRIVER): go
	@cd tests/control-plane && go build -buildvcs=false -o "$(CURDIR)/$(DRIVER)" .

.PHONY: openssl
openssl:
	@command -v openssl >/dev/null || { echo "openssl is missing, whose signatures are tested (Debian: apt-get install openssl)" >&2; exit 1; }

.PHONY: go
go:
	@command -v go >/dev/null || { echo "Go is missing: install Go 1.26 or later from https://go.dev/dl" >&2; exit 1; }
