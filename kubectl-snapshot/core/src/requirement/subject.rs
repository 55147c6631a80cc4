//! Subject of a requirement, and the state of a requirement.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Owner or target of a requirement: `{"service": "tax"}`, `{"instance": "cart/cart"}`,
/// `{"flag": "tax-call"}`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// A service by name.
    Service(String),
    /// `service/instance`
    Instance(String),
    /// A flag by key.
    Flag(String),
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Service(name) | Self::Instance(name) => f.write_str(name),
            Self::Flag(key) => write!(f, "flag {key}"),
        }
    }
}

/// State of a requirement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Fulfilment {
    /// Holds.
    Met,
    /// Does not hold.
    Unmet,
    /// The facts at hand do not tell.
    Unknown,
}

impl Fulfilment {
    /// State of several that must all hold: one that is unmet decides.
    #[must_use]
    pub fn all(states: impl IntoIterator<Item = Self>) -> Self {
        states.into_iter().fold(Self::Met, |all, state| match (all, state) {
            (Self::Unmet, _) | (_, Self::Unmet) => Self::Unmet,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Met, Self::Met) => Self::Met,
        })
    }
}

impl From<bool> for Fulfilment {
    fn from(holds: bool) -> Self {
        if holds { Self::Met } else { Self::Unmet }
    }
}
