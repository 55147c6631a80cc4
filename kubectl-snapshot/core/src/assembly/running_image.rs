//! Images that running pods report.

use crate::digest::Digest;

/// The image a container of a running pod reports.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningImage {
    /// The container's name.
    pub container: String,
    /// The image as the pod's spec has it.
    pub image: String,
    /// The digest that the container runtime pulled.
    pub digest: Digest,
    /// Time at which the pod started, where it has ended: RFC 3339 in UTC. A pod that runs
    /// has none.
    pub ended: Option<String>,
}
