//! A page in markdown, for a merge request's comment.
//!
//! Forges cut or refuse long comments, so this one ends by itself in good
//! time, and says what it left out.

mod escape;
mod length_limited;
mod table;
mod urgency;

use std::io::{self, Write};

use super::{Line, Page, Tone, page::Block};
use escape::prose;
use length_limited::LengthLimited;

/// Writes `page`.
pub(super) fn write(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let mut sheet = LengthLimited::default();
    let mut about = "the table";
    for block in &page.blocks {
        match block {
            Block::Title(line) => sheet.paragraph(&format!("### {}", text(line))),
            Block::Line(line) => sheet.paragraph(&text(line)),
            Block::Heading { name, remark } => {
                about = name;
                let remark =
                    if remark.is_empty() { String::new() } else { format!(", {}", prose(remark)) };
                sheet.paragraph(&format!("#### {}{remark}", sentence_case(name)));
            }
            Block::Table(table) => sheet.table(table::entries(table, about)),
        }
    }
    out.write_all(sheet.finish().as_bytes())
}

/// `config maps` → `Config maps`.
fn sentence_case(name: &str) -> String {
    name.char_indices()
        .map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect()
}

/// A line with what is to be read first in bold.
fn text(line: &Line) -> String {
    line.0
        .iter()
        .map(|span| match span.tone {
            Tone::Strong => format!("**{}**", prose(&span.text)),
            _ => prose(&span.text),
        })
        .collect()
}
