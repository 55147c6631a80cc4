//! Requirements: "this service or flag needs that service, or that flag."
//!
//! A list of requirements is written `tax >=1.4; pricing @3f2a91c; flag new-pricing=on`:
//!
//! | written | means |
//! |---|---|
//! | `tax` | the service runs, at any version |
//! | `tax >=1.4, <2` | every instance of it runs a version in that range |
//! | `pricing @3f2a91c` | every instance of it runs that commit or a later one |
//! | `flag new-pricing` | the flag is on |
//! | `flag new-pricing=on` | the same; `=true`, `=off` and `=false` likewise |
//! | `flag layout=compact` | the flag serves that value, or the variant of that name |
//!
//! `^` and `~` mean what they mean in semver: `^1.4` is at least 1.4.0 and below
//! 2.0.0. flagd gives its own `^` and `~` no lower bound; these are not those.

mod beside;
mod fault;
mod flag_state;
mod grammar;
mod present;
mod range;
mod resolve;
mod running;
mod subject;
#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use grammar::{RequirementError, parse_list};
pub use present::Present;
pub use range::Range;
pub use resolve::{Resolved, resolve, resolve_against};
pub use subject::{Fulfilment, Subject};

/// One thing that a service or a flag needs.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Requirement {
    /// Service or flag that is needed.
    pub dependency: Dependency,
    /// Condition: a version or state; without one, a service must run and a flag must be
    /// on.
    pub condition: Option<Condition>,
}

/// Target of a requirement.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Dependency {
    /// A service by name.
    Service(String),
    /// A flag by key.
    Flag(String),
}

/// Condition of a requirement: a version or state.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// A service in a range of versions.
    Version(Range),
    /// A service at or after a commit, whole or abbreviated.
    Commit(String),
    /// A flag with a value.
    Value(String),
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version(range) => range.fmt(f),
            Self::Commit(commit) => write!(f, "@{commit}"),
            Self::Value(value) => write!(f, "={value}"),
        }
    }
}

impl fmt::Display for Requirement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.dependency, &self.condition) {
            (Dependency::Service(name), None) => f.write_str(name),
            (Dependency::Service(name), Some(condition)) => write!(f, "{name} {condition}"),
            (Dependency::Flag(key), None) => write!(f, "flag {key}"),
            (Dependency::Flag(key), Some(condition)) => write!(f, "flag {key}{condition}"),
        }
    }
}

impl Serialize for Requirement {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Requirement {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
