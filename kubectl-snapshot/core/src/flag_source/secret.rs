//! Secrets that hold the tokens of flag systems.

use std::{fmt, str::FromStr};

use serde::{Serialize, Serializer};

/// A Secret, which holds `token` and the `url` that it may be sent to: `NAME`, in the store's
/// namespace, or `NAMESPACE/NAME`.
///
/// That the Secret says the address itself keeps whoever may write sources, and may not read the
/// Secret, from having its token sent to an address of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretRef {
    /// Namespace of the Secret, where it is not the store's.
    pub namespace: Option<String>,
    /// Name of the Secret.
    pub name: String,
}

/// Error: a text names no Secret.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no Secret: expected NAME, or NAMESPACE/NAME")]
pub struct NotASecret(String);

impl FromStr for SecretRef {
    type Err = NotASecret;

    fn from_str(text: &str) -> Result<Self, NotASecret> {
        let is_name = |name: &str| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
            !name.is_empty() && name.len() <= 253 && name.chars().all(plain)
        };
        let (namespace, name) = match text.split_once('/') {
            Some((namespace, name)) => (Some(namespace), name),
            None => (None, text),
        };
        if !is_name(name) || !namespace.is_none_or(is_name) {
            return Err(NotASecret(text.chars().take(80).collect()));
        }
        Ok(Self { namespace: namespace.map(str::to_owned), name: name.to_owned() })
    }
}

impl fmt::Display for SecretRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(namespace) = &self.namespace {
            write!(f, "{namespace}/")?;
        }
        f.write_str(&self.name)
    }
}

impl Serialize for SecretRef {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for text in ["unleash", "prod/unleash.token"] {
            assert_eq!(text.parse::<SecretRef>().unwrap().to_string(), text);
        }
        for text in ["", "a/b/c", "/a", "a/", "A", "a b"] {
            assert!(text.parse::<SecretRef>().is_err(), "{text}");
        }
    }
}
