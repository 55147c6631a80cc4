#!/usr/bin/env bash
# kustomize's `images:` takes a name for a regular expression: an entry for
# shop/cart.api changes shop/cart-api too.
#
# Versions: sigs.k8s.io/kustomize/api 0.21.2 (Go; kustomize 5.8.1 and kubectl
# 1.36 are built on 0.21.1).
#
# Behaviour:
# - the name of an entry is put between `^` and an optional tag and digest, as
#   it stands. `.` matches any character, so `shop/cart.api` (a name that an OCI
#   registry allows) is also the entry of `shop/cart-api`, and
#   `registry.example/tax` that of `registry-example/tax`. Written as
#   `shop/cart\.api` it matches the one that is meant;
# - entries are applied one after the other, each to what the last one left: two
#   that swap names (`blue` to `green`, `green` to `blue`) make both blue.
#
# Expected: kustomize's reference, "images", speaks of the name of an image and
# of its new tag; there is no word of patterns or of order.
#
# Why it matters here: `export` writes a set as an `images:` list. In a set with
# cart.api 2.0.0 and cart-api 1.0.0 the list deploys two versions that the set
# does not hold, and kustomize says nothing.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

cat >go.mod <<'EOF'
module build
go 1.25
require sigs.k8s.io/kustomize/api v0.21.2
EOF
cat >main.go <<'EOF'
package main

import (
	"fmt"
	"os"

	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	objects, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	text, err := objects.AsYaml()
	if err != nil {
		panic(err)
	}
	fmt.Print(string(text))
}
EOF
go mod tidy
go build -o kustomize .

# images ENTRIES: the images of the pod with that list, one a line.
images() {
    mkdir -p overlay
    cat >overlay/pod.yaml <<'EOF'
apiVersion: v1
kind: Pod
metadata: {name: shop}
spec:
  containers:
  - {name: a, image: "shop/cart.api:1.0.0"}
  - {name: b, image: "shop/cart-api:1.0.0"}
  - {name: c, image: "shop/blue:1.0.0"}
  - {name: d, image: "shop/green:1.0.0"}
EOF
    printf 'resources: [pod.yaml]\nimages: %s\n' "$1" >overlay/kustomization.yaml
    ./kustomize overlay | sed -n 's/^ *- image: //p' | paste -sd ' '
}

{
    images '[{name: shop/cart.api, newTag: 2.0.0}]'
    images '[{name: "shop/cart\\.api", newTag: 2.0.0}]'
    images '[{name: shop/blue, newName: shop/green}, {name: shop/green, newName: shop/blue}]'
} >seen

diff - seen <<'EOF'
shop/cart.api:2.0.0 shop/cart-api:2.0.0 shop/blue:1.0.0 shop/green:1.0.0
shop/cart.api:2.0.0 shop/cart-api:1.0.0 shop/blue:1.0.0 shop/green:1.0.0
shop/cart.api:1.0.0 shop/cart-api:1.0.0 shop/blue:1.0.0 shop/blue:1.0.0
EOF
echo "as described"
