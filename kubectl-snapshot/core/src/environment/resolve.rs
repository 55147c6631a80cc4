//! Resolution of what manifests say of the environment.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{
    ContainerEnvironment, Entry, Hidden, PlaceValues, Source, ValuesHere,
    expand::{Piece, pieces},
};
use crate::{
    manifest::{ContainerView, Kind, Manifest, Workload},
    snapshot::{Container, EnvValue, Instance, InstanceRef, Spec},
};

/// Resolves the environment of a set's instances at one place.
pub struct Resolver<'a> {
    set: &'a Spec,
    place: Option<&'a PlaceValues>,
    config_maps: BTreeMap<String, Map<String, Value>>,
}

/// Values at the place, of one workload.
struct Here<'a> {
    place: Option<&'a PlaceValues>,
    workload: Option<&'a ValuesHere>,
}

impl<'a> Resolver<'a> {
    /// A resolver for a set; what variables hold is not known without a place.
    #[must_use]
    pub fn new(set: &'a Spec, place: Option<&'a PlaceValues>) -> Self {
        let mut config_maps = BTreeMap::new();
        for manifest in set.objects.values() {
            if let Some((Kind::ConfigMap, name)) = manifest.identity() {
                let mut tree = manifest.tree();
                let data = tree.get_mut("data").and_then(Value::as_object_mut).map(std::mem::take);
                config_maps.insert(name, data.unwrap_or_default());
            }
        }
        Self { set, place, config_maps }
    }

    /// The environment of an instance, by container.
    #[must_use]
    pub fn of(&self, one: InstanceRef<'_>) -> BTreeMap<String, ContainerEnvironment> {
        let instance = one.instance;
        let tree = self.set.objects.get(&instance.manifest).map(Manifest::tree);
        let view = tree.as_ref().and_then(|tree| Workload::of(instance.kind, tree));
        let key = (instance.kind, one.workload().to_owned());
        let workload = self.place.and_then(|place| place.here.get(&key));
        let here = Here { place: self.place, workload };
        let containers = view.iter().flat_map(Workload::containers);
        containers
            .filter_map(|view| {
                let container = instance.containers.get(view.name)?;
                Some((view.name.to_owned(), self.of_container(&view, container, &here)))
            })
            .collect()
    }

    /// The environment of one container, at no place; none where the workload has no such one.
    pub(crate) fn of_one(
        &self,
        instance: &Instance,
        workload: &Workload<'_>,
        container: &str,
    ) -> Option<ContainerEnvironment> {
        let view = workload.containers().find(|view| view.name == container)?;
        let here = Here { place: None, workload: None };
        Some(self.of_container(&view, instance.containers.get(container)?, &here))
    }

    fn of_container(
        &self,
        view: &ContainerView<'_>,
        container: &Container,
        here: &Here<'_>,
    ) -> ContainerEnvironment {
        let mut environment = ContainerEnvironment::default();
        for source in view.env_from() {
            self.add_all(&mut environment, source);
        }
        for (name, value, reference) in view.env() {
            let entry = match (container.env.get(name), reference) {
                (Some(EnvValue::Variable { variable }), _) => {
                    self.variable(&environment, (view.name, name), variable, here)
                }
                (_, Some(reference)) => self.reference(reference),
                (_, None) => Some(Entry {
                    value: expanded(&environment, value.unwrap_or_default()),
                    source: Source::Manifest,
                }),
            };
            if let Some(entry) = entry {
                environment.entries.insert(name.to_owned(), entry);
            }
        }
        environment
    }

    /// Adds what one source of `envFrom` has.
    fn add_all(&self, environment: &mut ContainerEnvironment, source: &Value) {
        let prefix = source.get("prefix").and_then(Value::as_str).unwrap_or_default();
        let named =
            |member: &str| source.pointer(&format!("/{member}/name")).and_then(Value::as_str);
        if let Some(name) = named("configMapRef") {
            if let Some(data) = self.config_maps.get(name) {
                environment.entries.extend(data.iter().map(|(key, value)| {
                    let value = Ok(value.as_str().unwrap_or_default().to_owned());
                    let source = Source::ConfigMap(name.to_owned(), key.clone());
                    (format!("{prefix}{key}"), Entry { value, source })
                }));
            } else {
                hide(environment, format!("ConfigMap {name}"), prefix);
            }
        }
        if let Some(name) = named("secretRef") {
            hide(environment, format!("Secret {name}"), prefix);
        }
    }

