//! Published releases in a namespace, and runs on them.

use end_to_end::{Invocation, Namespace, Release};

/// Creates a release's objects.
#[track_caller]
pub(crate) fn create(release: &Release, namespace: &Namespace) {
    create_documents(namespace, release.for_kubectl());
}

/// Creates its objects scaled to nothing, which no snapshot tells: pods take
/// their time, and say nothing that manifests say.
#[track_caller]
pub(crate) fn create_without_pods(release: &Release, namespace: &Namespace) {
    create_documents(namespace, without_pods(&release.for_kubectl()));
}

#[track_caller]
fn create_documents(namespace: &Namespace, documents: String) {
    // `apply` keeps the whole object in an annotation, for which one of the
    // ConfigMaps is too large.
    namespace.kubectl(["create", "-f", "-"]).stdin(documents).succeeds();
}

fn without_pods(documents: &str) -> String {
    let mut lines = Vec::new();
    let mut scales = false;
    for line in documents.lines() {
        if let Some(kind) = line.strip_prefix("kind: ") {
            scales = ["Deployment", "StatefulSet"].contains(&kind.trim());
        }
        if scales && line.starts_with("  replicas:") {
            continue;
        }
        lines.push(line);
        if scales && line.trim_end() == "spec:" {
            lines.push("  replicas: 0");
        }
    }
    lines.join("\n") + "\n"
}

/// A run of the plugin that is told no namespace: files are in one of their
/// own, and `live:NAMESPACE` says which is meant.
pub(crate) fn plugin<'a>(
    namespace: &'a Namespace,
    arguments: impl IntoIterator<Item = &'a str>,
) -> Invocation {
    let store = ["--store-namespace", namespace.store()];
    namespace.cluster().plugin(store.into_iter().chain(arguments))
}
