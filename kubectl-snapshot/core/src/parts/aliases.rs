//! Aliases of parts at a place that has its own names.

use std::{collections::BTreeMap, str::FromStr};

use super::{PartName, PartNameError, PartNamespaces};

/// Aliases by the namespaces that they stand for at a place: `shop=shop-prod,payments=pay-prod`.
///
/// Each alias stands for one namespace, and each namespace has one alias.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aliases(BTreeMap<PartName, PartName>);

/// Error: a text maps no aliases to namespaces.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AliasError {
    /// No alias and namespace.
    #[error("{0:?} is no alias and namespace, such as shop=shop-prod")]
    NoPair(String),
    /// A name that no namespace can have.
    #[error(transparent)]
    Name(#[from] PartNameError),
    /// An alias, or a namespace, twice.
    #[error("{0} is there twice")]
    Twice(PartName),
}

impl FromStr for Aliases {
    type Err = AliasError;

    fn from_str(text: &str) -> Result<Self, AliasError> {
        let mut aliases: BTreeMap<PartName, PartName> = BTreeMap::new();
        for pair in text.split(',') {
            let (alias, namespace) =
                pair.split_once('=').ok_or_else(|| AliasError::NoPair(pair.to_owned()))?;
            let (alias, namespace): (PartName, PartName) = (alias.parse()?, namespace.parse()?);
            if aliases.values().any(|known| *known == alias) {
                return Err(AliasError::Twice(alias));
            }
            if aliases.insert(namespace.clone(), alias).is_some() {
                return Err(AliasError::Twice(namespace));
            }
        }
        Ok(Self(aliases))
    }
}

impl From<&PartNamespaces> for Aliases {
    /// The aliases that a place has for its namespaces, whatever their contexts.
    fn from(namespaces: &PartNamespaces) -> Self {
        let named = namespaces.iter().filter_map(|(alias, at)| {
            let namespace = at.namespace.parse().ok()?;
            Some((namespace, alias.clone()))
        });
        Self(named.collect())
    }
}

impl Aliases {
    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The namespaces that have an alias, sorted.
    pub fn namespaces(&self) -> impl Iterator<Item = &PartName> {
        self.0.keys()
    }

    /// The alias of a namespace: its own name, unless it is given another one.
    #[must_use]
    pub fn of<'a>(&'a self, namespace: &'a PartName) -> &'a PartName {
        self.0.get(namespace).unwrap_or(namespace)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> PartName {
        text.parse().unwrap()
    }

    #[test]
    fn a_namespace_without_an_alias_has_its_own_name() {
        let aliases: Aliases = "shop=shop-prod,payments=pay-prod".parse().unwrap();
        assert_eq!(aliases.of(&name("shop-prod")), &name("shop"));
        assert_eq!(aliases.of(&name("platform")), &name("platform"));
        let namespaces: Vec<&str> = aliases.namespaces().map(AsRef::as_ref).collect();
        assert_eq!(namespaces, ["pay-prod", "shop-prod"]);
        let of_place: PartNamespaces = "shop=shop-prod,payments=eu/pay-prod".parse().unwrap();
        assert_eq!(Aliases::from(&of_place), aliases);
        assert!(Aliases::default().is_empty() && !aliases.is_empty());
    }

    #[test]
    fn one_alias_is_one_namespace() {
        for (wrong, error) in [
            ("shop", "\"shop\" is no alias and namespace, such as shop=shop-prod"),
            ("a=x,a=y", "a is there twice"),
            ("a=x,b=x", "x is there twice"),
            ("A=x", "\"A\" cannot be the name of a namespace"),
        ] {
            let said = wrong.parse::<Aliases>().unwrap_err().to_string();
            assert!(said.starts_with(error), "{wrong}: {said}");
        }
    }
}
