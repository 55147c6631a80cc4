//! Pinning: whether images are written with the digest that a set knows.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Images that are written as `repository:tag@digest`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pin {
    /// Those that are written anyway, but for what the place's owner writes again by tag.
    #[default]
    Auto,
    /// All whose digest the set knows.
    Always,
    /// None: the tag decides what is pulled.
    Never,
}

/// Error: a text names no way of pinning.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no way of pinning images: expected auto, always or never")]
pub struct NotAPin {
    text: String,
}

impl Pin {
    /// Every way of pinning.
    pub const ALL: [Self; 3] = [Self::Auto, Self::Always, Self::Never];

    /// Name of the way.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Always => "always",
            Self::Never => "never",
        }
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Pin {
    type Err = NotAPin;

    fn from_str(text: &str) -> Result<Self, NotAPin> {
        let named = Self::ALL.into_iter().find(|pin| pin.name() == text);
        named.ok_or_else(|| NotAPin { text: text.chars().take(40).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        for pin in Pin::ALL {
            assert_eq!(pin.to_string().parse(), Ok(pin));
        }
        let error = "ever".parse::<Pin>().unwrap_err().to_string();
        assert_eq!(error, "\"ever\" is no way of pinning images: expected auto, always or never");
    }
}
