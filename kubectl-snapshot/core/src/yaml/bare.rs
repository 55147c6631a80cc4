//! Documents that begin without `---`, after another one has ended with `...`.

/// The line, from 1, at which a document begins after `...` alone; none where there is no such
/// document.
///
/// YAML allows them. kubectl takes a file apart at its lines `---` and reads the first document of
/// each piece, so that it passes them over without a word.
#[must_use]
pub fn bare_document(text: &str) -> Option<usize> {
    let mut ended = false;
    for (at, line) in text.lines().enumerate() {
        if is_marker(line, "---") {
            ended = false;
        } else if is_marker(line, "...") {
            ended = true;
        } else if ended && !says_nothing(line) {
            return Some(at + 1);
        }
    }
    None
}

/// True of a marker at the beginning of a line, with nothing or a blank behind it.
pub(super) fn is_marker(line: &str, marker: &str) -> bool {
    line.strip_prefix(marker).is_some_and(|rest| rest.is_empty() || rest.starts_with([' ', '\t']))
}

/// True of a line between documents: blank, a comment, or a directive of the next one.
fn says_nothing(line: &str) -> bool {
    let text = line.trim();
    text.is_empty() || text.starts_with('#') || line.starts_with('%')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_after_dots_alone_is_found() {
        assert_eq!(bare_document("a: 1\n...\nb: 2\n"), Some(3));
        assert_eq!(bare_document("a: 1\n... # ends\n\n# of tax\nb: 2\n...\n"), Some(5));
        for fine in [
            "",
            "a: 1\n...\n",
            "a: 1\n...\n\n# no more\n",
            "a: 1\n...\n---\nb: 2\n...\n",
            "a: 1\n...\n%YAML 1.2\n--- # tax\nb: 2\n",
            "a: 1\n---\nb: 2\n",
            "a: |\n  ...\n  b\n",
            "a: ...b\n...c: d\n",
        ] {
            assert_eq!(bare_document(fine), None, "{fine:?}");
        }
    }
}
