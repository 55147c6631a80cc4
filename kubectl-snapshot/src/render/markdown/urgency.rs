//! Urgency of rows: which to keep where not all can be shown.

use snapshot_core::diff::Presence;

use crate::render::{Cell, Row, Tone, page::Group};

/// Urgency of a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Urgency {
    /// Expected: newer, added, met.
    #[default]
    Usual,
    /// Unknown.
    Open,
    /// Goes back, or has a warning.
    Careful,
    /// Gone, denied, failed.
    Grave,
}

/// The urgency of a row of a group.
pub(super) fn of(group: &Group, row: &Row) -> Urgency {
    let gone = row.mark.or(group.mark) == Some(Presence::Removed);
    let cells = row.cells.iter().map(|cell| match cell {
        Cell::Text(span) => of_tone(span.tone),
        Cell::Link { .. } => of_tone(Tone::Plain),
        Cell::Change { remark, .. } => {
            remark.as_ref().map(|remark| of_tone(remark.tone)).unwrap_or_default()
        }
    });
    cells.chain(gone.then_some(Urgency::Grave)).max().unwrap_or_default()
}

/// The urgency of a group by its title alone.
pub(super) fn of_title(group: &Group) -> Urgency {
    group.title.0.iter().map(|span| of_tone(span.tone)).max().unwrap_or_default()
}

const fn of_tone(tone: Tone) -> Urgency {
    match tone {
        Tone::Bad => Urgency::Grave,
        Tone::Caution => Urgency::Careful,
        Tone::Unknown => Urgency::Open,
        Tone::Plain | Tone::Strong | Tone::Muted | Tone::Good => Urgency::Usual,
    }
}
