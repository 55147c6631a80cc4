//! A published release: the file or folder that the plugin reads, and the same
//! as kubectl can create it in any namespace.

use std::fs;
use std::path::PathBuf;

use end_to_end::{Cluster, Invocation, Namespace, shared_data};

/// What is created: everything that belongs to a set, and the Secrets beside
/// it. The rest is of the whole cluster, or needs definitions of its own.
const CREATED: [&str; 7] =
    ["ConfigMap", "DaemonSet", "Deployment", "Secret", "Service", "ServiceAccount", "StatefulSet"];

/// The manifests of one release.
pub(crate) struct Release {
    path: PathBuf,
}

impl Release {
    /// The release below the shared data; nothing where there are none.
    pub(crate) fn at(path: &str) -> Option<Self> {
        let path = shared_data()?.join(path).canonicalize();
        Some(Self { path: path.unwrap_or_else(|error| panic!("{error}")) })
    }

    /// What to call it on the command line.
    pub(crate) fn path(&self) -> &str {
        self.path.to_str().expect("the shared data's paths are text")
    }

    /// Creates its objects.
    #[track_caller]
    pub(crate) fn create(&self, namespace: &Namespace) {
        create(namespace, self.for_kubectl());
    }

    /// Creates its objects scaled to nothing, which no snapshot tells: pods take
    /// their time, and say nothing that manifests say.
    #[track_caller]
    pub(crate) fn create_without_pods(&self, namespace: &Namespace) {
        create(namespace, without_pods(&self.for_kubectl()));
    }

    /// The manifests without what ties them to a namespace or to a cluster of 2018.
    pub(crate) fn for_kubectl(&self) -> String {
        let mut documents = String::new();
        for document in self.text().split("\n---") {
            // What follows the three dashes in their line is a comment.
            let document = document.split_once('\n').map_or("", |(_, document)| document);
            let kind = document.lines().find_map(|line| line.strip_prefix("kind: "));
            if kind.is_some_and(|kind| CREATED.contains(&kind.trim())) {
                documents.push_str("---\n");
                documents.push_str(&created(document));
            }
        }
        documents
    }

    fn text(&self) -> String {
        let mut files = vec![self.path.clone()];
        if self.path.is_dir() {
            files = fs::read_dir(&self.path).unwrap().map(|file| file.unwrap().path()).collect();
            files.retain(|file| file.extension().is_some_and(|ending| ending != "txt"));
            files.sort();
        }
        let texts = files.iter().map(|file| fs::read_to_string(file).unwrap());
        texts.fold(String::new(), |all, text| all + "\n---\n" + &text)
    }
}

#[track_caller]
fn create(namespace: &Namespace, documents: String) {
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

/// One document, line by line: a namespace and a port of the node can belong to
/// one only, and Deployments had no selector once.
fn created(document: &str) -> String {
    let old = document.contains("apiVersion: extensions/v1beta1");
    let mut lines = Vec::new();
    for line in document.lines() {
        if line.starts_with("  namespace: ") || line.trim_start().starts_with("nodePort: ") {
            continue;
        }
        if old && line == "  template:" {
            lines.extend([
                "  selector:".to_owned(),
                format!("    matchLabels: {}", labels(document)),
            ]);
        }
        lines.push(line.replace("apiVersion: extensions/v1beta1", "apiVersion: apps/v1"));
    }
    lines.join("\n") + "\n"
}

/// The labels of the pod template, in a line.
fn labels(document: &str) -> String {
    let template = document.lines().skip_while(|line| *line != "  template:");
    let labels = template.skip_while(|line| *line != "      labels:").skip(1);
    let labels = labels.map_while(|line| line.strip_prefix("        "));
    let labels: Vec<_> = labels.map(|line| line.split(" #").next().unwrap_or(line)).collect();
    format!("{{{}}}", labels.join(", "))
}

/// A run of the plugin that is told no namespace: files are in one of their
/// own, and `live:NAMESPACE` says which is meant.
pub(crate) fn plugin<'a>(
    namespace: &'a Namespace,
    arguments: impl IntoIterator<Item = &'a str>,
) -> Invocation {
    let store = ["--store-namespace", namespace.store()];
    Cluster::shared().plugin(store.into_iter().chain(arguments))
}
