//! The sets that a report is about.

use snapshot_core::{diff::Side, digest::Digest};

use crate::render::{Line, Tone};

/// `rel-42 (sha256:1f3a…)`.
pub(super) fn named(line: Line, name: &str, digest: &Digest) -> Line {
    line.with(Tone::Strong, name.to_owned()).with(Tone::Muted, format!(" ({})", digest.short()))
}

/// One side, and an arrow to the other.
pub(super) fn from_to(from: &Side, to: &Side) -> Line {
    named(named(Line::default(), &from.name, &from.digest).plain(" → "), &to.name, &to.digest)
}

/// One side alone.
pub(super) fn one(side: &Side) -> Line {
    named(Line::default(), &side.name, &side.digest)
}
