//! Suspicion: how likely a difference is to break something, before any trial.

use semver::Version;

use crate::{compose::Difference, snapshot::Snapshot};

/// Suspicion of a difference; it saves runs, and never decides.
pub(super) fn suspicion(difference: &Difference, [good, bad]: [&Snapshot; 2]) -> f64 {
    match difference {
        Difference::Flag(_) => 2.0,
        Difference::Object(..) => 1.5,
        Difference::Service(name) => match (version(name, good), version(name, bad)) {
            (Some(before), Some(after)) if before.major != after.major => 2.0,
            (Some(before), Some(after)) if before.minor != after.minor => 1.5,
            _ => 1.0,
        },
    }
}

fn version(service: &str, snapshot: &Snapshot) -> Option<Version> {
    let instances = snapshot.spec.services.get(service)?;
    let mains = instances.values().filter_map(|one| snapshot.spec.main_container(one));
    mains.filter_map(|main| Version::parse(main.version.as_deref()?).ok()).max()
}
