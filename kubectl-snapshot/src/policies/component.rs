//! A file of bytes that turns out to be a policy, or not.

use snapshot_policy_host::{Host, HostError, Limits, LoadError};

/// What a component says about itself, and what it needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Component {
    /// The policy's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// One sentence.
    pub summary: String,
    /// The contract's interfaces that it exports.
    pub exports: Vec<String>,
    /// The interfaces it imports.
    pub imports: Vec<String>,
}

/// Why bytes are not a policy that can run here.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// They are something else, or a policy of another contract.
    #[error("{name} is not a policy that runs here: {error}")]
    Refused {
        /// What the user calls it.
        name: String,
        /// What is wrong with it.
        error: LoadError,
    },
    /// Nothing can be run.
    #[error(transparent)]
    Host(#[from] HostError),
}

impl Unusable {
    /// What the reader can do about it.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Refused { error, .. } => Some(error.hint()).filter(|hint| !hint.is_empty()),
            Self::Host(_) => None,
        }
    }
}

/// The most bytes that a policy may have.
#[must_use]
pub fn largest() -> u64 {
    Limits::default().component as u64
}

impl Component {
    /// Loads a policy as an evaluation would, and asks it what it is; `name` is
    /// what the user calls it. This compiles it, which takes its time.
    pub fn load(name: &str, bytes: &[u8]) -> Result<Self, Unusable> {
        let policy = Host::new(Limits::default())?
            .load(bytes)
            .map_err(|error| Unusable::Refused { name: name.to_owned(), error })?;
        let about = policy.describe();
        Ok(Self {
            name: about.name.clone(),
            version: about.version.clone(),
            summary: about.summary.clone(),
            exports: policy.exports(),
            imports: policy.imports().to_vec(),
        })
    }
}
