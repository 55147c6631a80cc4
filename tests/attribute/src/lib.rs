//! Attribute macro of the end-to-end tests: `#[test]`, for a harness that can ignore a test while
//! it runs.
//!
//! The built-in attribute knows only tests that are ignored when they are compiled.

use proc_macro::{TokenStream, TokenTree};

/// Registration of a function without parameters as a test of its binary.
///
/// # Panics
/// Where it stands on something else than a function.
#[proc_macro_attribute]
pub fn test(_arguments: TokenStream, item: TokenStream) -> TokenStream {
    let name = name(item.clone()).expect("#[test] stands on a function");
    let registration = format!("::end_to_end::register!({name});");
    let registration: TokenStream = registration.parse().expect("a name is a token");
    [item, registration].into_iter().collect()
}

/// The word after `fn`.
fn name(item: TokenStream) -> Option<String> {
    let is_fn =
        |token: &TokenTree| matches!(token, TokenTree::Ident(word) if word.to_string() == "fn");
    item.into_iter().skip_while(|token| !is_fn(token)).nth(1).map(|name| name.to_string())
}
