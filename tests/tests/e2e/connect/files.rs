//! A kubeconfig in several files.

use end_to_end::{Folder, test};
use serde_json::json;

use super::{kubeconfig, with_snapshot, write};

#[test]
fn a_context_from_one_file_and_its_user_from_another() {
    let dev = with_snapshot();
    let folder = Folder::new(dev.cluster());
    let whole = kubeconfig();
    let part = |member: &str| json!({"apiVersion": "v1", "kind": "Config", member: whole[member]});
    let mut contexts = part("contexts");
    contexts["current-context"] = whole["current-context"].clone();
    let files = [
        write(&folder, "contexts", &contexts),
        folder.path().join("missing").display().to_string(),
        write(&folder, "users", &part("users")),
        write(&folder, "clusters", &part("clusters")),
    ];
    let list = dev.plugin(["list", "-o", "name"]).env("KUBECONFIG", files.join(":"));
    assert_eq!(list.succeeds().stdout, "rel-41\n");
    // Where the file that has the user is missing, that is said.
    let without = [&files[0], &files[3]].map(String::as_str).join(":");
    let list = dev.plugin(["list"]).env("KUBECONFIG", without).exits(1);
    assert_eq!(
        list.stderr,
        "error: kubeconfig: context admin names the user admin, and there is none of that name; is a file missing in KUBECONFIG?\n"
    );
}

#[test]
fn a_stage_is_known_by_another_context_of_its_cluster() {
    let prod = with_snapshot();
    let folder = Folder::new(prod.cluster());
    let mut whole = kubeconfig();
    let own = whole["current-context"].clone();
    let mut another = whole["contexts"][0].clone();
    another["name"] = json!("another");
    whole["contexts"].as_array_mut().expect("it is a list").push(another);
    whole["current-context"] = json!("another");
    let file = write(&folder, "config", &whole);
    let own = own.as_str().expect("it has a name");
    for line in [
        "stage set dev --at dev",
        &format!("stage set prod --at {own}/{} --after dev", prod.name()),
    ] {
        prod.plugin(line.split_whitespace()).succeeds();
    }
    // Its promotion policies are asked, as through the context that the stage names.
    let apply = prod.plugin(["apply", "rel-41", "--dry-run=client"]).env("KUBECONFIG", file);
    let refused = apply.exits(3);
    assert!(refused.stdout.contains("stage-skipped"), "{}", refused.transcript());
    // One that nobody here has may be anybody's: neither its variables nor its policies are taken.
    let elsewhere = format!("stage set prod --at nowhere/{} --after dev", prod.name());
    prod.plugin(elsewhere.split_whitespace()).succeeds();
    let apply = prod.plugin(["apply", "rel-41", "--dry-run=client"]).run();
    assert!(apply.stderr.contains("this may be the place of stage prod"), "{}", apply.transcript());
    assert!(!apply.stdout.contains("stage-skipped"), "{}", apply.stdout);
}
