//! Rows and columns.

use std::borrow::Cow;

use snapshot_core::diff::Presence;

use super::{Line, Span, Tone};

/// Rows under columns, in groups where rows belong together.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Columns, from left to right.
    pub columns: Vec<Column>,
    /// True if a terminal prints the columns' names; other media always need them.
    pub headed: bool,
    /// Name of the groups' column, in a medium that has no other place for it.
    pub grouped_by: &'static str,
    /// Explanation of its words, for a reader who has nothing but the page.
    pub meaning: &'static str,
    /// Groups of rows, in order.
    pub groups: Vec<Group>,
}

/// A column.
#[derive(Clone, Copy, Debug)]
pub struct Column {
    /// Name at its head.
    pub name: &'static str,
    /// Way in which its texts give way.
    pub fit: Fit,
    /// True if it is shown only where a wide table is asked for.
    pub wide: bool,
    /// True if it is left out where a terminal has no room for it.
    pub droppable: bool,
    /// Number of terminal columns that its texts keep before a droppable column is left out.
    pub min_width: usize,
    /// True for a column that is current only while it is printed: left out of files.
    pub volatile: bool,
}

/// Shortening of a column's texts where there is no room for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// Whole: kept as long as any other column can give way.
    Whole,
    /// Cut at the start: images, whose registry says least.
    Start,
    /// Cut in the middle: paths, names, values.
    Middle,
    /// Instances of services: `tax` for `tax/tax`, all of them, and then cut in the middle.
    Instance,
    /// Cut at the end.
    End,
    /// Wrapped onto the next line: sentences. Only a table's last column may do that.
    Wrap,
}

impl Column {
    /// A column.
    #[must_use]
    pub const fn new(name: &'static str, fit: Fit) -> Self {
        // Narrower than this a shortened text says nothing any more.
        Self { name, fit, wide: false, droppable: false, min_width: 10, volatile: false }
    }

    /// The column, only for `-o wide`.
    #[must_use]
    pub const fn wide(self) -> Self {
        Self { wide: true, ..self }
    }

    /// The column, left out before any whole column is shortened.
    #[must_use]
    pub const fn droppable(self) -> Self {
        Self { droppable: true, ..self }
    }

    /// The column, which is what the table is read for: others go before it is narrower.
    #[must_use]
    pub const fn min_width(self, columns: usize) -> Self {
        Self { min_width: columns, ..self }
    }

    /// The column, for those who read it at once: an age is wrong tomorrow.
    #[must_use]
    pub const fn volatile(self) -> Self {
        Self { volatile: true, ..self }
    }
}

/// Rows that belong together.
#[derive(Clone, Debug, Default)]
pub struct Group {
    /// Mark before it: added, removed or changed.
    pub mark: Option<Presence>,
    /// Title above its rows.
    pub title: Line,
    /// Rows, in order.
    pub rows: Vec<Row>,
}

/// A row.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// Mark before it: added, removed or changed.
    pub mark: Option<Presence>,
    /// Cells, one for each column.
    pub cells: Vec<Cell>,
    /// Lines below it.
    pub details: Vec<Detail>,
}

/// Cell of a table.
#[derive(Clone, Debug)]
pub enum Cell {
    /// A text.
    Text(Span),
    /// A text that leads to a page of the web, where the medium has links.
    Link {
        /// The text.
        text: String,
        /// Address of the page: `https`, and nothing that could end a link.
        url: String,
    },
    /// A value on both sides, or on one; a remark may follow.
    Change {
        /// Value on the first side.
        before: Option<String>,
        /// Value on the second side.
        after: Option<String>,
        /// Remark on the two.
        remark: Option<Span>,
    },
}

/// Detail below a row.
#[derive(Clone, Debug)]
pub enum Detail {
    /// A sentence.
    Note(Line),
    /// Lines that differ.
    Hunk(Hunk),
}

/// Some of the lines that differ between two texts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hunk {
    /// Lines in the style of `diff -u`.
    pub lines: Vec<HunkLine>,
    /// Number of further lines.
    pub omitted: usize,
}

