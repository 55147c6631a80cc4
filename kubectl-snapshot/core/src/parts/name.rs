//! Names of parts.

use std::{borrow::Borrow, fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// The alias of a part: the name of the namespace that it was captured from, unless it was
/// given another one. Places map it to a namespace of their own.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PartName(String);

/// Error: a text cannot be the name of a namespace, or of a part.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0:?} cannot be the name of a namespace: use lower-case letters, digits and -, \
     begin and end with a letter or a digit, 63 characters at most"
)]
pub struct PartNameError(String);

impl FromStr for PartName {
    type Err = PartNameError;

    fn from_str(text: &str) -> Result<Self, PartNameError> {
        let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_label = text.len() <= 63
            && text.starts_with(edge)
            && text.ends_with(edge)
            && text.chars().all(|c| edge(c) || c == '-');
        if is_label {
            Ok(Self(text.to_owned()))
        } else {
            Err(PartNameError(text.chars().take(80).collect()))
        }
    }
}

impl TryFrom<String> for PartName {
    type Error = PartNameError;

    fn try_from(text: String) -> Result<Self, PartNameError> {
        text.parse()
    }
}

impl From<PartName> for String {
    fn from(name: PartName) -> Self {
        name.0
    }
}

impl AsRef<str> for PartName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for PartName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PartName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_called_as_a_namespace_can_be() {
        for text in ["shop", "pay-2", "0", &"x".repeat(63)] {
            assert_eq!(text.parse::<PartName>().unwrap().as_ref(), text);
        }
        for text in ["", "Shop", "a.b", "-a", "a-", "a,b", "a/b", "é", &"x".repeat(64)] {
            let error = text.parse::<PartName>().unwrap_err().to_string();
            assert!(error.contains("cannot be the name of a namespace"), "{error}");
        }
    }
}
