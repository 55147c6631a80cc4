//! Errors of reading flag definitions.

use std::fmt;

use crate::requirement::RequirementError;

/// Error: flag definitions cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::flags) struct FlagdError {
    /// File or object of the definitions.
    pub(super) origin: String,
    /// The flag's key, where it is one flag that is wrong.
    pub(super) flag: Option<String>,
    /// Problem.
    pub(super) problem: FlagdProblem,
}

/// Problem of flag definitions, and what to do about it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum FlagdProblem {
    /// The document is something else.
    #[error(
        "not flag definitions: expected an object with the member \"flags\", itself an object, or a list of flags with keys"
    )]
    NotDefinitions,
    /// `$evaluators` is no object.
    #[error("$evaluators must be an object of named rules")]
    Evaluators,
    /// A flag in a list without a key.
    #[error("the flag at position {0} of the list has no key; give it one")]
    Key(usize),
    /// Two flags in a list with one key.
    #[error("it is there twice; take one out")]
    Twice,
    /// A flag that is no object.
    #[error("it must be an object with state and variants")]
    NotAnObject,
    /// A state that is no text.
    #[error("its state is {0}; write \"ENABLED\" or \"DISABLED\"")]
    State(String),
    /// Variants that are no object.
    #[error("its variants must be an object of values by name")]
    Variants,
    /// A variant of no type that a flag can have.
    #[error("its variant {0} must be a boolean, a string, a number or an object")]
    VariantType(String),
    /// A default that is no variant, for which flagd takes none of the definitions.
    #[error(
        "its defaultVariant {default} is not among its variants ({variants}), so flagd refuses it with every flag beside it, and goes on serving what it had; name one of its variants, or take it out"
    )]
    DefaultVariant {
        /// The default as written.
        default: String,
        /// The variants there are.
        variants: String,
    },
    /// A flag beside another whose default is no variant.
    #[error(
        "flagd refuses it for the wrong defaultVariant of flag {0} beside it, and goes on serving what it had"
    )]
    Refused(String),
    /// Targeting that is no object.
    #[error("its targeting must be an object")]
    Targeting,
    /// Targeting that refers to a rule that is not there.
    #[error("its targeting refers to {0:?}, which $evaluators does not define; define it there")]
    UndefinedEvaluator(String),
    /// Metadata that is no object.
    #[error("metadata must be an object")]
    Metadata,
    /// Metadata that this tool reads, and that is no text.
    #[error("metadata {0:?} must be text")]
    MetadataText(&'static str),
    /// Requirements that cannot be read.
    #[error("metadata \"requires\": {0}")]
    Requires(#[from] RequirementError),
}

/// A ConfigMap's key that is meant as flag definitions, and cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("ConfigMap {config_map}, key {key} is named as flag definitions and is not valid {fault}")]
pub(super) struct UnreadableKey {
    config_map: String,
    key: String,
    fault: UnreadableText,
}

/// Text that is meant as flag definitions, and cannot be read: the format, and the problem with
/// its place.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{format}: {problem}")]
pub(super) struct UnreadableText {
    pub(super) format: &'static str,
    pub(super) problem: String,
}

impl UnreadableText {
    /// The fault of a ConfigMap's key.
    pub(super) fn of(self, config_map: &str, key: &str) -> UnreadableKey {
        UnreadableKey { config_map: config_map.to_owned(), key: key.to_owned(), fault: self }
    }
}

impl fmt::Display for FlagdError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.origin)?;
        if let Some(flag) = &self.flag {
            write!(f, "flag {flag}: ")?;
        }
        self.problem.fmt(f)
    }
}

impl std::error::Error for FlagdError {}