    /// The value of a variable: the one chosen, else what stands at the place.
    fn variable(
        &self,
        environment: &ContainerEnvironment,
        (container, name): (&str, &str),
        variable: &str,
        here: &Here<'_>,
    ) -> Option<Entry> {
        let source = Source::Variable(variable.to_owned());
        let Some(place) = here.place else {
            let value = Err("the place is not known that the variable belongs to".to_owned());
            return Some(Entry { value, source });
        };
        if let Some(value) = place.chosen.get(variable) {
            return Some(Entry { value: expanded(environment, value), source });
        }
        let key = (container.to_owned(), name.to_owned());
        match here.workload.and_then(|values| values.get(&key)) {
            Some(EnvValue::Literal(value)) => {
                Some(Entry { value: expanded(environment, value), source })
            }
            Some(EnvValue::Reference(reference)) => self.reference(reference),
            Some(EnvValue::Variable { .. }) | None => {
                Some(Entry { value: Err("the variable has no value there".to_owned()), source })
            }
        }
    }

    /// The value behind `valueFrom`; none where it may be absent and is.
    fn reference(&self, reference: &Value) -> Option<Entry> {
        let part = |kind: &str, member: &str| {
            reference.pointer(&format!("/{kind}/{member}")).and_then(Value::as_str)
        };
        let named = |kind: &str| Some((part(kind, "name")?, part(kind, "key")?));
        if let Some((name, key)) = named("configMapKeyRef") {
            let optional =
                reference.pointer("/configMapKeyRef/optional") == Some(&Value::Bool(true));
            let data = self.config_maps.get(name);
            let found = data.map(|data| data.get(key).and_then(Value::as_str));
            let value = match found {
                Some(Some(value)) => Ok(value.to_owned()),
                Some(None) if optional => return None,
                Some(None) => Err(format!("ConfigMap {name} has no key {key}")),
                None => Err(format!("the set has no ConfigMap {name}")),
            };
            let source = Source::ConfigMap(name.to_owned(), key.to_owned());
            return Some(Entry { value, source });
        }
        if let Some((name, key)) = named("secretKeyRef") {
            let value = Err("it is a secret".to_owned());
            let source = Source::Secret(name.to_owned(), key.to_owned());
            return Some(Entry { value, source });
        }
        let value = Err("the cluster gives it to each pod".to_owned());
        Some(Entry { value, source: Source::Other(reference.clone()) })
    }
}

/// Adds a source whose names are not known. It may have any of the names before it, too.
fn hide(environment: &mut ContainerEnvironment, object: String, prefix: &str) {
    let covered = environment.entries.iter_mut().filter(|(name, _)| name.starts_with(prefix));
    for (_, entry) in covered {
        entry.value = Err(format!("{object}, which comes after it, may have it as well"));
    }
    environment.hidden.push(Hidden { object, prefix: prefix.to_owned() });
}

/// A value with the variables that it refers to, which come before it.
fn expanded(environment: &ContainerEnvironment, value: &str) -> Result<String, String> {
    let mut text = String::with_capacity(value.len());
    for piece in pieces(value) {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Name(name) => match environment.entries.get(name) {
                Some(Entry { value: Ok(value), .. }) => text.push_str(value),
                Some(Entry { value: Err(_), .. }) => {
                    return Err(format!("it refers to {name}, whose value is not known"));
                }
                None if may_come_from(environment, name) => {
                    return Err(format!("it refers to {name}, which nobody knows"));
                }
                None => {
                    text.push_str("$(");
                    text.push_str(name);
                    text.push(')');
                }
            },
        }
    }
    Ok(text)
}

fn may_come_from(environment: &ContainerEnvironment, name: &str) -> bool {
    environment.hidden.iter().any(|hidden| name.starts_with(&hidden.prefix))
}

/// The entries for some variables of a set that has their values.
#[must_use]
pub fn values_here(
    live: &Spec,
    variables: &BTreeSet<String>,
) -> BTreeMap<(Kind, String), ValuesHere> {
    let mut here = BTreeMap::new();
    if variables.is_empty() {
        return here;
    }
    for one in live.instances() {
        let mut values = ValuesHere::new();
        for (name, container) in &one.instance.containers {
            let of_place = container.env.iter().filter(|(name, _)| variables.contains(*name));
            values.extend(
                of_place.map(|(variable, value)| ((name.clone(), variable.clone()), value.clone())),
            );
        }
        if !values.is_empty() {
            here.insert((one.instance.kind, one.workload().to_owned()), values);
        }
    }
    here
}
