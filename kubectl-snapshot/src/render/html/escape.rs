//! Escaping of foreign text in HTML.

use std::fmt;

use snapshot_core::visible;

/// A text as it stands in an element or in a quoted attribute: nothing of it is
/// markup, and nothing of it turns the text around it.
pub(super) struct Text<'a>(pub(super) &'a str);

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = visible::line(self.0);
        let mut rest = &*text;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            f.write_str(&rest[..at])?;
            f.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#39;",
            })?;
            rest = &rest[at + 1..];
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_shown_and_not_obeyed() {
        assert_eq!(
            Text("</script><b a=\"x\" c='y'>&amp;").to_string(),
            "&lt;/script&gt;&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;amp;"
        );
        assert_eq!(Text("a\u{202e}b\u{1b}\n").to_string(), r"a\u{202e}b\u{1b}\n");
        assert_eq!(Text("grün ✓ 税").to_string(), "grün ✓ 税");
    }
}
