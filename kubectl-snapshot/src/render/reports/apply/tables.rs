//! The tables of an apply.

use snapshot_core::{
    outcome::{Rollout, RolloutState, SwitchOutcome, SwitchState, Write, Written},
    plan::{FlagSwitch, ObjectName},
};

use crate::render::{Cell, Column, Row, Table, Tone, page::Fit, reports::object_name::object_name};

/// A row for each sentence.
pub(super) fn sentences(sentences: &[String]) -> Table {
    let mut table = Table::headless([Column::new("WHAT", Fit::Wrap)]);
    table.extend(sentences.iter().map(|one| [Cell::from(one.clone())]));
    table
}

/// A row for each object that was not written.
pub(super) fn not_begun<'a>(objects: impl Iterator<Item = &'a ObjectName>) -> Table {
    let mut table = Table::headless([Column::new("OBJECT", Fit::Middle)]);
    table.extend(objects.map(|one| [Cell::from(object_name(one.kind, &one.name))]));
    table
}

/// A row for each object that was written.
pub(super) fn writes(written: &[Written]) -> Table {
    let mut table =
        Table::headless([Column::new("OBJECT", Fit::Middle), Column::new("WRITE", Fit::Whole)]);
    for one in written {
        let (word, tone) = match one.write {
            Write::Created => ("created", Tone::Good),
            Write::Changed => ("changed", Tone::Caution),
            Write::Removed => ("removed", Tone::Bad),
        };
        table.row([object_name(one.kind, &one.name).into(), Cell::toned(tone, word)]);
    }
    table
}

/// A row for each workload of which there is something to say, the gravest first.
pub(super) fn rollouts(rollouts: &[Rollout]) -> Table {
    let mut table = Table::headless([
        Column::new("WORKLOAD", Fit::Middle),
        Column::new("STATE", Fit::Whole),
        Column::new("REASON", Fit::Wrap),
    ]);
    let silent = |one: &&Rollout| matches!(one.state, RolloutState::Done { note: None });
    let mut rollouts: Vec<&Rollout> = rollouts.iter().filter(|one| !silent(one)).collect();
    rollouts.sort_by_key(|one| match one.state {
        RolloutState::Failed { .. } => 0,
        RolloutState::TimedOut { .. } => 1,
        RolloutState::Unknown => 2,
        RolloutState::Stopped => 3,
        RolloutState::Done { .. } => 4,
    });
    table.extend(rollouts.into_iter().map(row));
    table
}

fn row(one: &Rollout) -> Row {
    let (word, tone, reason) = match &one.state {
        RolloutState::Done { note } => ("done", Tone::Good, note.as_deref().unwrap_or_default()),
        RolloutState::Failed { reason } => ("failed", Tone::Bad, reason.as_str()),
        RolloutState::TimedOut { reason } => ("timed out", Tone::Bad, reason.as_str()),
        RolloutState::Stopped => ("not waited for", Tone::Muted, ""),
        RolloutState::Unknown => ("not seen to end", Tone::Caution, ""),
    };
    Row::new([
        object_name(one.kind, &one.name).into(),
        Cell::toned(tone, word),
        reason.to_owned().into(),
    ])
}

/// A row for each flag that was to be switched.
pub(super) fn switches(switches: &[SwitchOutcome]) -> Table {
    let mut table = Table::headless([
        Column::new("FLAG", Fit::Middle),
        Column::new("STATE", Fit::Whole),
        Column::new("CHANGE", Fit::Middle),
    ]);
    table.extend(switches.iter().map(|one| {
        let (tone, word) = match one.state {
            SwitchState::Done { .. } => (Tone::Good, "switched"),
            SwitchState::NotStarted => (Tone::Muted, "not begun"),
            SwitchState::Failed { may_be_done: true, .. } => (Tone::Unknown, "unknown"),
            SwitchState::Failed { .. } => (Tone::Bad, "not switched"),
        };
        let FlagSwitch { flag, from, to, .. } = &one.switch;
        [
            flag.clone().into(),
            Cell::toned(tone, word),
            Cell::change(Some(from.clone()), Some(to.clone())),
        ]
    }));
    table
}
