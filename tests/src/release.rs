//! Release that another project has published: the file or folder that the plugin reads, and the
//! same as kubectl can create it in any namespace.

use std::fs;
use std::path::PathBuf;

use crate::shared_data;

/// Kinds that are created: everything that belongs to a set, and the Secrets beside
/// it. The rest is of the whole cluster, or needs definitions of its own.
const CREATED: [&str; 10] = [
    "ConfigMap",
    "DaemonSet",
    "Deployment",
    "DestinationRule",
    "HTTPRoute",
    "Secret",
    "Service",
    "ServiceAccount",
    "StatefulSet",
    "VirtualService",
];

/// The manifests of one release.
#[derive(Debug)]
pub struct Release {
    path: PathBuf,
}

impl Release {
    /// A release below the shared data; without those, the test is ignored.
    ///
    /// # Panics
    /// Where they do not have it.
    #[must_use]
    #[track_caller]
    pub fn at(path: &str) -> Self {
        let path = shared_data().join(path);
        let path =
            path.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { path }
    }

    /// The path of its file or folder.
    ///
    /// # Panics
    /// Where it is no text.
    #[must_use]
    pub fn path(&self) -> &str {
        self.path.to_str().expect("the shared data's paths are text")
    }

    /// The manifests without what ties them to a namespace or to a cluster of 2018.
    ///
    /// # Panics
    /// Where a file cannot be read.
    #[must_use]
    pub fn for_kubectl(&self) -> String {
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
