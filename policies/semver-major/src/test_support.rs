//! The shop of the story, in parts, for the tests.

use snapshot_policy::{
    CompatibilityPolicy, CompatibilityQuestion, Container, Finding, Fulfilment, Instance,
    Requirement, Snapshot, Subject,
};

pub(crate) fn container(name: &str, image: &str, version: &str) -> Container {
    Container {
        name: name.to_owned(),
        image: image.to_owned(),
        version: Some(version.to_owned()),
        ..Container::default()
    }
}

/// One container, named like the service.
pub(crate) fn instance(key: &str, version: &str) -> Instance {
    let (service, name) = key.split_once('/').unwrap();
    Instance {
        service: service.to_owned(),
        name: name.to_owned(),
        containers: vec![container(service, &format!("shop/{service}"), version)],
        ..Instance::default()
    }
}

/// Instances by key, with their versions; a version of seven letters is a commit.
pub(crate) fn set(instances: &[(&str, &str)]) -> Snapshot {
    let mut instances: Vec<Instance> = instances
        .iter()
        .map(|(key, version)| {
            let mut instance = instance(key, version);
            if version.len() == 7 {
                let container = &mut instance.containers[0];
                (container.version, container.commit) = (None, Some((*version).to_owned()));
            }
            instance
        })
        .collect();
    instances.sort_by(|a, b| (&a.service, &a.name).cmp(&(&b.service, &b.name)));
    Snapshot { instances, ..Snapshot::default() }
}

/// `dependent`, an instance's key or a flag's, needs the service `tax`.
pub(crate) fn needs_tax(dependent: &str) -> Requirement {
    let name = dependent.to_owned();
    Requirement {
        dependent: if name.contains('/') {
            Subject::Instance(name)
        } else {
            Subject::FeatureFlag(name)
        },
        dependency: Subject::Service("tax".to_owned()),
        condition: None,
        active: true,
        state: Fulfilment::Met,
        found: String::new(),
    }
}

/// `cart/cart` needs `tax`, in this set.
pub(crate) fn question(candidate: Snapshot) -> CompatibilityQuestion {
    CompatibilityQuestion {
        candidate,
        requirements: vec![needs_tax("cart/cart")],
        ..CompatibilityQuestion::default()
    }
}

pub(crate) fn findings(question: &CompatibilityQuestion) -> Vec<Finding> {
    crate::SemverMajor::check(question).unwrap()
}

/// Findings as text: `severity code: message`.
pub(crate) fn said(question: &CompatibilityQuestion) -> Vec<String> {
    findings(question).iter().map(Finding::to_string).collect()
}
