//! Markdown of limited length.

use super::urgency::Urgency;
use crate::render::reports::grouped;

/// GitHub refuses comments of more than 65,536 characters; GitLab takes more.
const LIMIT: usize = 60_000;
/// Characters reserved for the closing note.
const RESERVE: usize = 1_000;
/// Limit of all paragraphs together: there are few, and somebody wrote them.
const PARAGRAPHS: usize = 20_000;

const FOLD_END: &str = "\n</details>\n\n";
const END: &str = "\n";

/// Collects markdown, and lets go what there is no room for.
#[derive(Debug, Default)]
pub(super) struct LengthLimited {
    parts: Vec<Part>,
    /// Length of the paragraphs.
    paragraphs: usize,
    left_out: Vec<String>,
}

#[derive(Debug)]
enum Part {
    Paragraph(String),
    Table(Entries),
}

/// A table in pieces, any of which may have to go.
#[derive(Debug)]
pub(super) struct Entries {
    /// Name of the table for the reader.
    pub(super) about: &'static str,
    /// The names of the columns.
    pub(super) header: String,
    /// Entries in the order of the table.
    pub(super) rows: Vec<Entry>,
    /// True if the rows are folded away.
    pub(super) folded: bool,
}

/// Rows that only make sense together with the first of them.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) urgency: Urgency,
    /// Rows, each with the texts below the table that belong to it.
    pub(super) rows: Vec<(String, Vec<String>)>,
}

impl LengthLimited {
    /// Adds a paragraph.
    pub(super) fn paragraph(&mut self, text: &str) {
        let paragraph = format!("{text}\n\n");
        if self.paragraphs + length(&paragraph) > PARAGRAPHS {
            self.left_out.push("a long paragraph".to_owned());
            return;
        }
        self.paragraphs += length(&paragraph);
        self.parts.push(Part::Paragraph(paragraph));
    }

    /// Adds a table.
    pub(super) fn table(&mut self, table: Entries) {
        self.parts.push(Part::Table(table));
    }

    /// Text of everything that there is room for, and how much is left out. Small tables
    /// stay whole; large ones share what is left, and lose what is least urgent.
    pub(super) fn finish(self) -> String {
        let tables = self.parts.iter().filter_map(|part| match part {
            Part::Table(table) => Some(table),
            Part::Paragraph(_) => None,
        });
        let fixed = self.paragraphs + tables.clone().map(Entries::frame).sum::<usize>();
        let wanted: Vec<usize> = tables.map(Entries::contents).collect();
        let mut rooms = share(&wanted, (LIMIT - RESERVE).saturating_sub(fixed)).into_iter();
        let (mut text, mut left_out) = (String::new(), self.left_out);
        for part in self.parts {
            match part {
                Part::Paragraph(paragraph) => text.push_str(&paragraph),
                Part::Table(table) => {
                    table.write(rooms.next().unwrap_or_default(), &mut text, &mut left_out);
                }
            }
        }
        if !left_out.is_empty() {
            text.push_str("_This comment would be too long. Left out: ");
            text.push_str(&left_out.join(", "));
            text.push_str(". `-o json` has everything._\n\n");
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }
}

impl Entries {
    /// Length without any row.
    fn frame(&self) -> usize {
        // The line of a folded table tells two numbers.
        length(&self.header) + if self.folded { FOLD_END.len() + 120 } else { END.len() }
    }

    /// Length of all rows, and of the texts below them.
    fn contents(&self) -> usize {
        let rows = self.rows.iter().flat_map(|entry| &entry.rows);
        rows.map(|(row, below)| length(row) + below.iter().map(|one| length(one)).sum::<usize>())
            .sum()
    }

    /// Writes what there is `room` for, and says how much there is not.
    fn write(mut self, mut room: usize, out: &mut String, left_out: &mut Vec<String>) {
        let all: usize = self.rows.iter().map(|entry| entry.rows.len()).sum();
        let whole = self.contents() <= room;
        if !whole {
            self.rows.sort_by_key(|entry| std::cmp::Reverse(entry.urgency));
        }
        let mut fits = |text: &str| {
            let fits = length(text) <= room;
            room -= if fits { length(text) } else { 0 };
            fits
        };
        let (mut rows, mut below) = (Vec::new(), Vec::new());
        for entry in self.rows {
            for (at, (row, texts)) in entry.rows.into_iter().enumerate() {
                if fits(&row) {
                    rows.push(row);
                    below.extend(texts);
                } else if at == 0 {
                    // The rest would belong to nothing.
                    break;
                }
            }
        }
        let texts = below.len();
        below.retain(|text| fits(text));
        let shown = rows.len();
        if self.folded {
            let count = if shown == all {
                format!("{} rows", grouped(all))
            } else {
                format!("{} of {} rows, the most urgent first", grouped(shown), grouped(all))
            };
            out.extend(["<details><summary>", &count, "</summary>\n\n"]);
        }
        out.push_str(&self.header);
        out.extend(rows.iter().map(|row| &**row));
        out.push_str(if self.folded { FOLD_END } else { END });
        out.extend(below.iter().map(|text| &**text));
        if shown < all {
            let (missing, all) = (grouped(all - shown), grouped(all));
            left_out.push(format!("{missing} of {all} rows under {}", self.about));
        }
        if below.len() < texts {
            let missing = grouped(texts - below.len());
            left_out.push(format!("the lines of {missing} rows under {}", self.about));
        }
    }
}

/// Shares of the room: as much as they want for those that want little, and equal parts of
/// the rest for the others.
fn share(wanted: &[usize], room: usize) -> Vec<usize> {
    let mut order: Vec<usize> = (0..wanted.len()).collect();
    order.sort_by_key(|at| wanted[*at]);
    let (mut given, mut left) = (vec![0; wanted.len()], room);
    for (position, at) in order.iter().enumerate() {
        given[*at] = wanted[*at].min(left / (wanted.len() - position));
        left -= given[*at];
    }
    given
}

fn length(text: &str) -> usize {
    text.chars().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wants_little_gets_it() {
        assert_eq!(share(&[10, 900, 20, 500], 330), [10, 150, 20, 150]);
        assert_eq!(share(&[10, 20], 100), [10, 20]);
        assert_eq!(share(&[], 100), [0; 0]);
    }

    #[test]
    fn a_paragraph_without_end_is_left_out() {
        let mut sheet = LengthLimited::default();
        sheet.paragraph(&"long ".repeat(20_000));
        sheet.paragraph("short");
        assert_eq!(
            sheet.finish(),
            "short\n\n_This comment would be too long. Left out: a long paragraph. `-o json` has everything._\n"
        );
    }
}
