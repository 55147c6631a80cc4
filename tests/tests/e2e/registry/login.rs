//! Registries that want to know who one is.

use std::time::{Duration, Instant};

use end_to_end::{Cluster, Folder, Invocation, Registry, USER, test};

use super::{Desk, transcript};

/// A Docker configuration with a password for the registry.
fn configure(desk: &Desk, password: &str) {
    let text = format!("{}:{password}", USER[0]);
    let encode = Cluster::shared().command("base64", ["-w0"]).stdin(text);
    let auth = encode.succeeds().stdout;
    let host = desk.registry.address();
    desk.folder
        .write("docker/config.json", format!(r#"{{"auths":{{"{host}":{{"auth":"{auth}"}}}}}}"#));
}

fn run(desk: &Desk, words: &str) -> Invocation {
    desk.run(words).env("DOCKER_CONFIG", "docker")
}

#[test]
fn the_right_password_opens() {
    let desk = Desk::new(Registry::with_password());
    configure(&desk, USER[1]);
    run(&desk, "policy push ./tax.wasm here:tax:1.4").succeeds();
    run(&desk, "policy pull here:tax:1.4 -f pulled.wasm").succeeds();
    assert_eq!(desk.read("pulled.wasm"), desk.read("tax.wasm"));
}

#[test]
fn without_it_there_is_no_way_in_and_nothing_is_given_away() {
    let desk = Desk::new(Registry::with_password());
    let check = |name: &str| {
        for words in ["push ./tax.wasm here:tax:1.4", "pull here:tax:1.4 -f pulled.wasm"] {
            let refused = run(&desk, &format!("policy {words}")).exits(1);
            assert!(!refused.transcript().contains("hunter2"), "{}", refused.transcript());
            let (command, _) = words.split_once(' ').unwrap();
            let transcript = transcript(&refused);
            insta::assert_snapshot!(format!("login_{name}_{command}"), transcript);
        }
    };
    check("none");
    configure(&desk, "hunter2");
    check("wrong");
    desk.folder.write("docker/config.json", r#"{"auths": "hunter2"}"#);
    check("damaged");
    let host = desk.registry.address();
    let helper = format!(r#"{{"credHelpers":{{"{host}":"not-there-hunter"}}}}"#);
    desk.folder.write("docker/config.json", helper);
    check("helper");
}

/// A credential helper that does this, and the search path on which it is found.
pub(crate) fn helper(folder: &Folder, does: &str) -> String {
    folder.write("bin/docker-credential-shop", format!("#!/bin/sh\n{does}\n"));
    folder.write("docker/config.json", r#"{"credsStore":"shop"}"#);
    let cluster = Cluster::shared();
    let chmod = cluster.command("chmod", ["+x", "bin/docker-credential-shop"]);
    chmod.current_dir(folder.path()).succeeds();
    let path = cluster.command("sh", ["-c", r#"printf %s "$PATH""#]).succeeds().stdout;
    format!("{}:{path}", folder.path().join("bin").display())
}

#[test]
fn a_helper_is_asked() {
    let desk = Desk::new(Registry::with_password());
    let answer = format!(r#"{{"Username":"{}","Secret":"{}"}}"#, USER[0], USER[1]);
    let path = helper(&desk.folder, &format!("cat >asked\necho '{answer}'"));
    run(&desk, "policy push ./tax.wasm here:tax:1.4").env("PATH", path).succeeds();
    assert_eq!(desk.read("asked"), desk.registry.address().as_bytes());
}

#[test]
fn a_helper_that_does_not_end_is_waited_for_no_longer_than_a_registry() {
    let desk = Desk::new(Registry::with_password());
    let path = helper(&desk.folder, "exec sleep 20 >/dev/null 2>&1");
    let begun = Instant::now();
    let pull = run(&desk, "policy pull here:tax:1.4 -f pulled.wasm --request-timeout 1s");
    let refused = pull.env("PATH", path).exits(1);
    assert!(refused.stderr.contains("has not answered within 1 s"), "{refused}");
    assert!(begun.elapsed() < Duration::from_secs(15), "{refused}");
}

#[test]
fn an_identity_token_is_said_not_to_do() {
    let desk = Desk::new(Registry::with_password());
    let host = desk.registry.address();
    let config = format!(r#"{{"auths":{{"{host}":{{"identitytoken":"hunter2"}}}}}}"#);
    desk.folder.write("docker/config.json", config);
    let refused = run(&desk, "policy pull here:tax:1.4 -f pulled.wasm").exits(1);
    let said = "holds an identity token, which is not supported; log in with a user and a password";
    assert!(refused.stderr.contains(said), "{refused}");
    assert!(!refused.transcript().contains("hunter2"), "{refused}");
}
