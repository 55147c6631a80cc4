//! How findings name things.

use crate::edges::Group;
use snapshot_policy::{Subject, enumerate};

/// `tax >=1.4.0`, `tax`, `flag new-pricing=on`.
pub(crate) fn need(dependency: &Subject, condition: Option<&str>) -> String {
    match (dependency, condition) {
        (dependency, None) => dependency.to_string(),
        (Subject::FeatureFlag(key), Some(condition)) => format!("flag {key}{condition}"),
        (dependency, Some(condition)) => format!("{dependency} {condition}"),
    }
}

impl Group<'_> {
    /// `tax >=1.4.0`
    pub(crate) fn need(&self) -> String {
        need(self.dependency, self.condition)
    }

    /// `flag tax-call`, `flags a and b`, `cart/cart and ship/ship`.
    pub(crate) fn who(&self) -> String {
        if self.of_flags {
            format!("{} {}", self.one_or("flag", "flags"), self.names())
        } else {
            self.names()
        }
    }

    /// `tax-call`, `a and b`, `cart/cart and ship/ship`.
    pub(crate) fn names(&self) -> String {
        enumerate(&self.dependents.iter().map(|dependent| dependent.name()).collect::<Vec<_>>())
    }

    /// The word that goes with one, or the one that goes with several.
    pub(crate) fn one_or<'a>(&self, one: &'a str, several: &'a str) -> &'a str {
        if self.is_one() { one } else { several }
    }

    fn is_one(&self) -> bool {
        self.dependents.len() == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_is_written_as_in_the_annotation() {
        let tax = Subject::Service("tax".to_owned());
        let pricing = Subject::FeatureFlag("new-pricing".to_owned());
        assert_eq!(need(&tax, Some(">=1.4, <2")), "tax >=1.4, <2");
        assert_eq!(need(&tax, None), "tax");
        assert_eq!(need(&pricing, Some("=on")), "flag new-pricing=on");
        assert_eq!(need(&pricing, None), "flag new-pricing");
    }
}
