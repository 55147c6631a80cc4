//! Going back, as the report of an apply tells it.

use serde::Serialize;
use snapshot_core::{
    diff::Diff,
    outcome::{FlagReturn, LeftObject, Rollout, Verification, WayBackOutcome, Write, Written},
};

use super::{NAMED, tables};
use crate::render::{
    Cell, Column, Line, Page, Table, Tone,
    page::Fit,
    reports::{counted::listed, diff::summary_of, object_name::object_name},
};

/// The numbers of what went back, and what is known of what runs then.
pub(super) fn lines(way_back: &WayBackOutcome, page: &mut Page) {
    let mut counts = numbers(way_back);
    if way_back.is_seen() {
        counts.push("verified".to_owned());
    }
    let tone = if way_back.is_seen() { Tone::Good } else { Tone::Bad };
    page.line(Line::default().with(tone, "Gone back: ").plain(counts.join(", ")));
    let bad = |text: &'static str| Line::default().with(Tone::Bad, text);
    match &way_back.verification {
        Verification::NotAsked | Verification::Same(_) => {}
        Verification::Different(diff) => {
            page.line(bad("What runs is not what ran before: ").plain(summary_of(diff)));
        }
        Verification::Unknown { reason } => {
            page.line(bad("What runs now could not be seen: ").plain(reason.clone()));
        }
    }
}

/// The numbers of what went back, in words.
pub(super) fn numbers(way_back: &WayBackOutcome) -> Vec<String> {
    let restored = way_back.restored();
    let number = |write: Write| restored.iter().filter(|one| one.write == write).count();
    let left = way_back.left_objects().len();
    let done = way_back.rollouts.iter().filter(|one| one.state.is_done()).count();
    let open = way_back.rollouts.len() - done;
    let flags = |is_back| way_back.flags.iter().filter(|flag| flag.is_back == is_back).count();
    listed([
        (number(Write::Changed), "object as before", "objects as before"),
        (number(Write::Created), "object created again", "objects created again"),
        (number(Write::Removed), "new object removed", "new objects removed"),
        (left, "object not as before", "objects not as before"),
        (done, "rollout done", "rollouts done"),
        (open, "rollout not done", "rollouts not done"),
        (flags(true), "flag as before", "flags as before"),
        (flags(false), "flag not as before", "flags not as before"),
    ])
}

/// Tables of which objects run what, where it is not all as before.
pub(super) fn sections(way_back: &WayBackOutcome, set: &str, page: &mut Page) {
    if let Verification::Different(diff) = &way_back.verification {
        page.section("differences from before", tables::sentences(&diff.differences(NAMED)));
    }
    let left = way_back.left_objects();
    if !left.is_empty() {
        page.section("what runs", mixture(&way_back.restored(), &left, set));
    }
    page.section("flags not as before", flags(&way_back.flags));
    page.section("rollouts on the way back", tables::rollouts(&way_back.rollouts));
}

/// A row for each flag that is not as it was.
fn flags(flags: &[FlagReturn]) -> Table {
    let mut table =
        Table::headless([Column::new("FLAG", Fit::Middle), Column::new("REASON", Fit::Wrap)]);
    table.extend(flags.iter().filter(|flag| !flag.is_back).map(|one| {
        let reason = one.reason.as_deref().unwrap_or("the way back ended before it");
        [Cell::toned(Tone::Bad, one.flag.clone()), format!("was {}: {reason}", one.to).into()]
    }));
    table
}

/// A row for each object that was written, and whose state it has.
fn mixture(restored: &[Written], left: &[LeftObject], set: &str) -> Table {
    let mut table = Table::headless([
        Column::new("OBJECT", Fit::Middle),
        Column::new("RUNS", Fit::Whole),
        Column::new("REASON", Fit::Wrap),
    ]);
    table.extend(left.iter().map(|one| {
        let reason = one.reason.as_deref().unwrap_or("the way back ended before it");
        let runs = if one.is_another { "somebody else's" } else { set };
        [
            object_name(one.kind, &one.name).into(),
            Cell::toned(Tone::Bad, runs.to_owned()),
            reason.to_owned().into(),
        ]
    }));
    table.extend(restored.iter().map(|one| {
        [
            object_name(one.kind, &one.name).into(),
            Cell::toned(Tone::Good, "as before"),
            String::new().into(),
        ]
    }));
    table
}

/// Going back as machines get it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct View<'a> {
    /// The objects that are as they were.
    restored: Vec<Written>,
    /// The objects that are not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left: Vec<LeftObject>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    rollouts: &'a [Rollout],
    /// The flags that were switched.
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    flags: &'a [FlagReturn],
    verification: &'a Verification,
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining: Option<&'a Diff>,
}

impl<'a> View<'a> {
    pub(super) fn of(way_back: &'a WayBackOutcome) -> Self {
        Self {
            restored: way_back.restored(),
            left: way_back.left_objects(),
            rollouts: &way_back.rollouts,
            flags: &way_back.flags,
            verification: &way_back.verification,
            remaining: way_back.verification.remaining(),
        }
    }
}
