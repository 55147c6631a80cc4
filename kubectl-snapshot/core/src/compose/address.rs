//! Addresses: what of a set is meant, be it of one namespace or in parts.

use std::{fmt, str::FromStr};

use super::target::{NotATarget, Target};
use crate::{
    parts::{PartName, Parts},
    snapshot::Spec,
};

/// Address of what gets another image: that of a target, behind its part's name where several parts
/// have such a service: `payments/tax`, `payments/tax/tax-eu/proxy`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Address(String);

impl FromStr for Address {
    type Err = NotATarget;

    fn from_str(text: &str) -> Result<Self, NotATarget> {
        let is_text = |part: &str| !part.is_empty() && !part.contains(char::is_whitespace);
        if text.split('/').count() > 4 || !text.split('/').all(is_text) {
            return Err(NotATarget::new(text));
        }
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Address {
    /// The target in a set of one namespace.
    pub(super) fn target(&self) -> Result<Target, NotATarget> {
        self.0.parse()
    }

    /// The parts that may be meant, with the target in them.
    pub(super) fn among(&self, parts: &Parts) -> Result<(Vec<PartName>, Target), NotATarget> {
        let service = self.0.split('/').next().unwrap_or_default();
        let has = |spec: &Spec, name: &str| spec.services.contains_key(name);
        if let Some((part, rest)) = qualified(parts, &self.0) {
            return Ok((vec![part.clone()], rest.parse()?));
        }
        Ok((homes(parts, service, has), self.target()?))
    }
}

/// The part that a name begins with, and the rest: `payments/tax`.
pub(super) fn qualified<'p, 'n>(
    parts: &'p Parts,
    name: &'n str,
) -> Option<(&'p PartName, &'n str)> {
    let (first, rest) = name.split_once('/')?;
    parts.names().find(|part| part.as_ref() == first).map(|part| (part, rest))
}

/// The parts that have a name.
pub(super) fn homes(parts: &Parts, name: &str, has: fn(&Spec, &str) -> bool) -> Vec<PartName> {
    let homes = parts.iter().filter(|(_, set)| has(&set.spec, name));
    homes.map(|(part, _)| part.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_to_four_parts_are_read() {
        for text in ["cart", "payments/tax", "cart/cart/proxy", "payments/tax/tax-eu/proxy"] {
            assert_eq!(text.parse::<Address>().unwrap().to_string(), text);
        }
        for text in ["", "/", "cart/", "a/b/c/d/e", "a b"] {
            assert!(text.parse::<Address>().is_err(), "{text}");
        }
    }
}
