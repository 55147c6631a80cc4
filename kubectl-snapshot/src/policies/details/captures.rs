//! Captures: by whom, when and why.

use snapshot_core::snapshot::Metadata;
use snapshot_policy_host::records::{Capture, Captures};

use crate::policies::Captured;

/// Captures of both sets, as their documents tell them.
pub(in crate::policies) fn captures(
    candidate: &Metadata,
    running: Option<&Metadata>,
    captured: Captured,
) -> Captures {
    Captures {
        candidate: capture(candidate, captured.candidate),
        running: running.map(|running| capture(running, captured.running)),
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
