//! The one place where a policy's text is made safe to print.
//!
//! A policy is somebody else's program, and what it says ends up in terminals,
//! logs and reports. Escape sequences could rewrite what was printed before,
//! and bidirectional controls could make `deny` read as something else.

/// `text` with every character that a terminal would obey, or that hides
/// others, written out as `\u{1b}`; line breaks and tabs as `\n` and `\t`.
pub(crate) fn line(text: &str) -> String {
    escape(text, |_| false)
}

/// Makes a policy's output safe to print, and keeps line breaks and tabs.
pub(crate) fn lines(text: &str) -> String {
    escape(text, |c| matches!(c, '\n' | '\t'))
}

/// `text`, cut to at most `limit` bytes; what was cut is said.
pub(crate) fn capped(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return line(text);
    }
    let kept = text.floor_char_boundary(limit);
    format!("{}… ({} more bytes)", line(&text[..kept]), text.len() - kept)
}

fn escape(text: &str, stays: impl Fn(char) -> bool) -> String {
    let mut visible = String::with_capacity(text.len());
    for character in text.chars() {
        if is_hidden(character) && !stays(character) {
            visible.extend(character.escape_default());
        } else {
            visible.push(character);
        }
    }
    visible
}

fn is_hidden(character: char) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terminal_sequences_are_written_out() {
        assert_eq!(line("\u{1b}[2Jfine\r\n\u{7}"), r"\u{1b}[2Jfine\r\n\u{7}");
        assert_eq!(line("\u{202e}yned\u{202c}"), r"\u{202e}yned\u{202c}");
        assert_eq!(line("grün ✓ 税"), "grün ✓ 税");
    }

    #[test]
    fn what_was_printed_keeps_its_lines() {
        assert_eq!(lines("a\n\tb\u{1b}[0m\n"), "a\n\tb\\u{1b}[0m\n");
    }

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_so() {
        assert_eq!(capped("short", 5), "short");
        assert_eq!(capped("ééé", 3), "é… (4 more bytes)");
    }
}
