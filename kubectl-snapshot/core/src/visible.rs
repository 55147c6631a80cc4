//! The one place where text of unknown origin is made safe to print.
//!
//! Names, environment values, flags and messages come from clusters, files and
//! registries, and end up in terminals and comments. Escape sequences could
//! rewrite what was printed before, and bidirectional controls could make one
//! value read as another.

use std::borrow::Cow;

/// `text` with every character that a terminal would obey, or that hides
/// others, written out as `\u{1b}`; line breaks and tabs as `\n` and `\t`.
#[must_use]
pub fn line(text: &str) -> Cow<'_, str> {
    escape(text, |_| false)
}

/// Makes a text safe to print, and keeps line breaks and tabs.
#[must_use]
pub fn lines(text: &str) -> Cow<'_, str> {
    escape(text, |c| matches!(c, '\n' | '\t'))
}

/// True if a terminal would obey `character`, or show nothing for it.
#[must_use]
pub fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            // Zero-width, left-to-right and Arabic letter marks.
            '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{feff}'
            // Line and paragraph separators, bidirectional embeddings and overrides.
            | '\u{2028}'..='\u{202e}'
            // Invisible operators, bidirectional isolates, deprecated format characters.
            | '\u{2060}'..='\u{206f}'
            // Interlinear annotation.
            | '\u{fff9}'..='\u{fffb}'
            // Tags: letters that no font shows.
            | '\u{e0000}'..='\u{e007f}'
        )
}

fn escape(text: &str, stays: impl Fn(char) -> bool) -> Cow<'_, str> {
    let escaped = |character: char| is_hidden(character) && !stays(character);
    if !text.contains(escaped) {
        return Cow::Borrowed(text);
    }
    let mut visible = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        if escaped(character) {
            visible.extend(character.escape_default());
        } else {
            visible.push(character);
        }
    }
    Cow::Owned(visible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_sequences_are_written_out() {
        assert_eq!(line("\u{1b}[2Jfine\r\n\u{7}\u{9b}"), r"\u{1b}[2Jfine\r\n\u{7}\u{9b}");
        assert_eq!(line("\u{202e}yned\u{202c}"), r"\u{202e}yned\u{202c}");
    }

    #[test]
    fn ordinary_text_is_not_copied() {
        assert!(matches!(line("grün ✓ 税"), Cow::Borrowed("grün ✓ 税")));
    }

    #[test]
    fn lines_keep_their_breaks() {
        assert_eq!(lines("a\n\tb\u{1b}[0m\n"), "a\n\tb\\u{1b}[0m\n");
    }
}
