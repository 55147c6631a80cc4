//! A page as one file of HTML, to show to anyone.
//!
//! The file refers to nothing outside of it, and its content security policy
//! lets a browser run and load nothing but its own style and script. Without
//! the script all of it is there to read; the script adds the search and the
//! folding. It is written as it is made, never held as a whole.

mod cell;
mod escape;
mod head;
mod section;

#[cfg(test)]
mod contrast;

use std::io::{self, Write};

use super::{
    Line, Page, Tone,
    page::{Block, Overview, Span},
    shorten,
};
use crate::render::reports::grouped;
use escape::Text;

/// Writes `page`.
pub(super) fn write(page: &Page, out: &mut dyn Write) -> io::Result<()> {
    let headline = headline(page);
    head::write(&headline, out)?;
    write!(out, "<header>\n<h1>{}</h1>\n", Text(&headline))?;
    write_overview(&page.overview, out)?;
    out.write_all(b"</header>\n<main>\n")?;
    let mut heading = None;
    for block in &page.blocks {
        match block {
            Block::Title(line) => writeln!(out, "<p class=\"title\">{}</p>", Toned(line))?,
            Block::Line(line) => writeln!(out, "<p>{}</p>", Toned(line))?,
            Block::Heading { name, remark } => heading = Some((*name, *remark)),
            Block::Table(table) => section::write(heading.take(), table, out)?,
        }
    }
    out.write_all(b"</main>\n")?;
    head::write_end(out)
}

/// Title of the file.
fn headline(page: &Page) -> String {
    let title = page.blocks.iter().find_map(|block| match block {
        Block::Title(line) => Some(line.0.iter().map(|span| &*span.text).collect()),
        _ => None,
    });
    match page.overview.headline.as_str() {
        "" => title.unwrap_or_else(|| "kubectl snapshot".to_owned()),
        headline => headline.to_owned(),
    }
}

fn write_overview(overview: &Overview, out: &mut dyn Write) -> io::Result<()> {
    for sentence in &overview.sentences {
        writeln!(out, "<p class=\"lead\">{}</p>", Text(sentence))?;
    }
    if overview.numbers.is_empty() {
        return Ok(());
    }
    out.write_all(b"<ul class=\"numbers\">\n")?;
    for number in &overview.numbers {
        let (class, count) = (class(number.tone), grouped(number.count));
        writeln!(out, "<li class=\"{class}\"><b>{count}</b> {}</li>", Text(number.of))?;
    }
    out.write_all(b"</ul>\n")
}

/// `config maps` → `Config maps`.
fn sentence_case(name: &str) -> String {
    name.char_indices()
        .map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c.to_ascii_lowercase() })
        .collect()
}

/// The class that a tone has in the style.
const fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::Plain => "plain",
        Tone::Strong => "strong",
        Tone::Muted => "quiet",
        Tone::Good => "good",
        Tone::Caution => "caution",
        Tone::Bad => "bad",
        Tone::Unknown => "odd",
    }
}

/// A line with its tones.
struct Toned<'a>(&'a Line);

impl std::fmt::Display for Toned<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.0.iter().try_for_each(|span| write!(f, "{}", Said(span)))
    }
}

/// A text in its tone.
struct Said<'a>(&'a Span);

impl std::fmt::Display for Said<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = shorten::middle(&self.0.text, cell::LONGEST_TEXT);
        match self.0.tone {
            Tone::Plain => write!(f, "{}", Text(&text)),
            tone => write!(f, "<span class=\"{}\">{}</span>", class(tone), Text(&text)),
        }
    }
}
