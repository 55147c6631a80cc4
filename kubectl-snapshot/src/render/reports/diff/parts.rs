//! Report of a diff between sets in parts.

use snapshot_core::diff::{Diff, PartDiff, PartsDiff, Presence};

use super::{evidence, meanings, names, sections, sides, summary};
use crate::render::{
    Line, Overview, Page, Report, Tone,
    reports::counted::{counted, listed},
};

impl Report for PartsDiff {
    const KIND: &'static str = "PartsDiff";

    fn page(&self, page: &mut Page) {
        page.overview(overview(self));
        page.title(sides::from_to(&self.from, &self.to));
        page.line(sentence(self));
        if !self.services.is_empty() {
            page.line(Line::from(format!("only {}", self.services.join(", "))));
        }
        for one in &self.parts {
            page.title(title(one));
            // What a whole part has is no difference to read line by line.
            if one.change.is_none_or(|change| change == Presence::Changed) {
                page.line(summary::sentence(&one.diff));
            }
            sections(&one.diff, page);
        }
        if let Some(evidence) = &self.evidence {
            evidence::sections(evidence, page);
        }
    }

    /// The names behind their parts': `shop/deployment/cart`.
    fn names(&self) -> Vec<String> {
        let of_part = |one: &PartDiff| {
            let part = one.part.clone();
            names(&one.diff).into_iter().map(move |name| format!("{part}/{name}"))
        };
        self.parts.iter().flat_map(of_part).collect()
    }
}

/// `part payments  changed`.
fn title(one: &PartDiff) -> Line {
    let line = Line::default().plain("part ").with(Tone::Strong, one.part.to_string()).plain("  ");
    match one.change {
        Some(change) => {
            let word = match change {
                Presence::Added => "added",
                Presence::Removed => "removed",
                Presence::Changed => "changed",
            };
            line.with(change.into(), word)
        }
        None => line.with(Tone::Muted, "same"),
    }
}

fn diffs(diff: &PartsDiff) -> Vec<&Diff> {
    diff.parts.iter().map(|one| &one.diff).collect()
}

/// `1 part added, 2 parts changed: 3 images (2 newer, 1 older), 1 flag`.
fn sentence(diff: &PartsDiff) -> String {
    let summary = &diff.summary;
    if summary.is_same() {
        return if diff.from.digest == diff.to.digest {
            "same".to_owned()
        } else {
            "same: the digests differ only in what makes no difference, such as where a flag was read"
                .to_owned()
        };
    }
    let parts = listed([
        (summary.parts_added, "part added", "parts added"),
        (summary.parts_removed, "part removed", "parts removed"),
        (summary.parts_changed, "part changed", "parts changed"),
    ]);
    let size = summary::size(&summary.sum, &diffs(diff));
    let size = if size.is_empty() { size } else { format!(": {size}") };
    format!("{}{size}", parts.join(", "))
}

fn overview(diff: &PartsDiff) -> Overview {
    let (from, to, summary) = (&diff.from.name, &diff.to.name, &diff.summary);
    let overview =
        Overview::new(format!("What changes from {from} to {to}")).says(meanings::SNAPSHOT);
    if summary.is_same() {
        return overview.says(format!("{from} and {to} are the same."));
    }
    overview
        .says(format!(
            "Each part is what one namespace holds; {} of them differ.",
            counted(diff.parts.len(), "part", "parts")
        ))
        .counts(Tone::Good, summary.parts_added, "part added", "parts added")
        .counts(Tone::Bad, summary.parts_removed, "part removed", "parts removed")
        .counts(Tone::Caution, summary.parts_changed, "part changed", "parts changed")
        .counts(Tone::Plain, summary.sum.images, "image", "images")
        .counts(Tone::Plain, summary.sum.flags, "flag", "flags")
        .counts(Tone::Plain, summary.sum.environment, "setting", "settings")
}
