//! Differences of each flag.

use serde_json::Value;
use snapshot_core::{
    diff::{FlagDiff, Presence},
    flag::{Flag, State},
};

use crate::render::{
    Cell, Column, Row, Table,
    page::Fit,
    reports::{meanings, value::shown},
};

/// A row for each difference of a flag; the first has its key.
pub(super) fn table(flags: &[FlagDiff]) -> Table {
    let mut table = Table::headless([
        Column::new("FLAG", Fit::Middle),
        Column::new("WHAT", Fit::Whole),
        Column::new("CHANGE", Fit::Middle),
    ])
    .meaning(meanings::FLAGS);
    for flag in flags {
        for (position, (what, before, after)) in aspects(flag).into_iter().enumerate() {
            let key = if position == 0 { flag.key.clone() } else { String::new() };
            let row = Row::new([key.into(), what.into(), Cell::change(before, after)]);
            table.row(if position == 0 { row.marked(flag.change) } else { row });
        }
    }
    table
}

type Aspect = (&'static str, Option<String>, Option<String>);

fn aspects(diff: &FlagDiff) -> Vec<Aspect> {
    let both = |of: fn(&Flag) -> Option<String>| {
        (diff.before.as_ref().and_then(of), diff.after.as_ref().and_then(of))
    };
    let aspect = |what, of| {
        let (before, after) = both(of);
        (before != after).then_some((what, before, after))
    };
    let mut aspects: Vec<Aspect> = [
        aspect("", |flag| Some(state(flag).to_owned())),
        aspect("", |flag| stands_for_itself(&flag.value).then(|| shown(&flag.value))),
        aspect("variants", |flag| (!flag.variants.is_empty()).then(|| variants(flag)))
            .filter(|_| diff.change == Presence::Changed || !is_switch(diff)),
        aspect("targeting", |flag| flag.targeting.as_ref().map(shown)),
        aspect("service", |flag| flag.service.clone()),
        aspect("problem", |flag| flag.unreadable.clone()),
    ]
    .into_iter()
    .flatten()
    .collect();
    if aspects.is_empty() && diff.change == Presence::Changed {
        // `true` became `"on"`: the state says the same of both.
        let (before, after) = both(|flag| Some(flag.value.to_string()));
        aspects.push(("value", before, after));
    }
    aspects
}

/// True if the flag, which only one side has, serves nothing but on and off.
fn is_switch(diff: &FlagDiff) -> bool {
    let flags = diff.before.iter().chain(&diff.after);
    flags.flat_map(|flag| flag.variants.values()).all(Value::is_boolean)
}

/// State of a flag, in a word.
pub fn state(flag: &Flag) -> &'static str {
    match flag {
        Flag { unreadable: Some(_), .. } => "unreadable",
        Flag { enabled: false, .. } => "disabled",
        Flag { targeting: Some(_), .. } => match flag.state() {
            State::On => "on",
            State::Off => "off",
            State::Some | State::Unknown => "on for some",
        },
        Flag { value: Value::Null, .. } => "decided by the code",
        flag if flag.is_on() => "on",
        _ => "off",
    }
}

/// True if the value says more than the flag's state does.
pub fn stands_for_itself(value: &Value) -> bool {
    match value {
        Value::Null | Value::Bool(_) => false,
        Value::String(text) => {
            !matches!(text.to_ascii_lowercase().as_str(), "on" | "off" | "true" | "false")
        }
        _ => true,
    }
}

fn variants(flag: &Flag) -> String {
    let variants = flag.variants.iter().map(|(name, value)| format!("{name}={}", shown(value)));
    variants.collect::<Vec<_>>().join(", ")
}
