//! The one place where a policy's text is made safe to print.
//!
//! A policy is somebody else's program, and what it says ends up in terminals,
//! logs and reports. Escape sequences could rewrite what was printed before,
//! and bidirectional controls could make `deny` read as something else.

use snapshot_core::visible;

/// `text` as [`visible::line`] shows it.
pub(crate) fn line(text: &str) -> String {
    visible::line(text).into_owned()
}

/// `text` as [`visible::lines`] shows it: for the output of a policy.
pub(crate) fn lines(text: &str) -> String {
    visible::lines(text).into_owned()
}

/// `text`, cut to at most `limit` bytes; what was cut is said.
pub(crate) fn capped(text: &str, limit: usize) -> String {
    if text.len() <= limit {
        return line(text);
    }
    let kept = text.floor_char_boundary(limit);
    let more = text.len() - kept;
    let bytes = if more == 1 { "byte" } else { "bytes" };
    format!("{}… ({more} more {bytes})", line(&text[..kept]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_text_is_cut_between_characters_and_says_so() {
        assert_eq!(capped("short", 5), "short");
        assert_eq!(capped("ééé", 3), "é… (4 more bytes)");
        assert_eq!(capped("\u{1b}[2J!", 4), "\\u{1b}[2J… (1 more byte)");
    }
}
