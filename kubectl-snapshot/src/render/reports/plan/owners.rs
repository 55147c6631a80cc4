//! Section of a plan on owners: what each does next, and what keeps the set.

use snapshot_core::owner::OwnerNote;

use super::Fit;
use crate::render::{Cell, Column, Line, Table, Tone};

/// The objects that are named, and the values that are shown; the rest are counted.
const NAMED: usize = 5;
const SHOWN: usize = 5;

pub(super) fn owners(notes: &[OwnerNote]) -> Table {
    let mut table = Table::headless([Column::new("WHAT FOLLOWS", Fit::Wrap)]).grouped_by("OWNER");
    for note in notes {
        let title = Line::default().with(Tone::Strong, note.owner.clone());
        table.group(None, title.plain(format!(": {}", objects(&note.objects))));
        table.extend(note.next.iter().map(|next| [Cell::from(next.clone())]));
        if note.keep.is_empty() {
            continue;
        }
        table.row([Cell::from(format!("to keep the set, bring this into {}:", note.keep_in))]);
        table.extend(note.keep.iter().take(SHOWN).map(|line| [Cell::from(format!("  {line}"))]));
        if note.keep.len() > SHOWN {
            let more = note.keep.len() - SHOWN;
            table.row([Cell::from(format!("  … and {more} more, which -o json has"))]);
        }
    }
    table
}

/// `Deployment cart, Deployment tax`, or `500 objects: ConfigMap shop, …`.
fn objects(names: &[String]) -> String {
    let first = names[..names.len().min(NAMED)].join(", ");
    match names.len() {
        0..=NAMED => first,
        all => format!("{all} objects: {first}, …"),
    }
}
