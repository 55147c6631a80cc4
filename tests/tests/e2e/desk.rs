//! A folder with a store of its own, where registries are asked and no cluster is.

use end_to_end::{Cluster, Folder, Invocation};

/// A run of the plugin there.
pub(crate) fn run(folder: &Folder, words: &str) -> Invocation {
    let words = format!("{words} --store ./store");
    let invocation = Cluster::shared().plugin(words.split(' ').collect::<Vec<_>>());
    let invocation = invocation.current_dir(folder.path()).env("KUBECONFIG", "/nowhere");
    invocation.env("KUBECTL_SNAPSHOT_OFFLINE", "false")
}

/// A Deployment of web that runs an image.
pub(crate) fn web(image: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  \
         selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    \
         spec:\n      containers:\n      - {{name: web, image: '{image}'}}\n"
    )
}
