//! Policies in an OCI registry: the CNCF's, on this machine.

mod bound;
mod documented;
mod foreign;
pub(crate) mod login;
mod signed;
mod tampered;
mod tls;

use std::fs;

use end_to_end::{Cluster, Folder, Invocation, Output, Registry, test};

/// A folder with a policy in it, and a registry.
struct Desk {
    folder: Folder,
    registry: Registry,
}

impl Desk {
    fn new(registry: Registry) -> Self {
        let folder = Folder::new(Cluster::shared());
        folder.write("tax.wasm", shipped_policy());
        Self { folder, registry }
    }

    /// `oci://HOST/policies/` and more.
    fn reference(&self, more: &str) -> String {
        format!("oci://{}/policies/{more}", self.registry.address())
    }

    /// A run of the plugin in the folder; `here:` stands for [`reference`](Self::reference).
    fn run(&self, words: &str) -> Invocation {
        let words: Vec<String> = words
            .split(' ')
            .map(|word| match word.strip_prefix("here:") {
                Some(more) => self.reference(more),
                None => word.to_owned(),
            })
            .collect();
        let invocation = Cluster::shared().plugin(words.iter().map(String::as_str));
        invocation.current_dir(self.folder.path()).env("KUBECONFIG", "/nowhere")
    }

    /// Pushes the policy; returns the reference that is printed.
    #[track_caller]
    fn push(&self, words: &str) -> String {
        let pushed = self.run(&format!("policy push ./tax.wasm {words}")).succeeds();
        assert_eq!(pushed.stderr, "");
        pushed.stdout.trim_end().to_owned()
    }

    fn read(&self, file: &str) -> Vec<u8> {
        fs::read(self.folder.path().join(file)).unwrap()
    }

    /// A file that the registry stores, by the digest after the reference's `@`.
    fn stored(&self, reference: &str) -> String {
        let (_, digest) = reference.split_once('@').unwrap();
        fs::read_to_string(self.registry.stored(digest)).unwrap()
    }
}

/// A transcript, with a word for the registry's host.
fn transcript(output: &Output) -> String {
    output.to_string().replace("127.0.0.1:[port]", "[registry]")
}

/// A policy that ships inside the plugin: binding one leaves its bytes in the store.
fn shipped_policy() -> Vec<u8> {
    let folder = Folder::new(Cluster::shared());
    let add = ["policy", "add", "flag-compatibility", "--store", "./store"];
    let add = Cluster::shared().plugin(add).current_dir(folder.path());
    add.env("KUBECONFIG", "/nowhere").succeeds();
    let mut blobs = fs::read_dir(folder.path().join("store/blobs")).unwrap();
    fs::read(blobs.next().unwrap().unwrap().path()).unwrap()
}

#[test]
fn what_was_pushed_is_pulled() {
    let desk = Desk::new(Registry::new());
    insta::assert_snapshot!(
        "push",
        transcript(&desk.run("policy push ./tax.wasm here:tax:1.4").run())
    );
    let pinned = desk.push("here:tax:1.4");
    desk.folder.write("elsewhere/x", "");
    let pull =
        desk.run("policy pull here:tax:1.4").current_dir(&desk.folder.path().join("elsewhere"));
    insta::assert_snapshot!("pull", transcript(&pull.run()));
    assert_eq!(desk.read("elsewhere/tax.wasm"), desk.read("tax.wasm"));

    // What is pinned needs no warning.
    let pull = desk.run(&format!("policy pull {pinned} -f ./deeper/again.wasm")).succeeds();
    assert_eq!(pull.stdout, "./deeper/again.wasm\n");
    assert!(!pull.stderr.contains("Warning"), "{}", pull.stderr);
    assert_eq!(desk.read("deeper/again.wasm"), desk.read("tax.wasm"));
}

#[test]
fn the_artifact_is_the_standard_one_and_the_same_everywhere() {
    let (desk, other) = (Desk::new(Registry::new()), Desk::new(Registry::new()));
    let pinned = desk.push("here:tax:1.4");
    let digest = |reference: &str| reference.split_once('@').unwrap().1.to_owned();
    assert_eq!(digest(&pinned), digest(&other.push("here:tax:1.4")));

    let manifest: serde_json::Value = serde_json::from_str(&desk.stored(&pinned)).unwrap();
    assert_eq!(manifest["config"]["mediaType"], "application/vnd.wasm.config.v0+json");
    assert_eq!(manifest["layers"][0]["mediaType"], "application/wasm");
    assert_eq!(manifest["annotations"]["org.opencontainers.image.title"], "flag-compatibility");
    let config = format!("@{}", manifest["config"]["digest"].as_str().unwrap());
    let config: serde_json::Value = serde_json::from_str(&desk.stored(&config)).unwrap();
    assert_eq!((&config["architecture"], &config["os"]), (&"wasm".into(), &"wasip2".into()));
    assert_eq!(config["layerDigests"][0], manifest["layers"][0]["digest"]);
    assert_eq!(config["component"]["exports"][0], "snapshot:policy/about@0.1.0");
}

#[test]
fn a_tag_moves_and_a_digest_does_not() {
    let desk = Desk::new(Registry::new());
    let first = desk.push("here:tax:1.4");
    key_pair(&desk, "ada");
    let second = desk.push("here:tax:1.4 --key ada.pem");
    assert_ne!(first, second);
    let signed = |reference: &str| {
        let pull = format!("policy pull {reference} -f pulled.wasm --force");
        !desk.run(&pull).succeeds().stderr.contains("not signed")
    };
    assert!(!signed(&first));
    assert!(signed(&second) && signed("here:tax:1.4"));
}

#[test]
fn a_file_is_replaced_by_force_only() {
    let desk = Desk::new(Registry::new());
    desk.push("here:tax:1.4");
    desk.folder.write("tax.wasm", "mine");
    insta::assert_snapshot!("taken", transcript(&desk.run("policy pull here:tax:1.4").run()));
    assert_eq!(desk.read("tax.wasm"), b"mine");
    desk.run("policy pull here:tax:1.4 --force").succeeds();
    assert_eq!(desk.read("tax.wasm"), shipped_policy());
    // A failed pull leaves what was there.
    desk.run("policy pull here:tax:1.5 --force").exits(1);
    assert_eq!(desk.read("tax.wasm"), shipped_policy());
}

#[test]
fn only_policies_are_pushed() {
    let desk = Desk::new(Registry::new());
    desk.folder.write("notes.txt", "tax needs 1.4\n");
    desk.folder.write("module.wasm", b"\0asm\x01\0\0\0");
    for (name, file) in [("text", "notes.txt"), ("module", "module.wasm"), ("no_file", "no.wasm")] {
        let push = desk.run(&format!("policy push ./{file} here:tax"));
        insta::assert_snapshot!(format!("push_{name}"), transcript(&push.run()));
    }
    let digest = format!("here:tax@sha256:{}", "0".repeat(64));
    desk.run(&format!("policy push ./tax.wasm {digest}")).exits(2);
    desk.run("policy pull here:tax -f pulled.wasm").exits(1);
}

/// Makes `NAME.pem` and `NAME.pub` as the documentation says.
fn key_pair(desk: &Desk, name: &str) {
    openssl(desk, &format!("genpkey -algorithm ed25519 -out {name}.pem"));
    openssl(desk, &format!("pkey -in {name}.pem -pubout -out {name}.pub"));
}

fn openssl(desk: &Desk, words: &str) {
    let openssl = Cluster::shared().command("openssl", words.split(' '));
    openssl.current_dir(desk.folder.path()).succeeds();
}
