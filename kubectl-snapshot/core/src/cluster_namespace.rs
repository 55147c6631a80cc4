//! A namespace, and the kubeconfig's context of its cluster.

use std::{convert::Infallible, fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A namespace of a context: `CONTEXT/NAMESPACE`, or `NAMESPACE` alone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClusterNamespace {
    /// The context, whose own name may hold slashes and colons; none where the current one is
    /// meant.
    pub context: Option<String>,
    /// The namespace.
    pub namespace: String,
}

impl ClusterNamespace {
    /// A namespace of a context.
    #[must_use]
    pub fn new(context: &str, namespace: &str) -> Self {
        Self { context: Some(context.to_owned()), namespace: namespace.to_owned() }
    }
}

impl FromStr for ClusterNamespace {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        let (context, namespace) = match text.rsplit_once('/') {
            Some((context, namespace)) => (Some(context.to_owned()), namespace),
            None => (None, text),
        };
        Ok(Self { context, namespace: namespace.to_owned() })
    }
}

impl fmt::Display for ClusterNamespace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(context) = &self.context {
            write!(f, "{context}/")?;
        }
        f.write_str(&self.namespace)
    }
}

impl Serialize for ClusterNamespace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for ClusterNamespace {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_round_trips() {
        for (text, context, namespace) in [
            ("qa", None, "qa"),
            ("kind-a/qa", Some("kind-a"), "qa"),
            (
                "arn:aws:eks:eu-west-1:1:cluster/shop/qa",
                Some("arn:aws:eks:eu-west-1:1:cluster/shop"),
                "qa",
            ),
            ("kind-a/", Some("kind-a"), ""),
            ("/qa", Some(""), "qa"),
            ("", None, ""),
        ] {
            let read: ClusterNamespace = text.parse().unwrap();
            assert_eq!((read.context.as_deref(), read.namespace.as_str()), (context, namespace));
            assert_eq!(read.to_string(), text);
            let json = serde_json::to_string(&read).unwrap();
            assert_eq!(json, format!("\"{text}\""));
            assert_eq!(serde_json::from_str::<ClusterNamespace>(&json).unwrap(), read);
        }
    }
}
