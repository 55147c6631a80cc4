//! Paths and `use` statements among a file's tokens.

use proc_macro2::TokenTree;

use crate::modules::in_braces;

/// A path of a `use` statement.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Use {
    /// Words of the path.
    pub(crate) path: Vec<String>,
    /// The name that it brings; none for `*`, which brings all.
    pub(crate) name: Option<String>,
}

/// The paths of the `use` that begins there, and where it ends.
pub(crate) fn statement(tokens: &[TokenTree], at: usize) -> (Vec<Use>, usize) {
    let end = (at..tokens.len()).find(|at| is_punct(tokens.get(*at), ';')).unwrap_or(tokens.len());
    let (uses, _) = tree(&tokens[..end], at + 1, &[]);
    (uses, end)
}

/// The paths that begin with a word there, of several with those in braces, and where they end.
pub(crate) fn tree(tokens: &[TokenTree], at: usize, before: &[String]) -> (Vec<Use>, usize) {
    let mut path = before.to_vec();
    let mut at = at;
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(word)) => path.push(word.to_string()),
            Some(TokenTree::Punct(star)) if star.as_char() == '*' => {
                return (vec![Use { path, name: None }], at + 1);
            }
            Some(group @ TokenTree::Group(inside)) if in_braces(group) => {
                let inside: Vec<TokenTree> = inside.stream().into_iter().collect();
                let parts = inside.split(|token| is_punct(Some(token), ','));
                let parts = parts.filter(|part| !part.is_empty());
                return (parts.flat_map(|part| tree(part, 0, &path).0).collect(), at + 1);
            }
            _ => break,
        }
        at += 1;
        if !(is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':')) {
            break;
        }
        at += 2;
    }
    // `use a::{self}` is `use a`.
    if path.len() > 1 && path.last().is_some_and(|last| last == "self") {
        path.pop();
    }
    let renamed = match (tokens.get(at), tokens.get(at + 1)) {
        (Some(TokenTree::Ident(word)), Some(TokenTree::Ident(name))) if word == "as" => {
            Some(name.to_string())
        }
        _ => None,
    };
    let name = renamed.or_else(|| path.last().cloned());
    (if path.is_empty() { Vec::new() } else { vec![Use { path, name }] }, at)
}

/// True if a path of several words starts there: a word before `::` that no `::` precedes.
pub(crate) fn is_path_start(tokens: &[TokenTree], at: usize) -> bool {
    let colons = |at: Option<usize>| {
        at.is_some_and(|at| is_punct(tokens.get(at), ':') && is_punct(tokens.get(at + 1), ':'))
    };
    colons(Some(at + 1)) && !colons(at.checked_sub(2))
}

/// True if the item whose word is there begins with `pub`, or `pub(…)`.
pub(crate) fn is_public(tokens: &[TokenTree], at: usize) -> bool {
    let before = tokens[..at].iter().rev();
    let mut before = before.skip_while(|token| matches!(token, TokenTree::Group(_)));
    before.next().is_some_and(|token| token.to_string() == "pub")
}

/// True if an attribute starts there that keeps an item for tests.
pub(crate) fn is_for_tests(tokens: &[TokenTree], at: usize) -> bool {
    let text = |at: usize| tokens.get(at).map(ToString::to_string).unwrap_or_default();
    text(at) == "#" && {
        let attribute = text(at + 1);
        let words: Vec<&str> = attribute.split(|c: char| !c.is_alphanumeric()).collect();
        words.contains(&"cfg") && words.contains(&"test") && !words.contains(&"not")
    }
}

/// End of the item that an attribute there belongs to: after its braces, or its semicolon.
pub(crate) fn end_of_item(tokens: &[TokenTree], at: usize) -> usize {
    // The attribute's own brackets are none of these.
    let ends = |at: &usize| in_braces(&tokens[*at]) || is_punct(tokens.get(*at), ';');
    (at + 2..tokens.len()).find(ends).map_or(tokens.len(), |end| end + 1)
}

fn is_punct(token: Option<&TokenTree>, character: char) -> bool {
    matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == character)
}
