//! Containers that pods could not start.

use super::{RunningImage, instance::is_image};
use crate::{image, snapshot::Instance};

/// A container that a pod of a workload has not started, and will not by waiting alone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotStarted {
    /// The container's name.
    pub container: String,
    /// The image as the pod's spec has it.
    pub image: String,
    /// The reason in the words of the API, such as `ImagePullBackOff`.
    pub reason: String,
}

/// Warns of each container that some pod could not start, and no pod has.
pub(super) fn warn(
    instance: &Instance,
    not_started: &[NotStarted],
    running: &[RunningImage],
    workload: &str,
    warnings: &mut Vec<String>,
) {
    for (name, container) in &instance.containers {
        let wanted = image::without_digest(container);
        let of_this = |one: &&NotStarted| one.container == *name && is_image(&one.image, &wanted);
        // Where pods run another image, that has been said.
        let runs = running.iter().any(|running| running.container == *name);
        if let Some(first) = not_started.iter().find(of_this).filter(|_| !runs) {
            warnings.push(format!(
                "{workload}, container {name}: no pod has started {wanted} ({}); what was captured does not run",
                first.reason
            ));
        }
    }
}
