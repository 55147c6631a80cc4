//! Line breaks between words.

use textwrap::{WordSeparator, core::Fragment, wrap_algorithms::wrap_first_fit};

use crate::render::{page::Span, shorten};

/// `spans` in lines of at most `columns`; a longer word loses its middle.
pub(super) fn wrap(spans: &[Span], columns: Option<usize>) -> Vec<Vec<Span>> {
    let total: usize = spans.iter().map(|span| shorten::width(&span.text)).sum();
    let Some(columns) = columns.filter(|columns| total > *columns) else {
        return vec![spans.to_vec()];
    };
    let mut words = words(spans);
    for word in words.iter_mut().filter(|word| word.columns() > columns) {
        word.shorten(columns);
    }
    #[expect(clippy::cast_precision_loss, reason = "no terminal has so many columns")]
    let lines = wrap_first_fit(&words, &[columns as f64]);
    lines.into_iter().map(joined).collect()
}

/// Text between spaces: of several tones where no space is between them.
#[derive(Debug)]
struct Word {
    parts: Vec<Span>,
    spaces: usize,
}

impl Word {
    fn columns(&self) -> usize {
        self.parts.iter().map(|part| shorten::width(&part.text)).sum()
    }

    fn shorten(&mut self, columns: usize) {
        let mut left = columns;
        for part in &mut self.parts {
            if shorten::width(&part.text) > left {
                let text = shorten::instance(&part.text);
                part.text = shorten::middle(text, left).into_owned().into();
            }
            left = left.saturating_sub(shorten::width(&part.text)).max(1);
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "no line has so many columns")]
impl Fragment for Word {
    fn width(&self) -> f64 {
        self.columns() as f64
    }

    fn whitespace_width(&self) -> f64 {
        self.spaces as f64
    }

    fn penalty_width(&self) -> f64 {
        0.0
    }
}

fn words(spans: &[Span]) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    for span in spans {
        for found in WordSeparator::AsciiSpace.find_words(&span.text) {
            let part = Span::new(span.tone, found.word.to_owned());
            let spaces = found.whitespace.len();
            match words.last_mut() {
                Some(last) if last.spaces == 0 => {
                    last.parts.push(part);
                    last.spaces = spaces;
                }
                _ => words.push(Word { parts: vec![part], spaces }),
            }
        }
    }
    words
}

fn joined(words: &[Word]) -> Vec<Span> {
    let mut line: Vec<Span> = Vec::new();
    for (position, word) in words.iter().enumerate() {
        let spaces = if position + 1 < words.len() { word.spaces } else { 0 };
        for part in &word.parts {
            match line.last_mut() {
                Some(last) if last.tone == part.tone => last.text.to_mut().push_str(&part.text),
                _ => line.push(part.clone()),
            }
        }
        if let Some(last) = line.last_mut() {
            last.text.to_mut().push_str(&" ".repeat(spaces));
        }
    }
    line
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::Tone;

    fn texts(spans: &[Span], columns: usize) -> Vec<String> {
        let lines = wrap(spans, Some(columns));
        lines.iter().map(|line| line.iter().map(|span| &*span.text).collect::<String>()).collect()
    }

    #[test]
    fn lines_break_between_words() {
        let spans = [
            Span::new(Tone::Strong, "DENIED"),
            Span::new(Tone::Plain, "  rel-42 may not run together"),
        ];
        assert_eq!(texts(&spans, 20), ["DENIED  rel-42 may", "not run together"]);
        assert_eq!(texts(&spans, 80), ["DENIED  rel-42 may not run together"]);
        assert_eq!(texts(&[], 80), [""]);
    }

    #[test]
    fn tones_without_a_space_stay_together() {
        let spans = [
            Span::new(Tone::Plain, "one (two"),
            Span::new(Tone::Good, "newer"),
            Span::new(Tone::Plain, ")"),
        ];
        assert_eq!(texts(&spans, 12), ["one", "(twonewer)"]);
    }

    #[test]
    fn a_long_word_loses_its_middle() {
        assert_eq!(
            texts(&[Span::new(Tone::Plain, format!("a {} b", "x".repeat(30)))], 9),
            ["a", "xxxx…xxxx", "b"]
        );
    }
}
