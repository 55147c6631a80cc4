//! A table under its heading, with what can be folded and searched.

use std::io::{self, Write};

use snapshot_core::diff::Presence;

use super::{
    Toned,
    cell::{Badge, Below, Contents, mark},
    escape::Text,
    sentence_case,
};
use crate::render::{
    Cell, Row, Table, Tone,
    page::{Column, Fit, Group, Span},
    reports::counted,
};

/// A browser lays out of more groups than this only those in view.
const MANY: usize = 100;

/// Writes `table` under a heading of a name and a remark, if it has one.
pub(super) fn write(
    heading: Option<(&str, &str)>,
    table: &Table,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (name, remark) = heading.unwrap_or_default();
    let name = sentence_case(name);
    let many = if table.groups.len() > MANY { " class=\"many\"" } else { "" };
    writeln!(out, "<section{many}>")?;
    if heading.is_some() {
        let space = if remark.is_empty() { "" } else { ", " };
        let count = counted(entries(table), "entry", "entries");
        writeln!(
            out,
            "<details open>\n<summary><h2>{}<span class=\"remark\">{space}{}</span></h2> \
             <span class=\"gist quiet\">{count}</span></summary>",
            Text(&name),
            Text(remark)
        )?;
    }
    if !table.meaning.is_empty() {
        writeln!(out, "<p class=\"meaning\">{}</p>", Text(table.meaning))?;
    }
    let view =
        TableView { shown: shown(table), table, level: if heading.is_some() { 3 } else { 2 } };
    if table.grouped_by.is_empty() {
        view.write_rows(table.rows(), &name, None, out)?;
    } else {
        table.groups.iter().try_for_each(|group| view.write_group(group, out))?;
    }
    out.write_all(if heading.is_some() { b"</details>\n</section>\n" } else { b"</section>\n" })
}

/// Number of entries in a table.
fn entries(table: &Table) -> usize {
    match table.grouped_by {
        "" => table
            .rows()
            .filter(|row| row.cells.first().is_some_and(|cell| !cell.is_empty()))
            .count(),
        _ => table.groups.len(),
    }
}

/// Columns shown in HTML: those of `-o wide` too, for a page has room below.
fn shown(table: &Table) -> Vec<usize> {
    let is_used = |at: &usize| table.rows().any(|row| !row.cells[*at].is_empty());
    let columns = 0..table.columns.len();
    columns.filter(|at| !table.columns[*at].volatile).filter(is_used).collect()
}

struct TableView<'a> {
    table: &'a Table,
    shown: Vec<usize>,
    /// The level of a group's heading.
    level: u8,
}

impl TableView<'_> {
    /// A part that can be folded by itself, with the gist of it in view.
    fn write_group(&self, group: &Group, out: &mut dyn Write) -> io::Result<()> {
        let level = self.level;
        let badge = group.mark.map(|presence| format!("{} ", mark(presence))).unwrap_or_default();
        let title = format!("<h{level}>{badge}{}</h{level}>", Toned(&group.title));
        if group.rows.is_empty() {
            return writeln!(out, "<div class=\"group item\">{title}</div>");
        }
        writeln!(
            out,
            "<details class=\"group item\" open>\n<summary>{title}{}</summary>",
            gist(group)
        )?;
        let caption: String = group.title.0.iter().map(|span| &*span.text).collect();
        self.write_rows(group.rows.iter(), &caption, group.mark, out)?;
        out.write_all(b"</details>\n")
    }

    /// Rows under the names of their columns. Where they are in no group, each is
    /// an item of its own, with those behind it that leave its first cell empty.
    fn write_rows<'r>(
        &self,
        rows: impl Iterator<Item = &'r Row>,
        caption: &str,
        within: Option<Presence>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let alone = self.table.grouped_by.is_empty();
        // In a group its title says what the columns' names would.
        let (headed, item) = if alone {
            (self.table.headed, "<tbody class=\"item\">\n")
        } else {
            (false, "<tbody>\n")
        };
        let bare = if headed { "" } else { " class=\"bare\"" };
        write!(out, "<table{bare}>\n<caption>{}</caption>\n<thead><tr>", Text(caption))?;
        for column in self.columns() {
            write!(out, "<th scope=\"col\">{}</th>", sentence_case(column.name))?;
        }
        out.write_all(b"</tr></thead>\n")?;
        let mut began = false;
        for row in rows {
            let goes_on = self.shown.first().is_some_and(|at| row.cells[*at].is_empty());
            if !began || (alone && !goes_on) {
                out.write_all(if began { b"</tbody>\n" } else { b"" })?;
                out.write_all(item.as_bytes())?;
                began = true;
            }
            self.write_row(row, within, out)?;
        }
        out.write_all(if began { b"</tbody>\n</table>\n" } else { b"</table>\n" })
    }

    fn write_row(
        &self,
        row: &Row,
        within: Option<Presence>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let presence = row.mark.or(within);
        let said_already = matches!(presence, Some(Presence::Added | Presence::Removed));
        out.write_all(b"<tr>")?;
        for (position, (at, column)) in self.shown.iter().zip(self.columns()).enumerate() {
            let cell = &row.cells[*at];
            // Where there is no room for columns, each cell tells which it is.
            let label = if cell.is_empty() { "" } else { column.name };
            let (open, close) = match position {
                0 => ("<th scope=\"row\"", "</th>"),
                _ => ("<td", "</td>"),
            };
            let whole = if column.fit == Fit::Whole { " class=\"whole\"" } else { "" };
            write!(out, "{open} data-of=\"{}\"{whole}>", sentence_case(label))?;
            if let (0, Some(presence)) = (position, row.mark) {
                write!(out, "{} ", mark(presence))?;
            }
            write!(out, "{}", Contents { cell, said: said_already })?;
            if position + 1 == self.shown.len() {
                row.details.iter().try_for_each(|detail| write!(out, "{}", Below(detail)))?;
            }
            out.write_all(close.as_bytes())?;
        }
        out.write_all(b"</tr>\n")
    }

    fn columns(&self) -> impl Iterator<Item = &Column> {
        self.shown.iter().map(|at| &self.table.columns[*at])
    }
}

/// Summary of a folded group: the orders of its versions, and the number of its rows.
fn gist(group: &Group) -> String {
    let moved = group.rows.iter().flat_map(|row| &row.cells).filter_map(|cell| match cell {
        Cell::Change { remark: Some(remark), .. } => Some((cell, remark)),
        _ => None,
    });
    let moved: Vec<(&Cell, &Span)> = moved.collect();
    let others = group.rows.len() - moved.len().min(1);
    let first = moved.first().map(|(cell, _)| Contents { cell, said: false }.to_string());
    let mut ways: Vec<&Span> = moved.iter().map(|(_, remark)| *remark).collect();
    ways.dedup();
    let ways = ways.iter().skip(1).map(|way| Badge(way.tone, &way.text).to_string());
    let rest = match (&first, others) {
        (Some(_), 0) => None,
        (Some(_), others) => Some(format!("and {}", counted(others, "more", "more"))),
        (None, rows) => Some(counted(rows, "entry", "entries")),
    };
    let rest = rest.map(|rest| Badge(Tone::Plain, &rest).to_string());
    let parts: Vec<String> = first.into_iter().chain(ways).chain(rest).collect();
    format!(" <span class=\"gist\">{}</span>", parts.join(" "))
}
