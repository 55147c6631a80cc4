//! Requirements and whether they hold.

use snapshot_core::requirement::{Fulfilment, Resolved};

use crate::render::{Cell, Column, Row, Table, Tone, page::Fit};

/// Each requirement with its state and what was found.
pub(super) fn table(requirements: &[Resolved]) -> Table {
    let mut table = Table::new([
        Column::new("DEPENDENT", Fit::Instance),
        Column::new("REQUIRES", Fit::Middle),
        Column::new("STATE", Fit::Whole),
        Column::new("FOUND", Fit::Wrap),
    ])
    .meaning(
        "What services and flags need of each other, and whether they get it. inactive: \
         the flag is off, so that nothing needs it now.",
    );
    for resolved in requirements {
        table.row(row(resolved));
    }
    table
}

fn row(resolved: &Resolved) -> Row {
    let (word, tone) = match resolved.state {
        Fulfilment::Met => ("met", Tone::Good),
        Fulfilment::Unmet => ("unmet", Tone::Bad),
        Fulfilment::Unknown => ("unknown", Tone::Unknown),
    };
    let state = if resolved.active {
        Cell::toned(tone, word)
    } else {
        // Its flag is off: nothing depends on it now.
        Cell::toned(Tone::Muted, format!("{word}, inactive"))
    };
    let condition = resolved.condition.as_deref().unwrap_or_default();
    let space = if condition.is_empty() || condition.starts_with('=') { "" } else { " " };
    let requires = format!("{}{space}{condition}", resolved.dependency);
    Row::new([
        resolved.dependent.to_string().into(),
        requires.into(),
        state,
        resolved.found.clone().into(),
    ])
}
