//! A page on a terminal: aligned columns, no borders, nothing wider than the window.

mod cell;
mod hunk;
mod layout;
mod printer;
mod table;
mod widths;
mod wrap;

use std::io::{self, Write};

use super::{
    Line, Page, Style, Tone,
    page::{Block, Span},
};
use printer::Printer;

/// Prints `page`, with the columns for `-o wide` where `wide` is set.
pub(super) fn write(page: &Page, style: Style, wide: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut printer = Printer::new(out, style.colour);
    let mut previous = None;
    for block in &page.blocks {
        if previous.is_some_and(|previous| stand_apart(previous, block)) {
            printer.end_line()?;
        }
        match block {
            Block::Title(line) | Block::Line(line) => write_line(&mut printer, line, style)?,
            Block::Heading { name, remark } => {
                let heading = Line::default().with(Tone::Strong, name.to_uppercase());
                let heading =
                    if remark.is_empty() { heading } else { heading.plain(format!("  {remark}")) };
                write_line(&mut printer, &heading, style)?;
            }
            Block::Table(table) => table::write(&mut printer, table, style, wide)?,
        }
        previous = Some(block);
    }
    Ok(())
}

/// True if a blank line belongs between two parts.
fn stand_apart(before: &Block, after: &Block) -> bool {
    let together = matches!(
        (before, after),
        (Block::Heading { .. }, _) | (Block::Title(_) | Block::Line(_), Block::Line(_))
    );
    !together
}

fn write_line(printer: &mut Printer<'_>, line: &Line, style: Style) -> io::Result<()> {
    for spans in wrap::wrap(&visible(&line.0), style.width) {
        printer.spans(&spans)?;
        printer.end_line()?;
    }
    Ok(())
}

/// The only door by which foreign text comes in.
fn visible(spans: &[Span]) -> Vec<Span> {
    spans
        .iter()
        .map(|span| Span::new(span.tone, snapshot_core::visible::line(&span.text).into_owned()))
        .collect()
}
