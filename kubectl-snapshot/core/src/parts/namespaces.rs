//! Namespaces of a place: one, or one for each part of a set.

use std::{collections::BTreeMap, fmt, str::FromStr};

use serde::{Serialize, Serializer};

use super::{PartName, PartNameError};
use crate::cluster_namespace::ClusterNamespace;

/// The namespaces of a place: one, or one for each part of a set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Namespaces {
    /// One namespace, for sets of one.
    One(ClusterNamespace),
    /// A namespace for each part.
    Parts(PartNamespaces),
}

/// Namespaces by the aliases of the parts: two at least, and each for one part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartNamespaces(BTreeMap<PartName, ClusterNamespace>);

/// Error: a text names no namespaces of a place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NamespacesError {
    /// Nothing where the name of a namespace or context belongs.
    #[error("{0:?} is neither NAMESPACE nor CONTEXT/NAMESPACE")]
    Empty(String),
    /// Several namespaces, and nothing that tells which part each is.
    #[error(
        "{0:?} does not say which part each of the namespaces is, as shop=shop-prod,payments=pay-prod does"
    )]
    NoAliases(String),
    /// No alias and namespace.
    #[error("{0:?} is no part and its namespace, such as shop=shop-prod")]
    NoPair(String),
    /// A name that no part, or no namespace, can have.
    #[error(transparent)]
    Name(#[from] PartNameError),
    /// A part twice.
    #[error("the part {0} is there twice")]
    TwiceAPart(PartName),
    /// A namespace for two parts.
    #[error("the namespace {0} would be two parts")]
    TwoParts(ClusterNamespace),
    /// A single part.
    #[error("{0} would be the only part; the one namespace of a place has no alias")]
    OnePart(PartName),
}

impl PartNamespaces {
    /// Namespaces by alias.
    pub fn new(
        pairs: impl IntoIterator<Item = (PartName, ClusterNamespace)>,
    ) -> Result<Self, NamespacesError> {
        let mut namespaces: BTreeMap<PartName, ClusterNamespace> = BTreeMap::new();
        for (part, namespace) in pairs {
            if namespaces.values().any(|known| *known == namespace) {
                return Err(NamespacesError::TwoParts(namespace));
            }
            if namespaces.contains_key(&part) {
                return Err(NamespacesError::TwiceAPart(part));
            }
            namespaces.insert(part, namespace);
        }
        match namespaces.first_key_value() {
            None => Err(NamespacesError::Empty(String::new())),
            Some((only, _)) if namespaces.len() == 1 => Err(NamespacesError::OnePart(only.clone())),
            Some(_) => Ok(Self(namespaces)),
        }
    }

    /// The aliases, sorted.
    pub fn names(&self) -> impl Iterator<Item = &PartName> {
        self.0.keys()
    }

    /// Each namespace with its alias, sorted by alias.
    pub fn iter(&self) -> impl Iterator<Item = (&PartName, &ClusterNamespace)> {
        self.0.iter()
    }
}

impl FromStr for PartNamespaces {
    type Err = NamespacesError;

    /// Reads `shop=shop-prod,payments=eu-west/pay-prod`.
    fn from_str(text: &str) -> Result<Self, NamespacesError> {
        let pair = |pair: &str| {
            let no_pair = || NamespacesError::NoPair(pair.to_owned());
            let (part, namespace) = pair.split_once('=').ok_or_else(no_pair)?;
            let namespace = namespace_of(namespace.trim())?;
            // The alias is a part of what is captured; the namespace has to be one as well.
            namespace.namespace.parse::<PartName>()?;
            Ok((part.trim().parse()?, namespace))
        };
        let pairs: Result<Vec<_>, NamespacesError> = text.split(',').map(pair).collect();
        Self::new(pairs?)
    }
}

impl fmt::Display for PartNamespaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, (part, namespace)) in self.0.iter().enumerate() {
            let comma = if place == 0 { "" } else { "," };
            write!(f, "{comma}{part}={namespace}")?;
        }
        Ok(())
    }
}

impl FromStr for Namespaces {
    type Err = NamespacesError;

    fn from_str(text: &str) -> Result<Self, NamespacesError> {
        // A context may be called anything; a part is called like a namespace.
        let is_part = |(part, _): (&str, &str)| part.trim().parse::<PartName>().is_ok();
        if text.split_once('=').is_some_and(is_part) {
            return text.parse().map(Self::Parts);
        }
        let one = namespace_of(text)?;
        if one.namespace.contains(',') {
            return Err(NamespacesError::NoAliases(text.to_owned()));
        }
        Ok(Self::One(one))
    }
}

