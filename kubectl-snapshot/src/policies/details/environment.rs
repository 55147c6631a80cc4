//! Environment that pods will have.

use std::collections::BTreeMap;

use snapshot_core::{
    canonical,
    environment::{ContainerEnvironment, PlaceValues, Resolver, Source},
    snapshot::Spec,
};
use snapshot_policy_host::records::{
    self, Hidden, InstanceVariables, ObjectKey, Variable, Variables,
};

pub(super) fn environment(spec: &Spec, values: Option<&PlaceValues>) -> Vec<InstanceVariables> {
    let resolver = Resolver::new(spec, values);
    let mut all: Vec<InstanceVariables> = spec
        .instances()
        .map(|one| InstanceVariables {
            instance: one.key(),
            variables: variables(resolver.of(one)),
        })
        .collect();
    all.sort_by(|a, b| a.instance.cmp(&b.instance));
    all
}

fn variables(containers: BTreeMap<String, ContainerEnvironment>) -> Variables {
    let mut variables = Variables::default();
    for (container, environment) in containers {
        let hidden = environment.hidden.into_iter().map(|hidden| Hidden {
            container: container.clone(),
            object: hidden.object,
            prefix: hidden.prefix,
        });
        variables.hidden.extend(hidden);
        variables.entries.extend(environment.entries.into_iter().map(|(name, entry)| {
            let (value, unknown) = match entry.value {
                Ok(value) => (Some(value), None),
                Err(reason) => (None, Some(reason)),
            };
            let source = source(entry.source);
            Variable { container: container.clone(), name, value, source, unknown }
        }));
    }
    variables
}

fn source(source: Source) -> records::Source {
    match source {
        Source::Manifest => records::Source::Manifest,
        Source::Variable(name) => records::Source::Variable(name),
        Source::ConfigMap(object, key) => records::Source::ConfigMap(ObjectKey { object, key }),
        Source::Secret(object, key) => records::Source::Secret(ObjectKey { object, key }),
        Source::Other(reference) => records::Source::Other(canonical::text(&reference)),
    }
}
