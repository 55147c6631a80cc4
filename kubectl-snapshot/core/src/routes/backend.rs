//! Backends of a rule, as a route names them.

use super::Share;

/// A rule before its backends are looked for.
#[derive(Debug)]
pub(super) struct Unresolved {
    pub(super) requests: String,
    pub(super) otherwise: Option<String>,
    pub(super) backends: Vec<Backend>,
}

/// A backend and its weight.
#[derive(Clone, Debug)]
pub(super) struct Backend {
    /// The Service of the set's namespace, where it is one.
    pub(super) service: Option<String>,
    pub(super) shown: String,
    pub(super) subset: Option<String>,
    pub(super) weight: u64,
}

impl Backend {
    /// The backends, each once: one that is named twice gets both weights.
    pub(super) fn added_up(all: Vec<Self>) -> Vec<Self> {
        let mut sums: Vec<Self> = Vec::new();
        for one in all {
            let same = |sum: &&mut Self| (&sum.shown, &sum.subset) == (&one.shown, &one.subset);
            match sums.iter_mut().find(same) {
                Some(sum) => sum.weight = sum.weight.saturating_add(one.weight),
                None => sums.push(one),
            }
        }
        sums
    }

    /// The share, without whoever gets the requests.
    pub(super) fn share_of(self, sum: u64) -> Share {
        let Self { shown: backend, subset, weight, .. } = self;
        Share { backend, subset, weight, sum, instances: Vec::new() }
    }
}

/// The Service that a host of the mesh is: a short name, or the full one of a cluster.
///
/// Where a set is captured from is no part of it: the namespace in a full name is taken for the
/// set's own.
pub(super) fn service_of_host(host: &str) -> Option<&str> {
    let mut parts = host.split('.');
    let name = parts.next().filter(|name| !name.is_empty() && !name.contains('*'))?;
    match (parts.next(), parts.next()) {
        (None, _) | (Some(_), Some("svc")) => Some(name),
        _ => None,
    }
}
