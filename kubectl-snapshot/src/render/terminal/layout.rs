//! Layout of a table on a terminal.

use super::{cell::Safe, widths};
use crate::render::{
    Column, Row, Style, Table,
    page::{Fit, Group},
    shorten,
};

/// Between two columns.
pub(super) const GAP: usize = 2;
/// For `+`, `-` or `~` and a space.
pub(super) const MARK: usize = 2;
/// Indent of the rows of a group that has a title.
const GROUPED: usize = 4;

/// Columns of a table on a terminal, with their positions and widths.
pub(super) struct Layout {
    pub(super) columns: Vec<Column>,
    /// Width of each column; none for one for which there is no room.
    pub(super) widths: Vec<Option<usize>>,
    /// The cells of each row, under these columns.
    pub(super) cells: Vec<Vec<Safe>>,
    /// Indent of rows.
    pub(super) indent: usize,
    /// Indent of titles.
    pub(super) title_indent: usize,
    /// True if a header stands above the cells.
    headed: bool,
    width: Option<usize>,
}

impl Layout {
    /// Lays `table` out for the terminal.
    pub(super) fn new(table: &Table, style: Style, wide: bool) -> Self {
        let shown: Vec<usize> =
            (0..table.columns.len()).filter(|at| is_shown(table, *at, wide)).collect();
        let columns: Vec<Column> = shown.iter().map(|at| table.columns[*at]).collect();
        let safe = |group: &Group, row: &Row| {
            let mark = row.mark.or(group.mark);
            shown.iter().map(|at| Safe::new(&row.cells[*at], mark, style.width.is_none())).collect()
        };
        let rows =
            table.groups.iter().flat_map(|group| group.rows.iter().map(move |row| (group, row)));
        let cells = rows.map(|(group, row)| safe(group, row)).collect();
        let any_row_marked = table.rows().any(|row| row.mark.is_some());
        let any_group_marked = table.groups.iter().any(|group| group.mark.is_some());
        let mut layout = Self {
            widths: Vec::new(),
            columns,
            cells,
            indent: match (table.grouped_by, any_row_marked) {
                ("", false) => 0,
                ("", true) => MARK,
                _ => GROUPED,
            },
            title_indent: if any_group_marked { MARK } else { 0 },
            headed: table.headed,
            width: style.width,
        };
        let available = layout.room_from(layout.indent);
        let mut natural = layout.natural_widths();
        if !widths::fit(&layout.columns, &natural, GAP, available) && layout.fold_instances() {
            natural = layout.natural_widths();
        }
        layout.widths = widths::share(&layout.columns, &natural, GAP, available);
        layout
    }

    /// Number of the terminal's columns from `at` on.
    pub(super) fn room_from(&self, at: usize) -> Option<usize> {
        self.width.map(|width| width.saturating_sub(at))
    }

    /// Start and width of the cell at `position` of `row`, when its column is at `at` and
    /// the text before it ends at `end`.
    pub(super) fn place(
        &self,
        row: &[Safe],
        position: usize,
        at: usize,
        end: usize,
    ) -> Option<(usize, usize)> {
        let width = self.widths[position]?;
        if self.columns[position].fit == Fit::Wrap || row[position].width() <= width {
            return Some((at, width));
        }
        if position + 1 == row.len() && !self.headed {
            // What this row is read for comes before a straight column, where no
            // header stands above it.
            let start = if end == 0 { at } else { (end + GAP).min(at) };
            return Some((start, width + at - start));
        }
        let wanted = row[position].width();
        let all = self.room_from(at).map_or(wanted, |room| room.min(wanted));
        Some((at, if self.may_spread(row, position) { all } else { width }))
    }

    /// Indent of a note: below the sentence that it belongs to.
    pub(super) fn note_indent(&self) -> usize {
        if self.columns.last().is_none_or(|column| column.fit != Fit::Wrap) {
            return self.indent + GAP;
        }
        let before = self.widths.iter().rev().skip(1).flatten();
        self.indent + before.map(|width| width + GAP).sum::<usize>()
    }

    /// Says `tax` for `tax/tax` where a column lists instances. Returns whether any does.
    fn fold_instances(&mut self) -> bool {
        let instances = |column: &Column| column.fit == Fit::Instance;
        let Some(at) = self.columns.iter().position(instances) else { return false };
        for row in &mut self.cells {
            row[at].fold_instance();
        }
        true
    }

    /// The width that each column's contents ask for.
    fn natural_widths(&self) -> Vec<usize> {
        let header = |column: &Column| if self.headed { shorten::width(column.name) } else { 0 };
        let mut natural: Vec<usize> = self.columns.iter().map(header).collect();
        for row in &self.cells {
            for (at, cell) in row.iter().enumerate().filter(|(at, _)| !self.may_spread(row, *at)) {
                natural[at] = natural[at].max(cell.width());
            }
        }
        natural
    }

    /// True if a cell may go on under columns that its row leaves empty: where no header
    /// stands above them.
    fn may_spread(&self, row: &[Safe], at: usize) -> bool {
        !self.headed && at + 1 < row.len() && row[at + 1..].iter().all(|cell| cell.width() == 0)
    }
}

/// Columns that only a wide table has, and those of a headless one that nothing is in, are left out.
fn is_shown(table: &Table, at: usize, wide: bool) -> bool {
    let column = table.columns[at];
    (wide || !column.wide) && (table.headed || table.rows().any(|row| !row.cells[at].is_empty()))
}
