//! Registries that are not there, or not as expected.

use std::net::TcpListener;

use end_to_end::{Cluster, Folder, Registry};

use super::Desk;

#[test]
fn nobody_there() {
    let folder = Folder::new(Cluster::shared());
    // Nobody listens there any more.
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (name, host) in
        [("refused", format!("127.0.0.1:{port}")), ("no_host", "registry.invalid".to_owned())]
    {
        let reference = format!("oci://{host}/policies/tax:1.4");
        let pull = Cluster::shared().plugin(["policy", "pull", &reference]);
        let said = pull.current_dir(folder.path()).exits(1).stderr;
        assert!(
            said.starts_with(&format!("error: the registry {host} cannot be reached: ")),
            "{name}: {said}"
        );
        assert!(said.contains("hint: check the host's name"), "{said}");
    }
}

#[test]
fn one_that_is_silent() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let reference = format!("oci://{}/policies/tax:1.4", listener.local_addr().unwrap());
    let folder = Folder::new(Cluster::shared());
    let pull = ["policy", "pull", &reference, "--request-timeout", "1s"];
    let pull = Cluster::shared().plugin(pull).current_dir(folder.path()).exits(7);
    insta::assert_snapshot!("silent", pull);
}

/// Only Linux has more than one loopback address.
#[cfg(target_os = "linux")]
#[test]
fn tls_is_spoken_unless_told_otherwise() {
    let desk = Desk::new(Registry::with_tls());
    let push = || desk.run("policy push ./tax.wasm here:tax:1.4");
    let stranger = push().exits(1).stderr;
    assert!(stranger.contains("certificate") && stranger.contains("SSL_CERT_FILE"), "{stranger}");
    push().env("SSL_CERT_FILE", desk.registry.authority()).succeeds();
    let pull = desk.run("policy pull here:tax:1.4 -f pulled.wasm");
    pull.env("SSL_CERT_FILE", desk.registry.authority()).succeeds();
    assert_eq!(desk.read("pulled.wasm"), desk.read("tax.wasm"));
}
