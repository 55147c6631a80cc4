//! Completion: through kubectl, and in the shells.

mod kubectl;
mod shells;

use end_to_end::{Cluster, Folder, Invocation, Namespace, fixture};

use crate::shop::DEV;

/// A kubeconfig of two contexts whose server is never asked.
const TWO_CONTEXTS: &str = "
apiVersion: v1
kind: Config
clusters: [{name: east, cluster: {server: 'https://127.0.0.1:1'}}]
users: [{name: anna, user: {token: none}}]
contexts:
- {name: shop-dev, context: {cluster: east, user: anna, namespace: dev}}
- {name: shop-prod, context: {cluster: east, user: anna}}
current-context: shop-dev
";

/// A namespace whose store has snapshots, a stage, a variable set and a policy.
fn shop() -> Namespace {
    let dev = Namespace::new(Cluster::shared(), "dev");
    for (name, message) in [("hotfix", "carts are lost"), ("rel-41", "cart asks tax")] {
        let capture = ["capture", name, "--from", "-", "-m", message];
        dev.plugin(capture).stdin(fixture(DEV)).succeeds();
    }
    dev.plugin(["capture", "rel-42", "--from", "-"]).stdin(fixture(DEV)).succeeds();
    dev.plugin(["variables", "set", "prod", "DB_HOST=db.prod", "TAX_URL=tax"]).succeeds();
    dev.plugin(["stage", "set", "qa", "--at", "qa"]).succeeds();
    let prod = ["stage", "set", "prod", "--at", "shop", "--after", "qa", "--variables", "prod"];
    dev.plugin(prod).succeeds();
    dev.plugin(["policy", "add", "semver-major", "--mode", "warn"]).succeeds();
    dev
}

/// kubectl with our completion on its PATH.
struct Tab {
    folder: Folder,
    path: String,
}

/// Answer to kubectl.
#[derive(Debug)]
struct Offer {
    /// The words, as they were printed, with what they are.
    lines: Vec<String>,
    /// Directive for the shell.
    directive: u8,
}

impl Tab {
    fn new() -> Self {
        let cluster = Cluster::shared();
        let folder = Folder::new(cluster);
        let script = cluster.plugin(["completion", "kubectl"]).succeeds().stdout;
        folder.write("kubectl_complete-snapshot", script);
        let chmod = ["+x", "kubectl_complete-snapshot"];
        cluster.command("chmod", chmod).current_dir(folder.path()).succeeds();
        let path = cluster.command("sh", ["-c", r#"printf %s "$PATH""#]).succeeds().stdout;
        Self { path: format!("{}:{path}", folder.path().display()), folder }
    }

    /// kubectl on Tab after these words, the last of them unfinished.
    fn after(&self, words: &[&str]) -> Invocation {
        let arguments = ["__complete", "snapshot"].into_iter().chain(words.iter().copied());
        let kubectl = Cluster::shared().kubectl(arguments).env("PATH", &self.path);
        kubectl.current_dir(self.folder.path())
    }

    /// Answer with nothing set but the store.
    fn offer(&self, store: &Namespace, words: &[&str]) -> Offer {
        let answer = self.after(words).env("KUBECTL_SNAPSHOT_STORE", store.store());
        Offer::of(answer)
    }
}

impl Offer {
    fn of(run: Invocation) -> Self {
        let output = run.succeeds();
        let mut lines: Vec<String> = output.stdout.lines().map(str::to_owned).collect();
        let last = lines.pop().expect("kubectl always prints a directive");
        let directive = last.strip_prefix(':').expect("the last line is the directive");
        Self { lines, directive: directive.parse().expect("a directive is a number") }
    }

    /// The words alone.
    fn words(&self) -> Vec<&str> {
        self.lines.iter().map(|line| line.split('\t').next().unwrap_or(line)).collect()
    }
}
