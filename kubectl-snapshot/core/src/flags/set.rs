//! The flags of a whole set, from every system that it shows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    environment::{self, BindingError, Place},
    flagd::{self, FlagdError},
    lookup::Lookup,
    merge, openfeature,
};
use crate::{
    assembly::Assembled,
    flag::Flag,
    manifest::{FLAGS, Kind, Manifest, Workload, without_hash},
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
    let superseded = superseded(&assembled.spec);
    for manifest in assembled.spec.objects.values() {
        match manifest.identity() {
            Some((Kind::ConfigMap, name)) if !superseded.contains(&name) => {
                read_config_map(&name, manifest, &mut definitions)?;
            }
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

/// ConfigMaps that kustomize gave another name since: no workload names them,
/// but one that is called the same save for the hash.
fn superseded(spec: &Spec) -> BTreeSet<String> {
    let used: BTreeSet<&str> =
        spec.instances().flat_map(|one| one.instance.configs.keys()).map(String::as_str).collect();
    let mut versions: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for manifest in spec.objects.values() {
        if let Some((Kind::ConfigMap, name)) = manifest.identity()
            && without_hash(&name) != name
        {
            versions.entry(without_hash(&name).to_owned()).or_default().push(name);
        }
    }
    let is_used = |name: &String| used.contains(name.as_str());
    let renamed = versions.into_values().filter(|names| names.iter().any(is_used));
    renamed.flatten().filter(|name| !is_used(name)).collect()
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
        let (text, named_so) = (text.as_str().unwrap_or_default(), key.ends_with(".flagd.json"));
        if !named_so && !text.trim_start().starts_with('{') {
            continue;
        }
        let document = match serde_json::from_str::<Value>(text) {
            Ok(document) => document,
            Err(error) if named_so => {
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
        lookup.find(one.instance, &workload, container, name)
    })
    .map_err(|error| FlagError::Annotation {
        workload: format!("{} {}", one.instance.kind, one.workload()),
        error,
    })?;
    out.extend(flags);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assembly::{Assembly, CaptureOptions};
    use serde_json::json;

    fn read(objects: &[Value]) -> Result<Assembled, FlagError> {
        let mut assembly = Assembly::new(CaptureOptions::default());
        for object in objects {
            let kind = object["kind"].as_str().and_then(Kind::named).expect("a kind");
            assembly.add(kind, object.clone()).expect("an object");
        }
        let mut assembled = assembly.finish();
        read_set(&mut assembled, FlagSources::default()).map(|()| assembled)
    }

    fn definitions(on: &str) -> String {
        let flag = json!({"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": on});
        json!({"flags": {"tax-call": flag}}).to_string()
    }

    fn config_map(name: &str, key: &str, text: &str) -> Value {
        json!({"kind": "ConfigMap", "metadata": {"name": name}, "data": {key: text}})
    }

    fn cart(annotation: &str, config: &str, env: &Value) -> Value {
        json!({
            "kind": "Deployment",
            "metadata": {"name": "cart", "annotations": {FLAGS: annotation}},
            "spec": {"template": {"spec": {
                "containers": [{"name": "proxy", "image": "envoy:1.30"}, {"name": "cart", "image": "shop/cart:2", "env": env}],
                "volumes": [{"name": "flags", "configMap": {"name": config}}],
            }}},
        })
    }

    #[test]
    fn every_system_of_a_set_is_asked() {
        let resource = json!({
            "kind": "FeatureFlag", "metadata": {"name": "operator"},
            "spec": {"flagSpec": serde_json::from_str::<Value>(&definitions("off").replace("tax-call", "new-pricing")).unwrap()},
        });
        let cart = cart("PROFILER=profiler", "none", &json!([{"name": "PROFILER", "value": ""}]));
        let assembled =
            read(&[config_map("flags", "shop.flagd.json", &definitions("on")), resource, cart])
                .unwrap();
        let found: Vec<_> = assembled
            .spec
            .flags
            .iter()
            .map(|(key, flag)| (key.as_str(), flag.is_on(), flag.source.as_str()))
            .collect();
        assert_eq!(
            found,
            [
                ("new-pricing", false, "featureflag:operator"),
                ("profiler", false, "env:cart/cart/cart/PROFILER"),
                ("tax-call", true, "flagd:flags/shop.flagd.json"),
            ]
        );
        assert!(assembled.warnings.is_empty(), "{:?}", assembled.warnings);
    }

    #[test]
    fn flags_of_earlier_releases_are_history() {
        let [old, new] = ["shop-flags-2222222222", "shop-flags-fhm9f7tdt5"];
        let versions = [
            config_map(old, "flags.json", &definitions("on")),
            config_map(new, "flags.json", &definitions("off")),
        ];
        let [first, second] = versions;
        let found = read(&[first.clone(), second.clone(), cart("", new, &json!([]))]).unwrap();
        assert!(!found.spec.flags["tax-call"].is_on());
        assert!(found.warnings.is_empty(), "{:?}", found.warnings);
        let unclear = read(&[first, second]).unwrap();
        assert!(unclear.spec.flags["tax-call"].is_on(), "which one counts is not known");
        assert_eq!(unclear.warnings.len(), 1);
    }

    #[test]
    fn what_is_named_as_definitions_must_be_some() {
        for text in ["{", "flags: {}", ""] {
            let error = read(&[config_map("flags", "shop.flagd.json", text)])
                .map(|_| ())
                .unwrap_err()
                .to_string();
            let expected = "ConfigMap flags, key shop.flagd.json is named as flag definitions and is not valid JSON: ";
            assert!(error.starts_with(expected), "{error}");
        }
        for text in ["{ \"flags\": not JSON", "flags", "{\"flags\": 1}"] {
            assert!(
                read(&[config_map("flags", "app.yaml", text)]).unwrap().spec.flags.is_empty(),
                "{text}"
            );
        }
    }

    #[test]
    fn a_wrong_annotation_names_its_workload() {
        let error =
            read(&[cart("tax >=1.4", "none", &json!([]))]).map(|_| ()).unwrap_err().to_string();
        assert!(
            error.starts_with("Deployment cart, annotation kubectl-snapshot.dev/flags: "),
            "{error}"
        );
    }
}
