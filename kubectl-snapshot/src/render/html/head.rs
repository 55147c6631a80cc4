//! Head and foot of the HTML file: its content security policy, its style, its script.

use std::io::{self, Write};

use base64::{Engine, prelude::BASE64_STANDARD};
use snapshot_core::digest::Digest;

use super::escape::Text;

/// The style, as a file so that an editor knows what it is.
pub(super) const STYLE: &str = include_str!("page.css");

/// The script: search and folding.
pub(super) const SCRIPT: &str = include_str!("page.js");

/// The search, which the script brings out: without it there is nothing to search with.
const TOOLS: &str = "\
<div id=\"tools\" role=\"search\" hidden>
<label for=\"search\">Search</label>
<input id=\"search\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\">
<button id=\"fold\" type=\"button\" hidden>Collapse all</button>
<p id=\"found\" role=\"status\"></p>
</div>
";

/// Writes all that comes before the contents.
pub(super) fn write(title: &str, out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{TOOLS}",
        content_security_policy(),
        Text(title)
    )
}

/// Writes all that comes behind them.
pub(super) fn write_end(out: &mut dyn Write) -> io::Result<()> {
    write!(
        out,
        "<footer><p>Written by kubectl snapshot. This file loads nothing from elsewhere.</p></footer>\n\
         <script>{SCRIPT}</script>\n</body>\n</html>\n"
    )
}

/// Content security policy: nothing may be loaded, sent or run but what this file has
/// inline, known by its digest.
fn content_security_policy() -> String {
    let source = |text: &str| {
        let digest = Digest::of(text.as_bytes());
        format!("'sha256-{}'", BASE64_STANDARD.encode(digest.bytes()))
    };
    format!(
        "default-src 'none'; script-src {}; style-src {}; base-uri 'none'; form-action 'none'",
        source(SCRIPT),
        source(STYLE)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_inline_could_not_be_ended_early() {
        assert!(!STYLE.contains("</") && !SCRIPT.contains("</") && !SCRIPT.contains("<!--"));
        assert!(!STYLE.contains("url(") && !STYLE.contains("@import"));
    }

    #[test]
    fn the_policy_lets_in_nothing_but_what_has_a_digest() {
        let policy = content_security_policy();
        assert!(policy.starts_with("default-src 'none'; script-src 'sha256-"), "{policy}");
        assert!(!policy.contains("unsafe") && !policy.contains("http"), "{policy}");
    }
}
