//! Mistakes of users of a cluster, and damage around them: each a transcript.

mod damaged;
mod interrupted;
mod no_cluster;

use end_to_end::{Cluster, Folder, Invocation};

/// A run of the plugin in a folder, without a namespace.
fn plugin<'a>(folder: &Folder, arguments: impl IntoIterator<Item = &'a str>) -> Invocation {
    Cluster::shared().plugin(arguments).current_dir(folder.path())
}
