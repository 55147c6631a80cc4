//! Reference to a policy on the command line: a name, a file, or an artifact in a registry.

use std::{
    fmt,
    path::{Path, PathBuf},
    str::FromStr,
};

use crate::artifact::{ArtifactReference, NotAnArtifact, SCHEME};

/// Reference to a policy, as every command takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PolicyReference {
    /// A bound policy, or one that ships inside the plugin.
    Name(String),
    /// A component's file.
    File(PathBuf),
    /// An artifact in a registry.
    Registry(ArtifactReference),
}

impl FromStr for PolicyReference {
    type Err = NotAnArtifact;

    fn from_str(text: &str) -> Result<Self, NotAnArtifact> {
        Ok(if text.starts_with(SCHEME) {
            Self::Registry(text.parse()?)
        } else if text.contains(['/', '\\']) || has_ending(text) {
            Self::File(text.into())
        } else {
            Self::Name(text.to_owned())
        })
    }
}

/// True if the text ends as the files of WebAssembly do.
fn has_ending(text: &str) -> bool {
    let ending = Path::new(text).extension().and_then(|ending| ending.to_str());
    matches!(ending, Some("wasm" | "wat"))
}

impl fmt::Display for PolicyReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(text) => f.write_str(text),
            Self::File(path) => path.display().fmt(f),
            Self::Registry(reference) => reference.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_is_told_apart() {
        let parsed = |text: &str| text.parse::<PolicyReference>().unwrap();
        assert_eq!(parsed("our-rules"), PolicyReference::Name("our-rules".into()));
        for file in ["rules.wasm", "./rules", "/tmp/rules", "target\\rules"] {
            assert_eq!(parsed(file), PolicyReference::File(file.into()));
        }
        let registry = "oci://registry.example.com/rules:1.0";
        assert_eq!(parsed(registry), PolicyReference::Registry(registry.parse().unwrap()));
        assert!("oci://registry.example.com".parse::<PolicyReference>().is_err());
        for text in ["our-rules", "./rules.wasm", registry] {
            assert_eq!(parsed(text).to_string(), text);
        }
    }
}
