//! Tokens of a flag system.

use std::{fmt, ops::Deref};

/// A token, which no log and no error shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// A token as it was given, without the line break that files end with; none where it is
    /// empty.
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// True if it can stand in a header.
    pub(super) fn is_sendable(&self) -> bool {
        self.0.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

impl Deref for Token {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The tokens of a source.
#[derive(Clone, Debug, Default)]
pub struct Tokens {
    /// The one to read with: of Unleash a backend token.
    pub read: Option<Token>,
    /// The one to switch with, where it is another: of Unleash an admin's.
    pub admin: Option<Token>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_never_shown() {
        let tokens = Tokens { read: Token::of(" hunter2\n"), admin: Token::of(" \n") };
        assert_eq!(format!("{tokens:?}"), "Tokens { read: Some(Token(…)), admin: None }");
        assert_eq!(tokens.read.as_deref(), Some("hunter2"));
    }
}
