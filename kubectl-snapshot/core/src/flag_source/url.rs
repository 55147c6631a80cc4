//! Addresses of flag systems.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// Address of a flag system, without credentials and without a slash at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlagsUrl(String);

/// Error: a text is no address of a flag system. The text is not repeated: it may hold a secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is no address of a flag system: {0}")]
pub struct NotAFlagsUrl(&'static str);

const FORM: &str = "expected one such as https://unleash.example.com";
const SECRET: &str = "it holds credentials or a query, which do not belong into a store; a token comes from a \
     Secret or from the environment";
/// Problem of an address that goes on to where this tool does.
const API: &str = "name the address in front of /api";

impl FromStr for FlagsUrl {
    type Err = NotAFlagsUrl;

    fn from_str(text: &str) -> Result<Self, NotAFlagsUrl> {
        let strange = |c: char| c.is_whitespace() || c.is_control() || c == '\\';
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let Some(rest) = rest.filter(|rest| !rest.contains(strange)) else {
            return Err(NotAFlagsUrl(FORM));
        };
        if rest.contains(['@', '?', '#']) {
            return Err(NotAFlagsUrl(SECRET));
        }
        let trimmed = text.trim_end_matches('/');
        if rest.split('/').next().unwrap_or_default().is_empty() {
            return Err(NotAFlagsUrl(FORM));
        }
        if trimmed.ends_with("/api") {
            return Err(NotAFlagsUrl(API));
        }
        Ok(Self(trimmed.to_owned()))
    }
}

impl AsRef<str> for FlagsUrl {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FlagsUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Serialize for FlagsUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_no_credentials() {
        let read = |text: &str| text.parse::<FlagsUrl>().map(|url| url.to_string());
        assert_eq!(read("https://unleash.example/").as_deref(), Ok("https://unleash.example"));
        assert_eq!(read("http://127.0.0.1:4242/u").as_deref(), Ok("http://127.0.0.1:4242/u"));
        for text in ["", "unleash.example", "ftp://a", "https://", "https:///x", "https://a b"] {
            assert_eq!(read(text), Err(NotAFlagsUrl(FORM)), "{text}");
        }
        for text in ["https://x:hunter2@a", "https://a?token=hunter2", "https://a#hunter2"] {
            let error = read(text).unwrap_err();
            assert_eq!(error, NotAFlagsUrl(SECRET));
            assert!(!error.to_string().contains("hunter2"));
        }
        assert_eq!(read("https://a/api/"), Err(NotAFlagsUrl(API)));
    }
}
