#!/usr/bin/env bash
# Rust's OCI libraries cannot name an image of a registry by its IPv6 address,
# and look for `REGISTRY/cart` at Docker Hub.
#
# Versions: oci-spec 0.10.0 (crates.io; oci-client 0.18 parses with it), beside
# github.com/distribution/reference 0.6.0 (Go; what containerd and the kubelet
# read image names with).
#
# Behaviour:
# - `[fd00::1]:5000/shop/cart:1.4.0` is "invalid reference format" to oci-spec;
# - `REGISTRY/cart:1.4.0`, a host of one word in capitals (a machine of the local
#   network): Go takes it for the host, since no repository has capitals; oci-spec
#   for the repository REGISTRY/cart of docker.io, which cannot exist;
# - a name of 64 hexadecimal digits is refused by Go (it would be an image id),
#   and an image of Docker Hub to oci-spec.
#
# Expected: the grammar in github.com/distribution/reference, which oci-spec's
# source follows by name: a host may be `'[' IPv6address ']'`, and
# splitDockerDomain takes a first component with capitals for a host.
#
# Why it matters here: on an IPv6-only cluster such images run, and a tool that
# stands on these crates says that they are no images, or asks another registry
# for their digests. A tool's own check of image names needs the brackets too.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

hexadecimal=$(printf 'a%.0s' {1..64})
printf '%s\n' '[fd00::1]:5000/shop/cart:1.4.0' 'REGISTRY/cart:1.4.0' "$hexadecimal" \
    'registry.example:5000/shop/cart:1.4.0' >names

mkdir go rust rust/src
cat >go/go.mod <<'EOF'
module read
go 1.24
require github.com/distribution/reference v0.6.0
EOF
cat >go/main.go <<'EOF'
package main

import (
	"bufio"
	"fmt"
	"os"

	"github.com/distribution/reference"
)

func main() {
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		name, err := reference.ParseNormalizedNamed(lines.Text())
		if err != nil {
			fmt.Println("go refuses")
			continue
		}
		fmt.Println("go", reference.Domain(name), reference.Path(name))
	}
}
EOF
cat >rust/Cargo.toml <<'EOF'
[package]
name = "read"
edition = "2024"

[profile.dev]
debug = false

[dependencies]
oci-spec = { version = "=0.10.0", default-features = false, features = ["distribution"] }
EOF
cat >rust/src/main.rs <<'EOF'
use oci_spec::distribution::Reference;

fn main() {
    for line in std::io::stdin().lines() {
        match line.unwrap().parse::<Reference>() {
            Ok(name) => println!("rust {} {}", name.registry(), name.repository()),
            Err(_) => println!("rust refuses"),
        }
    }
}
EOF
(cd go && go mod tidy && go build -o ../read-go .)
(cd rust && CARGO_TARGET_DIR=target cargo build --quiet)

paste -d '|' names <(./read-go <names) <(rust/target/debug/read <names) >seen

diff - seen <<EOF
[fd00::1]:5000/shop/cart:1.4.0|go [fd00::1]:5000 shop/cart|rust refuses
REGISTRY/cart:1.4.0|go REGISTRY cart|rust docker.io REGISTRY/cart
$hexadecimal|go refuses|rust docker.io library/$hexadecimal
registry.example:5000/shop/cart:1.4.0|go registry.example:5000 shop/cart|rust registry.example:5000 shop/cart
EOF
echo "as described"
