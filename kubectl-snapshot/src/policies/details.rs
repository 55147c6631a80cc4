//! Details that policies look up beside a question, in the contract's words.

use std::collections::BTreeMap;

use snapshot_core::{
    canonical,
    environment::{ContainerEnvironment, PlaceValues, Resolver, Source},
    flag::{Flag, State},
    image,
    manifest::Kind,
    snapshot::{Container, InstanceRef, Snapshot, Spec},
};
use snapshot_policy_host::records::{
    self, Details, FlagState, Hidden, Image, InstanceImages, InstanceVariables, ObjectKey, Topic,
    Variable, Variables,
};

use super::{Facts, Place};

/// Adds the details of a topic that are not there yet.
pub(super) fn add(details: &mut Details, topic: Topic, facts: &Facts<'_>) {
    let spec = &facts.candidate.spec;
    match topic {
        Topic::Images => {
            details.images.get_or_insert_with(|| images(facts));
        }
        Topic::Environment => {
            let values = facts.place.as_ref().map(|place| place.values);
            details.environment.get_or_insert_with(|| environment(spec, values));
        }
        Topic::FlagStates => {
            let flags = || spec.flags.iter().map(|(key, flag)| flag_state(key, flag)).collect();
            details.flag_states.get_or_insert_with(flags);
        }
    }
}

fn images(facts: &Facts<'_>) -> Vec<InstanceImages> {
    let running: BTreeMap<_, _> = match facts.running {
        Some((_, Snapshot { spec, .. })) => {
            spec.instances().map(|one| (identity(one), one)).collect()
        }
        None => BTreeMap::new(),
    };
    let mut all: Vec<InstanceImages> = facts
        .candidate
        .spec
        .instances()
        .map(|one| {
            let key = identity(one);
            let there = running.get(&key).copied();
            let containers = one.instance.containers.iter();
            let images = containers
                .map(|(name, container)| image(name, container, (&key, there), facts.place));
            InstanceImages { instance: one.key(), images: images.collect() }
        })
        .collect();
    all.sort_by(|a, b| a.instance.cmp(&b.instance));
    all
}

fn identity(one: InstanceRef<'_>) -> (Kind, String) {
    (one.instance.kind, one.workload().to_owned())
}

fn image(
    name: &str,
    container: &Container,
    (key, there): (&(Kind, String), Option<InstanceRef<'_>>),
    place: Option<Place<'_>>,
) -> Image {
    let manifest = image::without_digest(container);
    let there = there.and_then(|one| one.instance.containers.get(name));
    let before = there.map(|there| {
        let by_tag = image::without_digest(there);
        let pin = place.and_then(|place| place.pins.get(key)?.get(name));
        pin.map_or(by_tag.clone(), |pin| format!("{by_tag}@{pin}"))
    });
    let planned = place.and_then(|place| place.written);
    let after = match planned {
        Some(written) => written.get(key).and_then(|images| images.get(name)).or(before.as_ref()),
        None => None,
    };
    Image {
        container: name.to_owned(),
        // To an empty place, all goes with its digest.
        after: after.cloned().unwrap_or_else(|| image::written(container)),
        manifest,
        ran: container.digest.clone(),
        before: before.filter(|_| planned.is_some()),
    }
}

fn environment(spec: &Spec, values: Option<&PlaceValues>) -> Vec<InstanceVariables> {
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

fn flag_state(key: &str, flag: &Flag) -> FlagState {
    let mut values = vec![canonical::text(&flag.value)];
    let variants = flag.variants.values().map(canonical::text);
    values.extend(variants.filter(|value| *value != canonical::text(&flag.value)));
    FlagState {
        key: key.to_owned(),
        state: match flag.state() {
            State::On => records::State::On,
            State::Off => records::State::Off,
            State::Some => records::State::Some,
            State::Unknown => records::State::Unknown,
        },
        targeting: flag.targeting.as_ref().map(canonical::text),
        values,
        source: flag.source.clone(),
    }
}
