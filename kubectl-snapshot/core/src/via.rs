//! Ways by which a set comes to a stage.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// A way by which a set comes to a stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Via {
    /// Writes of this tool, of what differs.
    Apply,
    /// The stage's own deployer brings it, by a commit of what was exported.
    Export,
}

/// Error: a text names no way to a stage.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{text:?} is no way to a stage: expected apply or export")]
pub struct NotAWay {
    text: String,
}

impl Via {
    /// Every way.
    pub const ALL: [Self; 2] = [Self::Apply, Self::Export];

    /// Name of the way.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Apply => "apply",
            Self::Export => "export",
        }
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Via {
    type Err = NotAWay;

    fn from_str(text: &str) -> Result<Self, NotAWay> {
        let named = Self::ALL.into_iter().find(|via| via.name() == text);
        named.ok_or_else(|| NotAWay { text: text.chars().take(40).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read() {
        for via in Via::ALL {
            assert_eq!(via.to_string().parse(), Ok(via));
        }
        let error = "git".parse::<Via>().unwrap_err().to_string();
        assert_eq!(error, "\"git\" is no way to a stage: expected apply or export");
    }
}
