//! Differences of each `ConfigMap`, key by key.

use serde_json::Value;
use snapshot_core::diff::{ConfigMapDiff, KeyDiff};

use crate::render::{
    Cell, Column, Detail, Line, Row, Table, Tone,
    page::Fit,
    reports::{
        lines,
        value::{is_multi_line, shown_pair},
    },
};

/// A key shows at most so many lines.
const SHOWN: usize = 10;

/// A group for each `ConfigMap`, a row for each key.
pub(super) fn table(config_maps: &[ConfigMapDiff]) -> Table {
    let mut table =
        Table::headless([Column::new("KEY", Fit::Middle), Column::new("CHANGE", Fit::Middle)])
            .grouped_by("CONFIG MAP")
            .meaning("Settings and files that programs read.");
    for one in config_maps {
        table.group(one.change, Line::default().with(Tone::Strong, one.name.clone()));
        for key in &one.keys {
            table.row(row(key));
        }
    }
    table
}

fn row(key: &KeyDiff) -> Row {
    let (before, after) = shown_pair(key.before.as_ref(), key.after.as_ref());
    Row::new([key.key.clone().into(), Cell::change(before, after)]).with(changed_lines(key))
}

/// The lines that differ, where either side has several.
fn changed_lines(key: &KeyDiff) -> Option<Detail> {
    let text = |value: &Option<Value>| match value {
        None => Some(String::new()),
        Some(Value::String(text)) => Some(text.clone()),
        Some(_) => None,
    };
    let (before, after) = (text(&key.before)?, text(&key.after)?);
    if !is_multi_line(&before) && !is_multi_line(&after) {
        return None;
    }
    lines::between(&before, &after, SHOWN).map(Detail::Hunk)
}
