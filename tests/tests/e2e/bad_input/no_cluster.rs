//! A cluster that refuses, or lacks what is named.

use end_to_end::{Cluster, Folder, Namespace, TAX, test};

use super::plugin;

#[test]
fn a_context_that_is_not_there() {
    let folder = Folder::new(Cluster::shared());
    insta::assert_snapshot!(plugin(&folder, ["capture", "--context", "production"]).run(), @r"
    $ kubectl snapshot capture --context production
    exit: 1
    -- stderr --
    error: kubeconfig: there is no context production; choose one of: admin, reader, developer, promoter, nobody
    ");
    insta::assert_snapshot!(plugin(&folder, ["diff", "live:production/shop", "live"]).run(), @r"
    $ kubectl snapshot diff live:production/shop live
    exit: 2
    -- stderr --
    error: kubeconfig: there is no context production; choose one of: admin, reader, developer, promoter, nobody
    ");
}

#[test]
fn a_server_of_another_authority() {
    let folder = Folder::new(Cluster::shared());
    let key = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout key -out other.crt -subj /CN=other";
    let openssl = Cluster::shared().command("openssl", key.split(' '));
    openssl.current_dir(folder.path()).succeeds();
    let list = ["list", "--certificate-authority", "other.crt"];
    let output = plugin(&folder, list).exits(1);
    insta::assert_snapshot!(output, @r"
    $ kubectl snapshot list --certificate-authority other.crt
    exit: 1
    -- stderr --
    error: Unable to connect to the server https://127.0.0.1:[port]: invalid peer certificate: UnknownIssuer
    hint: is its authority the one that the kubeconfig names, or --certificate-authority?
    ");
}

#[test]
fn credentials_that_the_server_does_not_know() {
    let folder = Folder::new(Cluster::shared());
    let output = plugin(&folder, ["list", "--token", "wrongly-guessed"]).exits(1);
    assert!(!output.stderr.contains("guessed"), "{}", output.stderr);
    insta::assert_snapshot!(output.to_string().split_once('\n').unwrap().1, @r"
    exit: 1
    -- stderr --
    error: You must be logged in to the server (Unauthorized): https://127.0.0.1:[port] does not know these credentials; renew those of this context
    ");
}

#[test]
fn a_namespace_that_is_not_there() {
    let folder = Folder::new(Cluster::shared());
    let dev = Namespace::new(Cluster::shared(), "dev");
    let nowhere = ["--store-namespace", dev.store(), "--namespace", "no-such-place"];
    let run =
        |words: &str| plugin(&folder, words.split(' ').chain(nowhere)).stdin(TAX).run().stderr;
    for words in ["capture", "capture rel-42", "diff - live", "apply - --yes", "check live"] {
        insta::allow_duplicates! {
            insta::assert_snapshot!(run(words), @r#"
            Error from server (NotFound): namespaces "no-such-place" not found
            "#);
        }
    }
    // Nothing has been made on the way.
    dev.kubectl(["get", "namespace", "no-such-place"]).exits(1);
}

#[test]
fn a_store_that_is_not_there_is_empty() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    insta::assert_snapshot!(dev.plugin(["list"]).run(), @r"
    $ kubectl snapshot list
    exit: 0
    -- stderr --
    no snapshots yet; take one with: kubectl snapshot capture NAME
    ");
    insta::assert_snapshot!(dev.plugin(["describe", "rel-42"]).run(), @r"
    $ kubectl snapshot describe rel-42
    exit: 1
    -- stderr --
    error: there is no snapshot rel-42 in namespace [store]
    hint: kubectl snapshot list shows those that there are
    ");
    // Reading makes none.
    dev.kubectl(["get", "namespace", dev.store()]).exits(1);
}
