//! Name of a new policy.

use std::{fmt, str::FromStr};

const LONGEST: usize = 60;

/// Name of a new policy: `no-latest`. In every language it is a package's name, too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageName(String);

/// Error: a text cannot be a policy's name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PackageNameError {
    /// Packages cannot be called that.
    #[error(
        "{0:?} cannot be a policy's name: use lower-case letters, digits and -, \
         begin with a letter, {LONGEST} characters at most"
    )]
    Spelling(String),
    /// The name is that of the guest crate.
    #[error("\"snapshot-policy\" is what policies are written with; choose another name")]
    Taken,
}

impl FromStr for PackageName {
    type Err = PackageNameError;

    fn from_str(text: &str) -> Result<Self, PackageNameError> {
        if text == "snapshot-policy" {
            return Err(PackageNameError::Taken);
        }
        let inside = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let spelled = text.starts_with(|c: char| c.is_ascii_lowercase())
            && text.chars().all(inside)
            && !text.ends_with('-')
            && text.len() <= LONGEST;
        if spelled {
            Ok(Self(text.to_owned()))
        } else {
            Err(PackageNameError::Spelling(text.chars().take(80).collect()))
        }
    }
}

impl AsRef<str> for PackageName {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PackageName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_a_package_name_everywhere() {
        for text in ["no-latest", "a", "v2", &"x".repeat(60)] {
            assert_eq!(text.parse::<PackageName>().unwrap().as_ref(), text);
        }
        for text in ["", "No", "2nd", "-a", "a-", "a_b", "a/b", "..", "é", &"x".repeat(61)] {
            assert!(matches!(text.parse::<PackageName>(), Err(PackageNameError::Spelling(_))));
        }
        assert_eq!("snapshot-policy".parse::<PackageName>(), Err(PackageNameError::Taken));
    }
}
