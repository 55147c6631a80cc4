//! The names that people give to what is stored.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::reference::Reference;

/// Names become names of ConfigMaps, of at most 253 characters with what is put before them.
const LONGEST: usize = 200;

/// The name that a snapshot is stored under: `rel-42`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SnapshotName(String);

/// The name of a variable set: `prod`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct SetName(String);

/// The name that a policy is bound under: `our-rules`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct PolicyName(String);

/// The name of a stage: `prod`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct StageName(String);

/// The name of a git repository: `shop`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepositoryName(String);

/// The name of a flag system as a store has it: `prod-unleash`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct FlagSourceName(String);

/// Error: a text cannot be a name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Characters, or a length, that a ConfigMap's name cannot have.
    #[error(
        "{0:?} cannot be a name: use lower-case letters, digits, - and ., \
         begin and end with a letter or a digit, {LONGEST} characters at most"
    )]
    Spelling(String),
    /// A stage's name is a label's value as well.
    #[error("{0:?} cannot be a stage's name: it has more than 63 characters")]
    TooLong(String),
    /// The command line would take it for something else.
    #[error(
        "{0:?} cannot be a snapshot's name: on the command line it means {1}; choose another name"
    )]
    MeansAnother(String, &'static str),
}

impl FromStr for SnapshotName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let meaning = match text.parse() {
            Ok(Reference::Name(_)) => return subdomain(text).map(Self),
            Ok(Reference::Live { .. }) => "what runs now",
            Ok(Reference::Stage(_)) => "what is deployed at a stage",
            Ok(Reference::Digest(_)) => "the snapshot of that digest",
            Ok(Reference::Path(_)) => "a file or a folder",
            Ok(Reference::Stdin) => "standard input",
        };
        Err(NameError::MeansAnother(excerpt(text), meaning))
    }
}

macro_rules! is_a_subdomain {
    ($name:ident) => {
        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                subdomain(text).map(Self)
            }
        }
    };
}

is_a_subdomain!(SetName);
is_a_subdomain!(PolicyName);
is_a_subdomain!(RepositoryName);
is_a_subdomain!(FlagSourceName);

impl FromStr for StageName {
    type Err = NameError;

    /// At most 63 characters: a label names it, as it does namespaces.
    fn from_str(text: &str) -> Result<Self, NameError> {
        if text.len() > 63 {
            return Err(NameError::TooLong(excerpt(text)));
        }
        subdomain(text).map(Self)
    }
}

/// A DNS subdomain, the spelling that Kubernetes asks of most names.
fn subdomain(text: &str) -> Result<String, NameError> {
    let edge = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    let label = |label: &str| {
        label.starts_with(edge)
            && label.ends_with(edge)
            && label.chars().all(|c| edge(c) || c == '-')
    };
    if text.len() <= LONGEST && text.split('.').all(label) {
        Ok(text.to_owned())
    } else {
        Err(NameError::Spelling(excerpt(text)))
    }
}

/// Start of a text, short enough to be repeated in an error.
fn excerpt(text: &str) -> String {
    text.chars().take(80).collect()
}

macro_rules! reads_as_text {
    ($name:ident) => {
        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl TryFrom<String> for $name {
            type Error = NameError;

            fn try_from(text: String) -> Result<Self, NameError> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0
            }
        }
    };
}

reads_as_text!(SnapshotName);
reads_as_text!(SetName);
reads_as_text!(PolicyName);
reads_as_text!(StageName);
reads_as_text!(RepositoryName);
reads_as_text!(FlagSourceName);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_what_people_call_releases() {
        for text in ["rel-42", "4.2.0", "2024.01.15-nightly", "a", &"x".repeat(200)] {
            assert_eq!(text.parse::<SnapshotName>().unwrap().as_ref(), text);
        }
    }

    #[test]
    fn refuses_what_a_config_map_cannot_be_called() {
        for text in [
            "",
            "Rel-42",
            "rel_42",
            "rel 42",
            "-rel",
            "rel-",
            "rel.",
            ".rel",
            "a..b",
            "é",
            &"x".repeat(201),
        ] {
            assert!(matches!(text.parse::<SetName>(), Err(NameError::Spelling(_))), "{text:?}");
            assert!(text.parse::<SnapshotName>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn refuses_what_means_something_else() {
        for text in
            ["live", "live:dev", "stage:prod", "sha256:1f3a", "./set", "set.yaml", "a/b", "-", "."]
        {
            assert!(
                matches!(text.parse::<SnapshotName>(), Err(NameError::MeansAnother(..))),
                "{text:?}"
            );
        }
        assert!("live".parse::<SetName>().is_ok(), "a set is never named where a REF is expected");
    }

    #[test]
    fn errors_say_what_is_allowed() {
        let error = "Rel_42".parse::<SnapshotName>().unwrap_err().to_string();
        assert!(
            error.contains("\"Rel_42\"") && error.contains("lower-case letters, digits, - and ."),
            "{error}"
        );
        let error = "set.yaml".parse::<SnapshotName>().unwrap_err().to_string();
        assert!(error.contains("a file or a folder"), "{error}");
    }
}
