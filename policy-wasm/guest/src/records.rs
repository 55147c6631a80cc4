//! Convenience methods on the contract's records.

use crate::{Container, FeatureFlag, Instance, Snapshot, Subject};
use std::fmt;

impl Snapshot {
    /// The workloads of a service; several where it runs at several versions.
    pub fn instances_of<'a>(&'a self, service: &'a str) -> impl Iterator<Item = &'a Instance> {
        self.instances.iter().filter(move |instance| instance.service == service)
    }

    /// A flag by its key.
    #[must_use]
    pub fn flag(&self, key: &str) -> Option<&FeatureFlag> {
        self.feature_flags.iter().find(|flag| flag.key == key)
    }
}

impl Instance {
    /// `service/instance`, as people read it.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.service, self.name)
    }

    /// The instance as what a finding is about.
    #[must_use]
    pub fn subject(&self) -> Subject {
        Subject::Instance(self.key())
    }
}

impl Subject {
    /// The service's name, `service/instance`, or the flag's key.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Service(name) | Self::Instance(name) | Self::FeatureFlag(name) => name,
        }
    }

    /// The service it is or belongs to; none for a flag.
    #[must_use]
    pub fn service(&self) -> Option<&str> {
        match self {
            Self::Service(name) => Some(name),
            Self::Instance(key) => Some(key.split_once('/').map_or(key, |(service, _)| service)),
            Self::FeatureFlag(_) => None,
        }
    }
}

/// Short name of the image for people: the version, else the tag, else the commit in short
/// (`@3f2a91c`), else the digest or the repository.
impl fmt::Display for Container {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.version.as_ref().or(self.tag.as_ref()), &self.commit) {
            (Some(name), _) => f.write_str(name),
            (None, Some(commit)) => write!(f, "@{}", commit.get(..7).unwrap_or(commit)),
            (None, None) => f.write_str(self.digest.as_ref().unwrap_or(&self.image)),
        }
    }
}

/// Name of the subject in a message: `tax`, `tax/tax-canary`, `flag tax-call`.
impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::FeatureFlag(key) => write!(f, "flag {key}"),
            Self::Service(name) | Self::Instance(name) => f.write_str(name),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn subjects_are_named_as_messages_name_them() {
        let instance = Instance {
            service: "tax".to_owned(),
            name: "tax-canary".to_owned(),
            ..Instance::default()
        };
        assert_eq!(instance.subject().to_string(), "tax/tax-canary");
        assert_eq!(instance.subject().service(), Some("tax"));
        let flag = Subject::FeatureFlag("tax-call".to_owned());
        assert_eq!(flag.to_string(), "flag tax-call");
        assert_eq!((flag.name(), flag.service()), ("tax-call", None));
    }

    #[test]
    fn containers_are_named_by_what_is_known_of_them() {
        let mut container = Container { image: "shop/tax".to_owned(), ..Container::default() };
        assert_eq!(container.to_string(), "shop/tax");
        container.commit = Some("3f2a91c0d5e6".to_owned());
        assert_eq!(container.to_string(), "@3f2a91c");
        container.tag = Some("v1.4.1-alpine".to_owned());
        assert_eq!(container.to_string(), "v1.4.1-alpine");
        container.version = Some("1.4.1".to_owned());
        assert_eq!(container.to_string(), "1.4.1");
    }

    #[test]
    fn a_service_may_run_several_times() {
        let of = |service: &str, name: &str| Instance {
            service: service.to_owned(),
            name: name.to_owned(),
            ..Instance::default()
        };
        let snapshot = Snapshot {
            instances: vec![of("cart", "cart"), of("cart", "cart-canary"), of("tax", "tax")],
            ..Snapshot::default()
        };
        let names: Vec<&str> = snapshot.instances_of("cart").map(|it| it.name.as_str()).collect();
        assert_eq!(names, ["cart", "cart-canary"]);
        assert_eq!(snapshot.flag("tax-call"), None);
    }
}