fn namespace_of(text: &str) -> Result<ClusterNamespace, NamespacesError> {
    let Ok(found) = text.parse::<ClusterNamespace>();
    if found.namespace.is_empty() || found.context.as_ref().is_some_and(String::is_empty) {
        return Err(NamespacesError::Empty(text.to_owned()));
    }
    Ok(found)
}

impl Namespaces {
    /// Each namespace, with its alias where there are several; sorted by alias.
    pub fn iter(&self) -> impl Iterator<Item = (Option<&PartName>, &ClusterNamespace)> {
        let (one, parts) = match self {
            Self::One(one) => (Some(one), None),
            Self::Parts(parts) => (None, Some(parts)),
        };
        let parts = parts.into_iter().flat_map(PartNamespaces::iter);
        one.into_iter().map(|one| (None, one)).chain(parts.map(|(part, one)| (Some(part), one)))
    }
}

impl fmt::Display for Namespaces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(one) => one.fmt(f),
            Self::Parts(parts) => parts.fmt(f),
        }
    }
}

/// The members of whatever has the namespaces: `namespace` and `context` of one, else `parts`.
impl Serialize for Namespaces {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum View<'a> {
            One {
                namespace: &'a str,
                #[serde(skip_serializing_if = "Option::is_none")]
                context: Option<&'a str>,
            },
            Parts {
                parts: &'a BTreeMap<PartName, ClusterNamespace>,
            },
        }
        match self {
            Self::One(ClusterNamespace { context, namespace }) => {
                View::One { namespace, context: context.as_deref() }
            }
            Self::Parts(PartNamespaces(parts)) => View::Parts { parts },
        }
        .serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn read(text: &str) -> Namespaces {
        text.parse().unwrap()
    }

    #[test]
    fn a_place_is_one_namespace_or_one_for_each_part() {
        for (text, json) in [
            ("shop", json!({"namespace": "shop"})),
            ("eu-west/shop", json!({"namespace": "shop", "context": "eu-west"})),
            (
                "payments=eu-west/pay-prod,shop=shop-prod",
                json!({"parts": {"payments": "eu-west/pay-prod", "shop": "shop-prod"}}),
            ),
            ("a:b=c/d/shop", json!({"namespace": "shop", "context": "a:b=c/d"})),
        ] {
            let namespaces = read(text);
            assert_eq!(namespaces.to_string(), text);
            assert_eq!(serde_json::to_value(&namespaces).unwrap(), json, "{text}");
        }
        // Whatever the order, it is the same place; people who write it by hand like blanks.
        assert_eq!(read("shop=b, payments=a"), read("payments=a,shop=b"));
        let parts = read("shop=b,payments=x/a");
        let of: Vec<String> = parts.iter().map(|(part, at)| format!("{part:?} {at}")).collect();
        assert_eq!(of.len(), 2);
        assert!(of[0].contains("payments") && of[0].ends_with("x/a"), "{of:?}");
        assert_eq!(read("x/a").iter().map(|(part, _)| part).collect::<Vec<_>>(), [None]);
    }

    #[test]
    fn what_names_no_place_says_why() {
        for (wrong, said) in [
            ("", "\"\" is neither NAMESPACE nor CONTEXT/NAMESPACE"),
            ("eu-west/", "\"eu-west/\" is neither NAMESPACE nor CONTEXT/NAMESPACE"),
            ("/shop", "\"/shop\" is neither NAMESPACE nor CONTEXT/NAMESPACE"),
            ("shop,payments", "\"shop,payments\" does not say which part"),
            ("shop=a,payments", "\"payments\" is no part and its namespace"),
            ("shop=a,payments=", "\"\" is neither"),
            ("shop=a,Pay=b", "\"Pay\" cannot be the name"),
            ("shop=a,pay=B", "\"B\" cannot be the name"),
            ("shop=a,shop=b", "the part shop is there twice"),
            ("shop=x/a,pay=x/a", "the namespace x/a would be two parts"),
            ("shop=a", "shop would be the only part"),
        ] {
            let error = wrong.parse::<Namespaces>().unwrap_err().to_string();
            assert!(error.starts_with(said), "{wrong}: {error}");
        }
    }
}
