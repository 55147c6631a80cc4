//! Escaping of foreign text in markdown.

use snapshot_core::visible;

/// `text` so that none of it is read as markup, as HTML or as somebody's name to notify.
pub(super) fn prose(text: &str) -> String {
    let text = visible::line(text);
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '&' => escaped.push_str("&amp;"),
            // With nothing of width behind it, it calls nobody.
            '@' => escaped.push_str("@&#8203;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' => {
                escaped.push('\\');
                escaped.push(character);
            }
            plain => escaped.push(plain),
        }
    }
    escaped
}

/// `text` for a tag's contents, where forges read HTML and no markdown.
pub(super) fn html(text: &str) -> String {
    let text = visible::line(text);
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('@', "@&#8203;")
}

/// `text` as code, fit for a table's cell.
pub(super) fn code(text: &str) -> String {
    let text = visible::line(text);
    if text.is_empty() {
        return String::new();
    }
    // A fence is longer than any run of backticks inside it.
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') { " " } else { "" };
    format!("{fence}{space}{}{space}{fence}", text.replace('|', "\\|"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_shown_and_not_obeyed() {
        assert_eq!(
            prose("<img> **b** [a](b) @all | #1"),
            r"&lt;img&gt; \*\*b\*\* \[a\](b) @&#8203;all \| \#1"
        );
        assert_eq!(html("<b>*a* & @all"), "&lt;b&gt;*a* &amp; @&#8203;all");
        assert_eq!(prose("\u{1b}[0m\n"), r"\\u{1b}\[0m\\n");
    }

    #[test]
    fn code_has_a_fence_that_holds() {
        assert_eq!(code("1.4.0"), "`1.4.0`");
        assert_eq!(code("a`b``c|"), "```a`b``c\\|```");
        assert_eq!(code("`"), "`` ` ``");
    }
}
