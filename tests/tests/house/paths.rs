//! Mentions in a source file: rooms of its own crate, and other crates.

use std::collections::BTreeSet;

use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// Something that a file mentions by its path.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mention {
    /// `crate::NAME`.
    Room(String),
    /// `NAME::…`, or `use NAME`.
    Library(String),
}

/// Every room and crate that the file's tokens mention, those inside macros
/// included, which is why tokens are read and not a syntax tree.
pub(crate) fn mentions(text: &str) -> BTreeSet<Mention> {
    let tokens: TokenStream = text.parse().expect("a source file is Rust");
    let mut found = BTreeSet::new();
    read(tokens, &mut found);
    found
}

fn read(tokens: TokenStream, found: &mut BTreeSet<Mention>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (index, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(word) if is_path_start(&tokens, index) => {
                let name = word.to_string();
                if name == "crate" {
                    rooms(tokens.get(index + 3), found);
                } else {
                    found.insert(Mention::Library(name));
                }
            }
            TokenTree::Group(group) => read(group.stream(), found),
            _ => {}
        }
    }
}

/// True if a path starts here: a word before `::` that no `::` precedes.
fn is_path_start(tokens: &[TokenTree], index: usize) -> bool {
    let colon = |at: Option<usize>| {
        let token = at.and_then(|at| tokens.get(at));
        matches!(token, Some(TokenTree::Punct(punct)) if punct.as_char() == ':')
    };
    let follows = colon(Some(index + 1)) && colon(Some(index + 2));
    let precedes = colon(index.checked_sub(1)) && colon(index.checked_sub(2));
    follows && !precedes
}

/// The rooms after `crate::`: one word, or the first words in braces.
fn rooms(token: Option<&TokenTree>, found: &mut BTreeSet<Mention>) {
    match token {
        Some(TokenTree::Ident(name)) => {
            found.insert(Mention::Room(name.to_string()));
        }
        Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
            let mut first = true;
            for token in group.stream() {
                match token {
                    TokenTree::Ident(name) if first => {
                        found.insert(Mention::Room(name.to_string()));
                        first = false;
                    }
                    TokenTree::Punct(punct) if punct.as_char() == ',' => first = true,
                    _ => {}
                }
            }
        }
        _ => {}
    }
}
