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
