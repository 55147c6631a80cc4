//! The flags of a whole set, from every system that it shows.

use serde_json::Value;

use super::{
    environment::{self, BindingError, Place},
    flagd::{self, FlagdError},
    lookup::Lookup,
    merge, openfeature,
};
use crate::domain::{
    assembly::Assembled,
    flag::Flag,
    manifest::{FLAGS, Kind, Manifest, Workload},
    snapshot::{InstanceRef, Spec},
};

/// Why the flags of a set cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum FlagError {
    /// Flag definitions that their system would refuse.
    #[error(transparent)]
    Flagd(#[from] FlagdError),
    /// A file that should hold flag definitions and is no JSON.
    #[error(
        "ConfigMap {config_map}, key {key} is named as flag definitions and is not valid JSON: {error}"
    )]
    NotJson {
        /// The ConfigMap's name.
        config_map: String,
        /// The key.
        key: String,
        /// What is wrong, with line and column.
        error: serde_json::Error,
    },
    /// An annotation that does not say which variables are flags.
    #[error("{workload}, annotation {FLAGS}: {error}")]
    Annotation {
        /// Kind and name of the workload.
        workload: String,
        /// What is wrong with it.
        error: BindingError,
    },
}

/// Flag definitions that stand in files of their own.
#[derive(Debug, Default)]
pub struct FlagSources(Vec<(String, Flag)>);

impl FlagSources {
    /// Takes the definitions of a file.
    pub fn add_file(&mut self, name: &str, definitions: &Value) -> Result<(), FlagError> {
        self.0.extend(flagd::parse(definitions, &format!("flagd:{name}"))?);
        Ok(())
    }
}

/// Whether a document that is no manifest holds flag definitions, be they wrong ones.
#[must_use]
pub fn is_flag_file(name: &str, document: &Value) -> bool {
    let has_flags =
        document.get("flags").is_some_and(|flags| flags.is_object() || flags.is_array());
    has_flags || flagd::looks_like_flagd(Some(name), document)
}

/// Reads the flags that the set's ConfigMaps, flag resources and workloads
/// define, and those of `files`, into the set.
pub fn read_set(assembled: &mut Assembled, files: FlagSources) -> Result<(), FlagError> {
    let mut definitions = files.0;
    for manifest in assembled.spec.objects.values() {
        match manifest.identity() {
            Some((Kind::ConfigMap, name)) => read_config_map(&name, manifest, &mut definitions)?,
            Some((Kind::FeatureFlag, _)) => {
                definitions.extend(openfeature::parse(&manifest.tree())?);
            }
            _ => {}
        }
    }
    let lookup = Lookup::new(&assembled.spec);
    for one in assembled.spec.instances() {
        read_annotation(&assembled.spec, one, &lookup, &mut definitions)?;
    }
    let merged = merge(definitions);
    assembled.spec.flags = merged.flags;
    assembled.warnings.extend(merged.warnings);
    Ok(())
}

fn read_config_map(
    name: &str,
    manifest: &Manifest,
    out: &mut Vec<(String, Flag)>,
) -> Result<(), FlagError> {
    if !manifest.text().contains("flags") {
        return Ok(());
    }
    let tree = manifest.tree();
    for (key, text) in tree.get("data").and_then(Value::as_object).into_iter().flatten() {
        let Some(text) = text.as_str().filter(|text| text.trim_start().starts_with('{')) else {
            continue;
        };
        let document = match serde_json::from_str::<Value>(text) {
            Ok(document) => document,
            Err(error) if key.ends_with(".flagd.json") => {
                return Err(FlagError::NotJson {
                    config_map: name.to_owned(),
                    key: key.clone(),
                    error,
                });
            }
            // Not every text that begins with a brace means to be JSON.
            Err(_) => continue,
        };
        if flagd::looks_like_flagd(Some(key), &document) {
            out.extend(flagd::parse(&document, &format!("flagd:{name}/{key}"))?);
        }
    }
    Ok(())
}

fn read_annotation(
    spec: &Spec,
    one: InstanceRef<'_>,
    lookup: &Lookup<'_>,
    out: &mut Vec<(String, Flag)>,
) -> Result<(), FlagError> {
    let Some(manifest) =
        spec.objects.get(&one.instance.manifest).filter(|manifest| manifest.text().contains(FLAGS))
    else {
        return Ok(());
    };
    let tree = manifest.tree();
    let Some(workload) = Workload::of(one.instance.kind, &tree) else { return Ok(()) };
    let Some(annotation) = workload.annotation(FLAGS) else { return Ok(()) };
    let main = workload.main_container();
    let others =
        workload.containers().map(|container| container.name).filter(|name| Some(*name) != main);
    let containers: Vec<&str> = main.into_iter().chain(others).collect();
    let place = Place { service: one.service, instance: one.name, containers: &containers };
    let flags = environment::read(annotation, place, |container, name| {
        lookup.find(&workload, container, name)
    })
    .map_err(|error| FlagError::Annotation {
        workload: format!("{} {}", one.instance.kind, one.workload()),
        error,
    })?;
    out.extend(flags);
    Ok(())
}
