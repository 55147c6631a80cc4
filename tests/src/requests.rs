//! Requests that a cluster received, from the API server's audit log.
//!
//! Some promises are about what does *not* happen: no Secret is read, nothing
//! is written where nothing changed. Not even a resource version shows the
//! second, for a write without a change leaves it alone. The log does.

use std::collections::HashSet;
use std::fs;
use std::hash::{BuildHasher, RandomState};

use serde::Deserialize;

use crate::{Namespace, ignore, wait_for};

/// A request that somebody made, other than the control plane itself.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Request {
    #[serde(rename = "auditID")]
    id: String,
    /// `get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`.
    pub verb: String,
    /// The path and query.
    #[serde(rename = "requestURI")]
    pub uri: String,
    /// The program, as it introduced itself.
    #[serde(default)]
    pub user_agent: String,
    /// User who asked.
    pub user: User,
    /// Object of the request; nothing for `/version` and such.
    pub object_ref: Option<Object>,
}

/// User who asked.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct User {
    /// The name, as the API server knows it.
    pub username: String,
}

/// Object of a request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default)]
#[derive(Default)]
pub struct Object {
    /// `deployments`, `configmaps`, …
    pub resource: String,
    /// Empty for all namespaces, and for what has none.
    pub namespace: String,
    /// Empty for lists.
    pub name: String,
    /// `status`, `scale`, …, or empty.
    pub subresource: String,
}

impl Request {
    /// True for a change, a dry run included.
    #[must_use]
    pub fn writes(&self) -> bool {
        !matches!(self.verb.as_str(), "get" | "list" | "watch")
    }

    /// True for a dry run.
    #[must_use]
    pub fn is_dry_run(&self) -> bool {
        self.uri.contains("dryRun=All")
    }
}

impl Namespace {
    /// Requests to this namespace and to the store's until now, oldest first. On a cluster
    /// that the tester has named there is no log: there, the test is ignored.
    ///
    /// # Panics
    /// Where the log is not what the API server writes.
    #[must_use]
    pub fn requests(&self) -> Vec<Request> {
        if !self.cluster().is_private() {
            ignore("this cluster, which KUBECTL_SNAPSHOT_TEST_CONTEXT names, has no audit log");
        }
        let here = [self.name(), self.store()];
        let mut requests = read_log(self);
        requests.retain(|request| {
            request.object_ref.as_ref().is_some_and(|o| here.contains(&o.namespace.as_str()))
        });
        requests
    }
}

/// The whole log, each request once: a watch is logged as it begins and ends.
fn read_log(namespace: &Namespace) -> Vec<Request> {
    let log = namespace.cluster().folder().join("audit.log");
    // An answer can arrive before its line is written. When the line of a later
    // request is there, those of earlier ones are as well.
    let mark = format!("/version?mark={:x}", RandomState::new().hash_one(0));
    namespace.cluster().kubectl(["get", "--raw", &mark]).succeeds();
    let text = wait_for("the audit log to catch up", || {
        let text = fs::read_to_string(&log).expect("the audit log is readable");
        text.contains(&mark).then_some(text)
    });
    let mut seen = HashSet::new();
    text.lines()
        // The last line may be half written; it is younger than the mark.
        .filter_map(|line| serde_json::from_str::<Request>(line).ok())
        .filter(|request| seen.insert(request.id.clone()))
        .collect()
}
