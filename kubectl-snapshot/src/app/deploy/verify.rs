//! The look at what runs in the end, beside what is to run.

use snapshot_core::{diff, outcome::Verification, snapshot::Snapshot};

use super::{Target, reading::read_all};
use crate::app::{App, read::finish};

/// Compares the sets that are to run, which `label` names, with what runs now, in each namespace.
/// What runs beside them is somebody else's, or was left alone, as the plan said.
pub(super) async fn verify(
    app: &App,
    target: &Target,
    label: &str,
    sets: &[&Snapshot],
) -> Vec<Verification> {
    let unknown = |reason: String| Verification::Unknown { reason };
    let observed = match read_all(app, target, &target.options.to_capture(true)).await {
        Ok(observed) => observed,
        Err(failure) => {
            return target.parts.iter().map(|_| unknown(failure.message.clone())).collect();
        }
    };
    let mut verified = Vec::new();
    for ((one, observed), set) in target.parts.iter().zip(observed).zip(sets) {
        let source = format!("live:{}", one.namespace());
        verified.push(match finish(app, observed.assembly, source).await {
            Ok(now) => {
                let diff = diff::compare([label, &one.label()], set, &now);
                let diff = diff.with_pods(&set.spec, &now.spec);
                Verification::of(diff.without_additions())
            }
            Err(failure) => unknown(failure.message),
        });
    }
    verified
}
