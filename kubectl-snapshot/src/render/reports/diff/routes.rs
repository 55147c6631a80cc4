//! Differences of routes: shares in words, then fields.

use snapshot_core::{
    diff::{RouteDiff, SharesDiff},
    routes::{Rule, shares_in_words},
};

use crate::render::{
    Cell, Column, Line, Row, Table,
    page::Fit,
    reports::fields::{Field, fields},
};

/// A group for each route, a row for each rule and each field.
pub(super) fn table(routes: &[RouteDiff]) -> Table {
    let mut table = Table::headless([
        Column::new("REQUESTS OR FIELD", Fit::Middle),
        Column::new("CHANGE", Fit::Wrap),
    ])
    .grouped_by("ROUTE")
    .meaning("How requests are shared among programs, where that differs.");
    for one in routes {
        table.group(one.change, Line::from(format!("{} {}", one.kind, one.name)));
        table.extend(one.shares.iter().map(shares));
        let fields = fields(one.kind, &[], &one.fields).into_iter();
        table.extend(fields.map(Field::into_cells).map(Row::new));
    }
    table
}

fn shares(one: &SharesDiff) -> Row {
    let words = |rule: &Option<Rule>| rule.as_ref().map(shares_in_words);
    Row::new([one.requests.clone().into(), Cell::change(words(&one.before), words(&one.after))])
}
