//! The shop of the story, in parts, for the tests.

use snapshot_policy::{
    Container, Fulfilment, ImageChange, Instance, Order, Requirement, Snapshot, Subject,
};

pub(crate) fn service(name: &str) -> Subject {
    Subject::Service(name.to_owned())
}

pub(crate) fn instance(key: &str) -> Subject {
    Subject::Instance(key.to_owned())
}

pub(crate) fn flag(key: &str) -> Subject {
    Subject::FeatureFlag(key.to_owned())
}

/// An active requirement that does not hold.
pub(crate) fn needs(dependent: Subject, dependency: Subject, condition: &str) -> Requirement {
    Requirement {
        dependent,
        dependency,
        condition: Some(condition.to_owned()),
        active: true,
        state: Fulfilment::Unmet,
        found: String::new(),
    }
}

/// An active requirement that holds.
pub(crate) fn holds(dependent: Subject, dependency: Subject, condition: &str) -> Requirement {
    Requirement { state: Fulfilment::Met, ..needs(dependent, dependency, condition) }
}

/// One instance of each service, named like it.
pub(crate) fn runs(services: &[&str]) -> Snapshot {
    let instance = |service: &&str| Instance {
        service: (*service).to_owned(),
        name: (*service).to_owned(),
        ..Instance::default()
    };
    Snapshot { instances: services.iter().map(instance).collect(), ..Snapshot::default() }
}

pub(crate) fn version(version: &str) -> Container {
    Container { version: Some(version.to_owned()), ..Container::default() }
}

pub(crate) fn commit(commit: &str) -> Container {
    Container { commit: Some(commit.to_owned()), ..Container::default() }
}

/// An update of one container to something newer.
pub(crate) fn update(before: Container, after: Container) -> ImageChange {
    ImageChange { container: "app".to_owned(), before, after, order: Order::Newer }
}
