//! What users get wrong, and what goes wrong around them: each a transcript.

mod damaged;
mod files;
mod full_disk;
mod interrupted;
mod names;
mod no_cluster;
mod usage;

use end_to_end::{Cluster, Folder, Invocation};

/// One service, in the words of its manifest.
const TAX: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: tax}
spec:
  selector: {matchLabels: {app: tax}}
  template:
    metadata: {labels: {app: tax}}
    spec:
      containers:
      - {name: tax, image: 'registry.example/shop/tax:1.3.9'}
";

/// A run of the plugin in a folder, without a namespace.
fn plugin<'a>(folder: &Folder, arguments: impl IntoIterator<Item = &'a str>) -> Invocation {
    Cluster::shared().plugin(arguments).current_dir(folder.path())
}
