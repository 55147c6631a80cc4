//! Summary of a snapshot, for those who have not seen one.

use std::collections::BTreeMap;

use snapshot_core::requirement::Fulfilment;

use super::Description;
use crate::render::{Overview, Tone, reports::meanings};

/// Summary of a description: its size, and the state of its requirements.
pub(super) fn of(description: &Description<'_>) -> Overview {
    let name = description.metadata.name.as_deref().unwrap_or(description.label);
    let requirements = |state: Fulfilment| {
        let active = description.requirements.iter().filter(|one| one.active);
        active.filter(|one| one.state == state).count()
    };
    let instances = description.services.values().map(BTreeMap::len).sum();
    let on = description.flags.values().filter(|flag| flag.is_on()).count();
    Overview::new(format!("What is in {name}"))
        .says(meanings::SNAPSHOT)
        .counts(Tone::Plain, description.services.len(), "service", "services")
        .counts(Tone::Plain, instances, "workload", "workloads")
        .counts(Tone::Plain, description.flags.len(), "flag", "flags")
        .counts(Tone::Plain, on, "flag that is on", "flags that are on")
        .counts(Tone::Good, requirements(Fulfilment::Met), "requirement met", "requirements met")
        .counts(
            Tone::Bad,
            requirements(Fulfilment::Unmet),
            "requirement unmet",
            "requirements unmet",
        )
        .counts(
            Tone::Unknown,
            requirements(Fulfilment::Unknown),
            "requirement that nobody could tell",
            "requirements that nobody could tell",
        )
}
