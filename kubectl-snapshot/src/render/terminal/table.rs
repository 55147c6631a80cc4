//! A table on a terminal.

use std::io;

use snapshot_core::diff::Presence;

use super::{
    cell::Safe,
    hunk,
    layout::{GAP, Layout, MARK},
    printer::Printer,
    visible, wrap,
};
use crate::render::{Detail, Line, Row, Style, Table, Tone, page::Group, shorten};

/// Prints `table`.
pub(super) fn write(
    printer: &mut Printer<'_>,
    table: &Table,
    style: Style,
    wide: bool,
) -> io::Result<()> {
    let layout = Layout::new(table, style, wide);
    if table.headed {
        write_header(printer, &layout)?;
    }
    let mut cells = layout.cells.iter();
    for group in &table.groups {
        if !table.grouped_by.is_empty() {
            write_title(printer, &layout, group)?;
        }
        for (row, cells) in group.rows.iter().zip(&mut cells) {
            write_row(printer, &layout, row, cells)?;
        }
    }
    Ok(())
}

fn write_header(printer: &mut Printer<'_>, layout: &Layout) -> io::Result<()> {
    let mut at = layout.indent;
    for (column, width) in layout.columns.iter().zip(&layout.widths) {
        let Some(width) = width else { continue };
        printer.move_to(at);
        printer.text(Tone::Strong, &shorten::end(column.name, *width))?;
        at += width + GAP;
    }
    printer.end_line()
}

fn write_title(printer: &mut Printer<'_>, layout: &Layout, group: &Group) -> io::Result<()> {
    write_mark(printer, group.mark)?;
    write_wrapped(printer, layout, &group.title, layout.title_indent)
}

fn write_row(
    printer: &mut Printer<'_>,
    layout: &Layout,
    row: &Row,
    cells: &[Safe],
) -> io::Result<()> {
    printer.move_to(layout.indent.saturating_sub(MARK));
    write_mark(printer, row.mark)?;
    let (mut at, mut end) = (layout.indent, 0);
    for (position, cell) in cells.iter().enumerate() {
        let Some((start, width)) = layout.place(cells, position, at, end) else { continue };
        for (number, line) in cell.fitted(width, layout.columns[position].fit).iter().enumerate() {
            if number > 0 {
                printer.end_line()?;
            }
            printer.move_to(start);
            printer.spans(line)?;
        }
        end = printer.end();
        at = start + width + GAP;
    }
    printer.end_line()?;
    row.details.iter().try_for_each(|detail| write_detail(printer, layout, detail))
}

fn write_detail(printer: &mut Printer<'_>, layout: &Layout, detail: &Detail) -> io::Result<()> {
    match detail {
        Detail::Note(line) => write_wrapped(printer, layout, line, layout.note_indent()),
        Detail::Hunk(hunk) => {
            let indent = layout.indent + GAP;
            hunk::write(printer, hunk, indent, layout.room_from(indent).unwrap_or(usize::MAX))
        }
    }
}

/// Prints a line from the column `indent` on, and what there is no room for below.
fn write_wrapped(
    printer: &mut Printer<'_>,
    layout: &Layout,
    line: &Line,
    indent: usize,
) -> io::Result<()> {
    for spans in wrap::wrap(&visible(&line.0), layout.room_from(indent)) {
        printer.move_to(indent);
        printer.spans(&spans)?;
        printer.end_line()?;
    }
    Ok(())
}

fn write_mark(printer: &mut Printer<'_>, mark: Option<Presence>) -> io::Result<()> {
    match mark {
        Some(mark @ Presence::Added) => printer.text(mark.into(), "+"),
        Some(mark @ Presence::Removed) => printer.text(mark.into(), "-"),
        Some(mark @ Presence::Changed) => printer.text(mark.into(), "~"),
        None => Ok(()),
    }
}
