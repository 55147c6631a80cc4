//! Page: the contents of a report for people, apart from how a medium prints it.
//!
//! Text in a page is as it was found, whatever it holds: each writer makes it
//! safe for its own medium, in one place.

mod line;
mod overview;
mod table;

pub use line::{Line, Span, Tone};
pub use overview::Overview;
pub use table::{Cell, Column, Detail, Fit, Group, Hunk, HunkLine, Row, Table};

/// Contents of a report, part after part.
#[derive(Clone, Debug, Default)]
pub struct Page {
    pub(super) overview: Overview,
    pub(super) blocks: Vec<Block>,
}

/// A part of a [`Page`].
#[derive(Clone, Debug)]
pub(super) enum Block {
    /// Title of the page.
    Title(Line),
    /// A sentence.
    Line(Line),
    /// Heading of the next part: a word or two, and maybe a remark.
    Heading { name: &'static str, remark: &'static str },
    /// Rows and columns.
    Table(Table),
}

impl Page {
    /// Says what the page is to whoever has nothing else.
    pub fn overview(&mut self, overview: Overview) {
        self.overview = overview;
    }

    /// Begins with what it is about.
    pub fn title(&mut self, line: impl Into<Line>) {
        self.blocks.push(Block::Title(line.into()));
    }

    /// Adds a sentence.
    pub fn line(&mut self, line: impl Into<Line>) {
        self.blocks.push(Block::Line(line.into()));
    }

    /// Adds a table under a heading, unless it has no rows.
    pub fn section(&mut self, name: &'static str, table: Table) {
        self.section_with_remark(name, "", table);
    }

    /// Adds a table under a heading with a remark, unless it has no rows.
    pub fn section_with_remark(&mut self, name: &'static str, remark: &'static str, table: Table) {
        if !table.is_empty() {
            self.blocks.push(Block::Heading { name, remark });
            self.blocks.push(Block::Table(table));
        }
    }

    /// Adds a table that needs no heading.
    pub fn table(&mut self, table: Table) {
        self.blocks.push(Block::Table(table));
    }
}
