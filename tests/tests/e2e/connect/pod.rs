//! The account of a pod.

use std::process::Command;

use end_to_end::{Cluster, Folder, Rule, ignore, test};

use super::{kubeconfig, with_snapshot};

/// Script that mounts an account where every pod finds its own, and where no other process
/// sees it.
const IN_POD: &str = r#"
set -e
mount -t tmpfs none /run
account=/var/run/secrets/kubernetes.io/serviceaccount
mkdir -p $account
cp token ca.crt namespace $account
exec "$@"
"#;

/// Ignores a test where this machine does not let it mount something for itself.
fn needs_mounts() {
    let tried = Command::new("unshare")
        .args(["--map-root-user", "--mount", "sh", "-c", "mount -t tmpfs none /run"])
        .output();
    if !tried.is_ok_and(|tried| tried.status.success()) {
        ignore("nothing can be mounted here with unshare");
    }
}

#[test]
fn a_pod_acts_as_its_account_in_its_namespace() {
    if !Cluster::shared().is_private() {
        ignore("a server that the tester has named may be out of reach with these settings");
    }
    needs_mounts();
    let dev = with_snapshot();
    let account = format!("system:serviceaccount:{}:builder", dev.name());
    dev.kubectl(["create", "serviceaccount", "builder"]).succeeds();
    let folder = Folder::new(dev.cluster());
    folder.write("token", dev.kubectl(["create", "token", "builder"]).succeeds().stdout.trim_end());
    folder.write("namespace", dev.name());
    let file = kubeconfig();
    let cluster = &file["clusters"][0]["cluster"];
    let authority = cluster["certificate-authority-data"].as_str().unwrap();
    let decode = dev.cluster().command("base64", ["--decode"]).stdin(authority);
    folder.write("ca.crt", decode.succeeds().stdout);
    let server = cluster["server"].as_str().unwrap();
    let (host, port) = server.strip_prefix("https://").unwrap().rsplit_once(':').unwrap();
    let in_pod = |words: &str| {
        let unshare = ["--map-root-user", "--mount", "sh", "-c", IN_POD, "pod", "kubectl-snapshot"];
        let run = dev.cluster().command("unshare", unshare.into_iter().chain(words.split(' ')));
        let run = run.current_dir(folder.path()).env("KUBECONFIG", "");
        let run = run.env("KUBECTL_SNAPSHOT_STORE", dev.store());
        run.env("KUBERNETES_SERVICE_HOST", host).env("KUBERNETES_SERVICE_PORT", port)
    };
    let refused = in_pod("list").exits(1);
    assert!(refused.stderr.starts_with("Error from server (Forbidden): "), "{}", refused.stderr);
    assert!(refused.stderr.contains(&format!("User \"{account}\"")), "{}", refused.stderr);
    let read = [Rule { group: "", resources: &["configmaps"], verbs: &["get", "list", "create"] }];
    dev.allow_in_store(&account, &read);
    assert_eq!(in_pod("list -o name").succeeds().stdout, "rel-41\n");
    let capture = in_pod("capture rel-42 --from -");
    capture.stdin(end_to_end::fixture(crate::shop::DEV)).succeeds();
    let author = dev.plugin(["get", "rel-42", "-o", "jsonpath={.metadata.author}"]).succeeds();
    assert_eq!(author.stdout.trim_end(), account);
    // Its namespace is the one that it runs in.
    let live = in_pod("capture -o json").exits(1);
    assert!(
        live.stderr.contains(&format!("in the namespace \"{}\"", dev.name())),
        "{}",
        live.stderr
    );
}
