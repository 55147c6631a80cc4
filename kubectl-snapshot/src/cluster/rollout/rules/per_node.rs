//! Rollouts of a pod on each node, as the DaemonSet controller reports them.

use super::{super::state::State, PodSelector};

pub(super) fn missing(state: &State) -> Option<String> {
    let status = &state.status;
    let wanted = status.desired_number_scheduled;
    if status.updated_number_scheduled < wanted {
        return Some(format!("{} of {wanted} new pods are there", status.updated_number_scheduled));
    }
    (status.number_available < wanted)
        .then(|| format!("{} of {wanted} new pods are available", status.number_available))
}

/// The pods of the current template, by its generation.
pub(super) fn pods(state: &State) -> Option<PodSelector<'_>> {
    let value = state.metadata.annotations.template_generation.as_deref()?;
    Some(PodSelector::Equal { label: "pod-template-generation", value })
}
