//! Registries that speak TLS.

use end_to_end::{Registry, ignore, test};

use super::Desk;

#[test]
fn tls_is_spoken_unless_told_otherwise() {
    if !cfg!(target_os = "linux") {
        ignore("only Linux has more than one loopback address");
    }
    let desk = Desk::new(Registry::with_tls());
    let push = || desk.run("policy push ./tax.wasm here:tax:1.4");
    let stranger = push().exits(1).stderr;
    assert!(stranger.contains("certificate") && stranger.contains("SSL_CERT_FILE"), "{stranger}");
    push().env("SSL_CERT_FILE", desk.registry.authority()).succeeds();
    let pull = desk.run("policy pull here:tax:1.4 -f pulled.wasm");
    pull.env("SSL_CERT_FILE", desk.registry.authority()).succeeds();
    assert_eq!(desk.read("pulled.wasm"), desk.read("tax.wasm"));
}