/// A line of a [`Hunk`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HunkLine {
    /// Position of the following lines: `@@ -1,3 +1,4 @@`.
    Place(String),
    /// Line on both sides.
    Both(String),
    /// Line on the first side only.
    Before(String),
    /// Line on the second side only.
    After(String),
}

impl Hunk {
    /// Note in place of the lines that are left out, if any are.
    pub fn rest(&self) -> Option<String> {
        match self.omitted {
            0 => None,
            1 => Some("… and 1 more line".to_owned()),
            more => Some(format!("… and {more} more lines")),
        }
    }
}

impl Table {
    /// A table whose columns need their names.
    pub fn new(columns: impl IntoIterator<Item = Column>) -> Self {
        Self {
            columns: columns.into_iter().collect(),
            headed: true,
            grouped_by: "",
            meaning: "",
            groups: Vec::new(),
        }
    }

    /// A table whose contents speak for themselves on a terminal.
    pub fn headless(columns: impl IntoIterator<Item = Column>) -> Self {
        Self { headed: false, ..Self::new(columns) }
    }

    /// Puts rows into groups.
    #[must_use]
    pub fn grouped_by(self, what: &'static str) -> Self {
        Self { grouped_by: what, ..self }
    }

    /// Adds an explanation of the table's words, in plain ones.
    #[must_use]
    pub fn meaning(self, meaning: &'static str) -> Self {
        Self { meaning, ..self }
    }

    /// Begins a group.
    pub fn group(&mut self, mark: impl Into<Option<Presence>>, title: impl Into<Line>) {
        self.groups.push(Group { mark: mark.into(), title: title.into(), rows: Vec::new() });
    }

    /// Adds a row to the last group.
    pub fn row(&mut self, row: impl Into<Row>) {
        match self.groups.last_mut() {
            Some(group) => group.rows.push(row.into()),
            None => self.groups.push(Group { rows: vec![row.into()], ..Group::default() }),
        }
    }

    /// True if the table has no groups.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// Every row.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.groups.iter().flat_map(|group| &group.rows)
    }
}

impl<R: Into<Row>> Extend<R> for Table {
    fn extend<I: IntoIterator<Item = R>>(&mut self, rows: I) {
        for row in rows {
            self.row(row);
        }
    }
}

impl Row {
    /// A row of one cell for each column.
    pub fn new(cells: impl IntoIterator<Item = Cell>) -> Self {
        Self { mark: None, cells: cells.into_iter().collect(), details: Vec::new() }
    }

    /// The row, marked as added, removed or changed.
    #[must_use]
    pub fn marked(self, mark: Presence) -> Self {
        Self { mark: Some(mark), ..self }
    }

    /// The row with something said below it.
    #[must_use]
    pub fn with(mut self, detail: impl Into<Option<Detail>>) -> Self {
        self.details.extend(detail.into());
        self
    }
}

impl<const N: usize> From<[Cell; N]> for Row {
    fn from(cells: [Cell; N]) -> Self {
        Self::new(cells)
    }
}

impl Cell {
    /// Text in a tone.
    pub fn toned(tone: Tone, text: impl Into<Cow<'static, str>>) -> Self {
        Self::Text(Span::new(tone, text))
    }

    /// The text, or `<none>` as kubectl writes it.
    #[must_use]
    pub fn or_none(text: Option<&str>) -> Self {
        match text {
            Some(text) if !text.is_empty() => text.to_owned().into(),
            _ => Self::toned(Tone::Muted, "<none>"),
        }
    }

    /// A value on both sides, or on one.
    #[must_use]
    pub fn change(before: Option<String>, after: Option<String>) -> Self {
        Self::Change { before, after, remark: None }
    }

    /// True if the cell is empty.
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Text(span) => span.text.is_empty(),
            Self::Link { text, .. } => text.is_empty(),
            Self::Change { before, after, .. } => before.is_none() && after.is_none(),
        }
    }
}

impl<T: Into<Cow<'static, str>>> From<T> for Cell {
    fn from(text: T) -> Self {
        Self::toned(Tone::Plain, text)
    }
}
