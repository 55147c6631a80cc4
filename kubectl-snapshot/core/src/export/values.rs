//! Helm values of a set, by a mapping that says which value is what.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{ExportError, image_of, literal};
use crate::{
    image::ImageReference,
    manifest::{Kind, Manifest},
    pin::Pin,
    snapshot::{Container, Spec},
};

/// Paths of a chart's values: `tax.image.tag`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Mapping {
    /// `SERVICE/CONTAINER`, or `SERVICE/INSTANCE/CONTAINER` → the values of it.
    #[serde(default)]
    containers: BTreeMap<String, ContainerPaths>,
    /// Name of a ConfigMap → key → the value.
    #[serde(default)]
    config_maps: BTreeMap<String, BTreeMap<String, String>>,
}

impl Mapping {
    /// The mapping of what a set has.
    #[must_use]
    pub fn within(mut self, spec: &Spec) -> Self {
        let names = by_name(spec);
        self.containers.retain(|name, _| names.contains_key(name));
        let objects: BTreeSet<(Kind, String)> =
            spec.objects.values().filter_map(Manifest::identity).collect();
        self.config_maps.retain(|name, _| objects.contains(&(Kind::ConfigMap, name.clone())));
        self
    }
}

/// Paths of the values of one container.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ContainerPaths {
    /// The whole image: repository, tag and digest.
    image: Option<String>,
    /// The repository.
    repository: Option<String>,
    /// The tag.
    tag: Option<String>,
    /// The digest.
    digest: Option<String>,
    /// Environment variable → the value.
    #[serde(default)]
    env: BTreeMap<String, String>,
}

/// Values of a chart, and what of the set is in none of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Values {
    /// The values.
    pub values: Value,
    /// Containers whose image no value has: `SERVICE/CONTAINER`.
    pub unmapped: BTreeSet<String>,
}

/// The values by which a chart runs a set. Variables take the values chosen.
///
/// # Errors
/// The mapping names what the set does not have, or gives a value twice.
pub fn values(
    spec: &Spec,
    mapping: &Mapping,
    chosen: &BTreeMap<String, String>,
    pin: Pin,
) -> Result<Values, ExportError> {
    let mut found = Map::new();
    let mut unmapped: BTreeSet<String> =
        containers(spec).map(|(names, _)| names[0].clone()).collect();
    let by_name = by_name(spec);
    for (name, paths) in &mapping.containers {
        let Some(meant) = by_name.get(name) else {
            let known = containers(spec).map(|([name, _], _)| name).collect::<BTreeSet<_>>();
            return Err(ExportError::NoContainer {
                name: name.clone(),
                known: known.into_iter().collect(),
            });
        };
        let agreed = |what: &str, of: &dyn Fn(&Container) -> Option<String>| {
            let all: BTreeSet<Option<String>> = meant.iter().map(|(_, one)| of(one)).collect();
            match all.into_iter().collect::<Vec<_>>().as_slice() {
                [Some(value)] => Ok(value.clone()),
                [None] => Err(ExportError::Nothing { name: name.clone(), what: what.to_owned() }),
                _ => Err(ExportError::Ambiguous {
                    name: name.clone(),
                    what: what.to_owned(),
                    instances: meant.iter().map(|([_, whole], _)| whole.clone()).collect(),
                }),
            }
        };
        let part = |of: fn(ImageReference) -> Option<String>| {
            move |one: &Container| of(image_of(one, pin).parse().ok()?)
        };
        let mut set =
            |path: &Option<String>, what: &str, of: &dyn Fn(&Container) -> Option<String>| {
                let Some(path) = path else { return Ok(()) };
                put(&mut found, path, agreed(what, of)?)
            };
        set(&paths.image, "image", &|one| Some(image_of(one, pin)))?;
        set(&paths.repository, "repository", &part(|image| Some(image.repository)))?;
        set(&paths.tag, "tag", &part(|image| image.tag))?;
        set(&paths.digest, "digest", &|one| one.digest.clone())?;
        for (variable, path) in &paths.env {
            let value =
                |one: &Container| literal(one.env.get(variable)?, chosen).map(str::to_owned);
            set(&Some(path.clone()), variable, &value)?;
        }
        if paths.image.is_some() || paths.tag.is_some() || paths.digest.is_some() {
            for ([name, _], _) in meant {
                unmapped.remove(name);
            }
        }
    }
    let objects = spec.objects.values();
    let objects: BTreeMap<(Kind, String), &Manifest> = if mapping.config_maps.is_empty() {
        BTreeMap::new()
    } else {
        objects.filter_map(|one| Some((one.identity()?, one))).collect()
    };
    for (name, keys) in &mapping.config_maps {
        let map = objects.get(&(Kind::ConfigMap, name.clone()));
        let tree = map.map(|map| map.tree()).unwrap_or_default();
        for (key, path) in keys {
            let value = tree["data"].get(key).and_then(Value::as_str).ok_or_else(|| {
                ExportError::Nothing { name: format!("ConfigMap {name}"), what: key.clone() }
            })?;
            put(&mut found, path, value.to_owned())?;
        }
    }
    Ok(Values { values: Value::Object(found), unmapped })
}

/// The containers of a set by each of their names, with both.
fn by_name(spec: &Spec) -> BTreeMap<String, Vec<([String; 2], &Container)>> {
    let mut by_name: BTreeMap<String, Vec<([String; 2], &Container)>> = BTreeMap::new();
    for (names, container) in containers(spec) {
        for name in BTreeSet::from(names.clone()) {
            by_name.entry(name).or_default().push((names.clone(), container));
        }
    }
    by_name
}

/// Each container of a set with its short name and its whole one.
fn containers(spec: &Spec) -> impl Iterator<Item = ([String; 2], &Container)> {
    spec.instances().flat_map(|one| {
        let (service, instance) = (one.service, one.name.as_str());
        one.instance.containers.iter().map(move |(name, container)| {
            ([format!("{service}/{name}"), format!("{service}/{instance}/{name}")], container)
        })
    })
}

/// Puts a value at a path.
fn put(values: &mut Map<String, Value>, path: &str, value: String) -> Result<(), ExportError> {
    let refuse = || ExportError::Path { path: path.to_owned() };
    let mut steps: Vec<&str> = path.split('.').collect();
    let last = steps.pop().filter(|last| !last.is_empty()).ok_or_else(refuse)?;
    let mut at = values;
    for step in steps {
        let below = at.entry(step).or_insert_with(|| Value::Object(Map::new()));
        at = below.as_object_mut().ok_or_else(refuse)?;
    }
    let value = Value::from(value);
    match at.get(last) {
        // Two containers of one image may share a value.
        Some(there) if *there == value => Ok(()),
        Some(_) => Err(refuse()),
        None => {
            at.insert(last.to_owned(), value);
            Ok(())
        }
    }
}
