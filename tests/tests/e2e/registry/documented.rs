//! docs/signatures.md, followed: with the plugin, and with openssl alone.

use end_to_end::{Cluster, Output, Registry, test};

use super::Desk;
use crate::page::{Block, blocks};

const PAGE: &str = include_str!("../../../../docs/signatures.md");

/// A command of the page, on this test's registry and a store in its folder.
#[track_caller]
fn run(desk: &Desk, command: &str, exit: i32) -> Output {
    let here = command.replace("oci://registry.example/shop/", &desk.reference(""));
    let shell = Cluster::shared().command("sh", ["-c", &here]);
    let shell = shell.env("KUBECONFIG", "/nowhere").env("KUBECTL_SNAPSHOT_STORE_DIR", "./store");
    shell.current_dir(desk.folder.path()).exits(exit)
}

#[test]
fn a_signature_is_checked_without_the_plugin() {
    let desk = Desk::new(Registry::new());
    let (mut last, mut verified) = (None, 0);
    for block in blocks(PAGE) {
        match block {
            Block::Commands(commands) => {
                for (command, exit) in commands {
                    let output = run(&desk, command, exit);
                    verified += usize::from(output.stdout.contains("Verified Successfully"));
                    last = Some(output);
                }
            }
            Block::Printed(lines) => {
                let last = last.as_ref().expect("a command comes before what it prints");
                for line in lines {
                    assert!(last.stdout.contains(line), "{line}\n{}", last.transcript());
                }
            }
            Block::File(..) | Block::Shown => {}
        }
    }
    // That of the file, and that of the binding.
    assert_eq!(verified, 2);

    // Of other bytes, openssl says no.
    desk.folder.write("message", "kubectl-snapshot policy v1\nsha256:0\n");
    let verify = "openssl pkeyutl -verify -rawin -pubin -inkey public.pem -in message \
                  -sigfile tax.wasm.sig";
    run(&desk, verify, 1);
}
