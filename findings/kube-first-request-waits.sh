#!/usr/bin/env bash
# The first request of each connection that Rust's kube makes to a Go server waits 40 ms, on the
# same machine as well.
#
# Versions: kube 5.0.0 with rustls-tls (crates.io; hyper-util 0.1.21, hyper-rustls 0.27),
# Go's net/http and crypto/tls (what the API server is made of), Linux.
#
# Behaviour: a fresh client's first GET takes over 40 ms, a second one on the same connection a
# fraction of a millisecond. With TCP_NODELAY on the connector that is handed to the same layers, the
# first one takes a few milliseconds too.
#
# Why: kube's builder makes hyper-util's HttpConnector as it comes, which leaves Nagle's algorithm on
# (Go, curl and client-go turn it off). TLS 1.3 ends with a message of the client; the request is the
# next small write, and is kept back until the first is acknowledged. Go's server has nothing to say
# before the request, so that nothing carries the acknowledgement, and Linux sends one by itself
# after 40 ms. One library alone shows nothing: it takes that client and a server that is silent there.
#
# Why it matters here: a command opens some connections one after the other, and each list or patch
# at once with others has its own. Applying nothing took 0.7 s, a third of which was this.
#
# Source: kube-client 5.0.0, src/client/builder.rs (HttpConnector::new); hyper-util 0.1.21,
# src/client/legacy/connect/http.rs (nodelay: false); RFC 896, RFC 1122 4.2.3.2.
set -euo pipefail

work=$(mktemp -d) server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || :; rm -rf "$work"' EXIT
cd "$work"

mkdir server client client/src
cat >server/go.mod <<'EOF'
module server
go 1.24
EOF
# Ends when its input does.
cat >server/main.go <<'EOF'
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
)

func main() {
	server := httptest.NewTLSServer(http.HandlerFunc(func(answer http.ResponseWriter, _ *http.Request) {
		io.WriteString(answer, "{}")
	}))
	fmt.Println(server.URL)
	io.Copy(io.Discard, os.Stdin)
}
EOF
cat >client/Cargo.toml <<'EOF'
[package]
name = "client"
edition = "2024"

[profile.dev]
debug = false

[dependencies]
http = "1"
hyper-util = { version = "=0.1.21", features = ["client-legacy", "http1", "tokio"] }
k8s-openapi = { version = "0.29", features = ["earliest"] }
kube = { version = "=5.0.0", default-features = false, features = ["client", "rustls-tls", "ring"] }
tokio = { version = "1", features = ["macros", "rt-multi-thread"] }
tower = "0.5"
EOF
cat >client/src/main.rs <<'EOF'
use std::time::{Duration, Instant};

use hyper_util::{client::legacy::{Builder, connect::HttpConnector}, rt::TokioExecutor};
use kube::{Client, Config, client::ConfigExt};

fn as_it_comes(config: Config) -> Client {
    Client::try_from(config).unwrap()
}

fn without_delay(config: Config) -> Client {
    let mut tcp = HttpConnector::new();
    tcp.enforce_http(false);
    tcp.set_nodelay(true);
    let connector = config.rustls_https_connector_with_connector(tcp).unwrap();
    let service = tower::ServiceBuilder::new()
        .layer(config.base_uri_layer())
        .map_err(tower::BoxError::from)
        .service(Builder::new(TokioExecutor::new()).build(connector));
    Client::new(service, "default")
}

/// The shortest time of the first request of ten clients, and of the second.
async fn shortest(config: &Config, make: fn(Config) -> Client) -> [Duration; 2] {
    let mut times = [Duration::MAX; 2];
    for _ in 0..10 {
        let client = make(config.clone());
        for shortest in &mut times {
            let begun = Instant::now();
            let request = http::Request::get("/version").body(Vec::new()).unwrap();
            client.request_text(request).await.unwrap();
            *shortest = begun.elapsed().min(*shortest);
        }
    }
    times
}

#[tokio::main]
async fn main() {
    let mut config = Config::new(std::env::args().nth(1).unwrap().parse().unwrap());
    config.accept_invalid_certs = true;
    let word = |time: Duration| if time >= Duration::from_millis(39) { "waits" } else { "at once" };
    for (name, make) in [("kube", as_it_comes as fn(Config) -> Client), ("nodelay", without_delay)] {
        let times = shortest(&config, make).await;
        eprintln!("{name}: {times:?}");
        println!("{name}: {}, {}", word(times[0]), word(times[1]));
    }
}
EOF
(cd server && go build -o ../serve .)
(cd client && CARGO_TARGET_DIR=target cargo build --quiet)

coproc SERVER { ./serve 2>serve.log; }
server=$SERVER_PID
read -r -u "${SERVER[0]}" url
client/target/debug/client "$url" >seen

diff - seen <<EOF
kube: waits, at once
nodelay: at once, at once
EOF
echo "as described"
