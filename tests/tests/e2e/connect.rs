//! The ways in which people reach their clusters.

mod credentials;
mod files;
mod impersonation;
mod pod;
mod proxies;

use end_to_end::{Cluster, Folder, Namespace};
use serde_json::Value;

/// The cluster's kubeconfig, with its tokens.
fn kubeconfig() -> Value {
    Cluster::shared().kubectl(["config", "view", "--raw", "-o", "json"]).succeeds().json()
}

/// The token of a user of tests.
fn token(user: &str) -> String {
    let kubeconfig = kubeconfig();
    let users = kubeconfig["users"].as_array().unwrap();
    let named = users.iter().find(|named| named["name"] == user).unwrap();
    named["user"]["token"].as_str().unwrap().to_owned()
}

/// Writes a kubeconfig into a folder, and returns its path.
fn write(folder: &Folder, name: &str, kubeconfig: &Value) -> String {
    folder.write(name, kubeconfig.to_string());
    folder.path().join(name).display().to_string()
}

/// A namespace whose store holds one snapshot.
fn with_snapshot() -> Namespace {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let capture = ["capture", "rel-41", "--from", "-"];
    dev.plugin(capture).stdin(end_to_end::fixture(crate::shop::DEV)).succeeds();
    dev
}
