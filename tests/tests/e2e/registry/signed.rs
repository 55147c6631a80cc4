//! Signatures of policies.

use end_to_end::{Cluster, Registry, test};

use super::{Desk, key_pair, openssl, transcript};

/// The lines of a help text that a shell can run.
fn documented(desk: &Desk) -> Vec<String> {
    let help = desk.run("policy push --help").succeeds().stdout;
    let (_, elsewhere) = help.split_once("# Signed elsewhere\n").unwrap();
    elsewhere.lines().take(3).map(|line| line.trim().to_owned()).collect()
}

#[test]
fn a_signature_is_that_of_its_key_whoever_made_it() {
    let desk = Desk::new(Registry::new());
    key_pair(&desk, "private");
    for command in documented(&desk) {
        let shell = Cluster::shared().command("sh", ["-c", &command]);
        shell.current_dir(desk.folder.path()).succeeds();
    }
    let by_openssl = desk.push("here:tax:1.4 --signature tax.wasm.sig");
    let by_us = desk.push("here:tax:1.4 --key private.pem");
    assert_eq!(by_openssl, by_us);
    let pull = desk.run("policy pull here:tax:1.4 --key private.pub -f pulled.wasm").succeeds();
    assert!(pull.stderr.contains(", signed by ed25519:"), "{}", pull.stderr);
    // Whom one trusts to sign, one trusts to move a tag.
    assert!(!pull.stderr.contains("Warning"), "{}", pull.stderr);

    let base64 = "base64 -w0 tax.wasm.sig > text.sig";
    Cluster::shared().command("sh", ["-c", base64]).current_dir(desk.folder.path()).succeeds();
    assert_eq!(desk.push("here:tax:1.4 --signature text.sig"), by_us);
}

#[test]
fn no_other_signature_will_do() {
    let desk = Desk::new(Registry::new());
    for name in ["ada", "mallory"] {
        key_pair(&desk, name);
    }
    desk.push("here:tax:unsigned");
    desk.push("here:tax:other-key --key mallory.pem");
    desk.folder.write("wrong.sig", [7; 64]);
    desk.push("here:tax:wrong --signature wrong.sig");
    for tag in ["unsigned", "other-key", "wrong"] {
        let pull = desk.run(&format!("policy pull here:tax:{tag} --key ada.pub -f pulled.wasm"));
        let said = pull.exits(1).stderr;
        assert!(said.contains("sign") && said.contains("by ed25519:"), "{said}");
        assert!(!desk.folder.path().join("pulled.wasm").exists());
    }
}

#[test]
fn files_that_are_no_keys_are_refused() {
    let desk = Desk::new(Registry::new());
    key_pair(&desk, "ada");
    openssl(&desk, "genpkey -algorithm rsa -out rsa.pem");
    openssl(&desk, "pkey -in rsa.pem -pubout -out rsa.pub");
    for (name, words) in [
        ("key_public", "push ./tax.wasm here:tax --key ada.pub"),
        ("key_rsa", "push ./tax.wasm here:tax --key rsa.pem"),
        ("key_missing", "push ./tax.wasm here:tax --key no.pem"),
        ("signature_text", "push ./tax.wasm here:tax --signature ada.pub"),
        ("key_private", "pull here:tax --key ada.pem -f pulled.wasm"),
        ("key_rsa_public", "pull here:tax --key rsa.pub -f pulled.wasm"),
    ] {
        let transcript = transcript(&desk.run(&format!("policy {words}")).run());
        insta::assert_snapshot!(name, transcript);
    }
}
