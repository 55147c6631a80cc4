//! Expansion of `$(NAME)` in values, as the kubelet does it.

/// A piece of a value.
pub(super) enum Piece<'a> {
    /// Text that stands for itself.
    Text(&'a str),
    /// Name of another variable.
    Name(&'a str),
}

/// Takes a value apart. `$$` stands for `$`, and what is no reference for itself.
pub(super) fn pieces(value: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = value;
    while let Some(dollar) = rest.find('$') {
        let (before, after) = (&rest[..dollar], &rest[dollar + 1..]);
        pieces.push(Piece::Text(before));
        let reference = after.strip_prefix('(').and_then(|name| name.split_once(')'));
        rest = match (reference, after.strip_prefix('$')) {
            (Some((name, behind)), _) => {
                pieces.push(Piece::Name(name));
                behind
            }
            (None, Some(behind)) => {
                pieces.push(Piece::Text("$"));
                behind
            }
            (None, None) => {
                pieces.push(Piece::Text("$"));
                after
            }
        };
    }
    pieces.push(Piece::Text(rest));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(value: &str) -> String {
        let one = |piece: Piece<'_>| match piece {
            Piece::Text(text) => text.to_owned(),
            Piece::Name(name) => format!("<{name}>"),
        };
        pieces(value).into_iter().map(one).collect()
    }

    #[test]
    fn references_are_told_from_text() {
        assert_eq!(shown("http://$(HOST):$(PORT)/"), "http://<HOST>:<PORT>/");
        assert_eq!(shown("$$(HOST) costs $5, $(HOST"), "$(HOST) costs $5, $(HOST");
        assert_eq!(shown("$"), "$");
        assert_eq!(shown(""), "");
    }
}
