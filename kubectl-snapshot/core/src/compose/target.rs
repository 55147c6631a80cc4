//! Targets: what of a set gets another image.

use std::{fmt, str::FromStr};

/// Target of another image: `cart`, `cart/cart-canary`, or `cart/cart/proxy`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    /// The service.
    pub service: String,
    /// One instance of it; all where none is named.
    pub instance: Option<String>,
    /// One container of the instance; those that run the service's own image where none is named.
    pub container: Option<String>,
}

/// Error: a text is not a [`Target`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} names no service: expected SERVICE, SERVICE/INSTANCE or SERVICE/INSTANCE/CONTAINER")]
pub struct NotATarget(String);

impl NotATarget {
    pub(super) fn new(text: &str) -> Self {
        Self(text.chars().take(80).collect())
    }
}

impl FromStr for Target {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        let parts: Vec<&str> = text.split('/').collect();
        let is_text = |part: &&str| !part.is_empty() && !part.contains(char::is_whitespace);
        if parts.len() > 3 || !parts.iter().all(is_text) {
            return Err(NotATarget::new(text));
        }
        let part = |place: usize| parts.get(place).map(|part| (*part).to_owned());
        Ok(Self { service: part(0).unwrap_or_default(), instance: part(1), container: part(2) })
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.service)?;
        for part in [&self.instance, &self.container].into_iter().flatten() {
            write!(f, "/{part}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_three_parts_are_read() {
        for text in ["cart", "cart/cart-canary", "cart/cart/proxy"] {
            assert_eq!(text.parse::<Target>().unwrap().to_string(), text);
        }
        for text in ["", "/", "cart/", "a/b/c/d", "a b"] {
            assert!(text.parse::<Target>().is_err(), "{text}");
        }
    }
}
