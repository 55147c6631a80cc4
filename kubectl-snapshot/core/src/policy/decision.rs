//! The decisions that policies make.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// Decision that a policy can make.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Decision {
    /// Does this set of versions and flags work together?
    Compatibility,
    /// May this snapshot be promoted to this stage?
    Promotion,
}

/// Error: a text is not a [`Decision`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is no decision; expected compatibility or promotion")]
pub struct NotADecision(String);

impl Decision {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Compatibility, Self::Promotion];

    /// Name of the decision: that of its interface in the contract.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Compatibility => "compatibility",
            Self::Promotion => "promotion",
        }
    }

    /// The names of several, for a list.
    #[must_use]
    pub fn join(decisions: &[Self], separator: &str) -> String {
        decisions.iter().map(|decision| decision.name()).collect::<Vec<_>>().join(separator)
    }
}

impl fmt::Display for Decision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Decision {
    type Err = NotADecision;

    fn from_str(text: &str) -> Result<Self, NotADecision> {
        let named = Self::ALL.into_iter().find(|decision| decision.name() == text);
        named.ok_or_else(|| NotADecision(text.chars().take(80).collect()))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_json::json;

    use super::*;
    use crate::canonical;

    #[test]
    fn a_decision_is_its_word() {
        for decision in Decision::ALL {
            assert_eq!(decision.to_string().parse(), Ok(decision));
            assert_eq!(json!(decision), json!(decision.name()));
        }
        let keys = BTreeMap::from(Decision::ALL.map(|decision| (decision, 1)));
        let text = canonical::text(&keys);
        assert_eq!(text, r#"{"compatibility":1,"promotion":1}"#);
        assert_eq!(serde_json::from_str::<BTreeMap<Decision, i32>>(&text).unwrap(), keys);
    }

    #[test]
    fn another_word_is_refused() {
        for text in ["", "Promotion", "promotions"] {
            let error = text.parse::<Decision>().unwrap_err().to_string();
            assert!(error.ends_with("expected compatibility or promotion"), "{error}");
            assert!(serde_json::from_value::<Decision>(json!(text)).is_err());
        }
    }
}
