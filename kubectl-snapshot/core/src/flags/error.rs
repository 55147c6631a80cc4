//! Faults of flag definitions that are there and cannot be read.

use std::{error::Error, fmt};

use crate::manifest::Kind;

/// Error: flags cannot be read. What the system at fault says.
#[derive(Debug)]
pub struct FlagError {
    origin: String,
    extent: Extent,
    object: Option<(Kind, String)>,
    error: Box<dyn Error + Send + Sync>,
}

/// Extent of a fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Extent {
    /// One flag, which is among the definitions and says so itself.
    Flag,
    /// All flags of the origin, or nobody knows which.
    Origin,
}

impl FlagError {
    /// A fault of one flag, which is among the definitions as far as it is known.
    pub(super) fn of_flag(origin: &str, error: impl Error + Send + Sync + 'static) -> Self {
        Self { origin: origin.to_owned(), extent: Extent::Flag, object: None, error: error.into() }
    }

    /// A fault that hides whatever the origin defines: `flagd:shop-flags/demo.flagd.json`.
    pub(super) fn of_origin(origin: &str, error: impl Error + Send + Sync + 'static) -> Self {
        Self { extent: Extent::Origin, ..Self::of_flag(origin, error) }
    }

    /// Names the object that has the definitions.
    pub(super) fn within(self, kind: Kind, name: &str) -> Self {
        Self { object: Some((kind, name.to_owned())), ..self }
    }

    /// The object that has the definitions, where it is one.
    #[must_use]
    pub fn object(&self) -> Option<(Kind, &str)> {
        self.object.as_ref().map(|(kind, name)| (*kind, name.as_str()))
    }

    /// The origin whose flags nobody knows, where it is not one flag alone that is at fault.
    pub(super) fn hidden(&self) -> Option<&str> {
        (self.extent == Extent::Origin).then_some(self.origin.as_str())
    }
}

impl fmt::Display for FlagError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl Error for FlagError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}
