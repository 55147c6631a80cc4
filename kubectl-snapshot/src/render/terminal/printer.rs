//! Printer of colours and spaces.

use std::io::{self, Write};

use owo_colors::OwoColorize;

use crate::render::{Tone, page::Span, shorten};

/// Writes text that has been made safe and short enough, line by line.
pub(super) struct Printer<'a> {
    out: &'a mut dyn Write,
    colour: bool,
    /// Column of the next text; spaces are owed until there is one, so that no line ends in
    /// them.
    column: usize,
    written: usize,
}

impl<'a> Printer<'a> {
    /// A printer at the start of a line.
    pub(super) fn new(out: &'a mut dyn Write, colour: bool) -> Self {
        Self { out, colour, column: 0, written: 0 }
    }

    /// Goes on at `column`, unless the line is there already.
    pub(super) fn move_to(&mut self, column: usize) {
        self.column = self.column.max(column);
    }

    /// Column in which the last text ended.
    pub(super) fn end(&self) -> usize {
        self.written
    }

    /// Writes texts one after another.
    pub(super) fn spans(&mut self, spans: &[Span]) -> io::Result<()> {
        spans.iter().try_for_each(|span| self.text(span.tone, &span.text))
    }

    /// Writes a text.
    pub(super) fn text(&mut self, tone: Tone, text: &str) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        write!(self.out, "{:1$}", "", self.column - self.written)?;
        if self.colour && tone != Tone::Plain {
            write!(self.out, "{}", text.style(style(tone)))?;
        } else {
            self.out.write_all(text.as_bytes())?;
        }
        self.column += shorten::width(text);
        self.written = self.column;
        Ok(())
    }

    /// Ends the line.
    pub(super) fn end_line(&mut self) -> io::Result<()> {
        (self.column, self.written) = (0, 0);
        self.out.write_all(b"\n")
    }
}

fn style(tone: Tone) -> owo_colors::Style {
    let style = owo_colors::Style::new();
    match tone {
        Tone::Plain => style,
        Tone::Strong => style.bold(),
        Tone::Muted => style.dimmed(),
        Tone::Good => style.green(),
        Tone::Caution => style.yellow(),
        Tone::Bad => style.red(),
        Tone::Unknown => style.magenta(),
    }
}
