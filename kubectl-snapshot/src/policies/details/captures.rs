//! Captures: by whom, when and why.

use snapshot_core::snapshot::Metadata;
use snapshot_policy_host::records::{Capture, Captures};

use super::Facts;

/// Captures of both sets, as their documents tell them.
pub(super) fn captures(facts: &Facts<'_>) -> Captures {
    Captures {
        candidate: capture(&facts.candidate.metadata, facts.captured.candidate),
        running: facts
            .running
            .map(|(_, running)| capture(&running.metadata, facts.captured.running)),
    }
}

fn capture(metadata: &Metadata, at: Option<u64>) -> Capture {
    Capture {
        name: metadata.name.clone(),
        author: metadata.author.clone(),
        at,
        source: metadata.source.clone(),
        message: metadata.message.clone(),
    }
}
