//! Where a policy's bytes come from.

use std::{borrow::Cow, path::PathBuf};

/// The components that ship inside the plugin: name, bytes.
const SHIPPED: [(&str, &[u8]); 1] =
    [("flag-compatibility", include_bytes!(concat!(env!("OUT_DIR"), "/flag-compatibility.wasm")))];

/// A policy, and where its bytes are.
#[derive(Clone, Debug)]
pub enum PolicySource {
    /// One that ships inside the plugin.
    Shipped {
        /// Its name.
        name: &'static str,
        /// The component.
        bytes: &'static [u8],
    },
    /// A file of the user's.
    File(PathBuf),
}

/// Why a policy's bytes cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("it cannot be read: {0}")]
pub struct Unreadable(std::io::Error);

impl PolicySource {
    /// The policies that ship inside the plugin.
    pub fn shipped() -> impl Iterator<Item = Self> {
        SHIPPED.into_iter().map(|(name, bytes)| Self::Shipped { name, bytes })
    }

    /// What to call it where it cannot say its own name.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::Shipped { name, .. } => (*name).to_owned(),
            Self::File(path) => path.display().to_string(),
        }
    }

    /// The component's bytes.
    pub fn bytes(&self) -> Result<Cow<'static, [u8]>, Unreadable> {
        match self {
            Self::Shipped { bytes, .. } => Ok(Cow::Borrowed(bytes)),
            Self::File(path) => std::fs::read(path).map(Cow::Owned).map_err(Unreadable),
        }
    }
}
