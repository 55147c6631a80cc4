//! Enumeration of many names in one sentence.

/// Number of names that a sentence holds at most.
const NAMED: usize = 3;

/// Names as a sentence lists them: `a`, `a and b`, `a, b and c`, and of more the
/// first three: `a, b, c and 39 more`.
///
/// The [`subjects`](crate::Finding::subjects) of a finding hold them all; its
/// message is for reading, and the plugin cuts what is longer than 4 KiB.
///
/// ```
/// assert_eq!(snapshot_policy::enumerate(&["cart", "tax"]), "cart and tax");
/// ```
#[must_use]
pub fn enumerate<S: AsRef<str>>(names: &[S]) -> String {
    let (shown, rest) = names.split_at(names.len().min(NAMED));
    let shown: Vec<&str> = shown.iter().map(AsRef::as_ref).collect();
    match (shown.as_slice(), rest.len()) {
        ([all @ .., last], 0) if !all.is_empty() => format!("{} and {last}", all.join(", ")),
        (shown, 0) => shown.join(", "),
        (shown, more) => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::enumerate;

    #[test]
    fn a_long_list_is_counted() {
        let names = ["a", "b", "c", "d", "e"];
        assert_eq!(enumerate(&names[..0]), "");
        assert_eq!(enumerate(&names[..1]), "a");
        assert_eq!(enumerate(&names[..2]), "a and b");
        assert_eq!(enumerate(&names[..3]), "a, b and c");
        assert_eq!(enumerate(&names), "a, b, c and 2 more");
    }
}
