//! The flags of a whole set, from every system that it shows.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{
    error::FlagError,
    lookup::Lookup,
    merge::{Merged, merge},
    served::ServedFlags,
    system::{Definitions, Object},
    systems::SYSTEMS,
};
use crate::{
    manifest::{Kind, without_hash},
    snapshot::Spec,
};

/// Flag definitions that stand in no object: in files of their own, or served by a system.
#[derive(Debug, Default)]
pub struct FlagFiles(Definitions);

impl FlagFiles {
    /// Takes the definitions of a file that holds no manifest; none where it holds no
    /// definitions either, be they wrong ones.
    pub fn add(&mut self, name: &str, document: &Value) -> Option<Result<(), FlagError>> {
        let mut read = SYSTEMS.iter().find_map(|system| system.read_file(name, document))?;
        if !read.faults.is_empty() {
            return Some(Err(read.faults.remove(0)));
        }
        self.0.extend(read);
        Some(Ok(()))
    }

    /// Takes what a system serves, beside the files.
    pub(crate) fn add_served(&mut self, served: ServedFlags) {
        self.0.extend(served.into_definitions());
    }
}

/// The flags of a set.
#[derive(Debug, Default)]
pub(crate) struct SetFlags {
    /// The flags by key, and where their sources contradict each other.
    pub(crate) merged: Merged,
    /// Faults of definitions that are there and cannot be read.
    pub(crate) faults: Vec<FlagError>,
}

impl SetFlags {
    /// The flags, which must all be such as can be read.
    pub(crate) fn strict(mut self) -> Result<Merged, FlagError> {
        if self.faults.is_empty() { Ok(self.merged) } else { Err(self.faults.remove(0)) }
    }

    /// The flags, with a warning about each fault, and the origins whose flags nobody knows.
    pub(crate) fn lenient(mut self) -> (Merged, Vec<(String, String)>) {
        let mut hidden = Vec::new();
        for fault in self.faults {
            self.merged.warnings.push(format!(
                "{fault}; it is kept as one that cannot be read, and policies do not decide about it"
            ));
            hidden.extend(fault.hidden().map(|origin| (origin.to_owned(), fault.to_string())));
        }
        (self.merged, hidden)
    }
}

/// The flags that the set's ConfigMaps, flag resources and workloads define, and those of `files`.
pub(crate) fn read(spec: &Spec, files: FlagFiles) -> SetFlags {
    let mut found = files.0;
    let mut take = |(kind, name): (Kind, &str), mut more: Definitions| {
        more.faults = more.faults.into_iter().map(|fault| fault.within(kind, name)).collect();
        found.extend(more);
    };
    let superseded = superseded(spec);
    for manifest in spec.objects.values() {
        let Some((kind, name)) = manifest.identity() else { continue };
        if kind == Kind::ConfigMap && superseded.contains(&name) {
            continue;
        }
        let object = Object::new(kind, &name, manifest);
        for system in SYSTEMS {
            take((kind, &name), system.read_object(&object));
        }
    }
    let lookup = Lookup::new(spec);
    for one in spec.instances() {
        for system in SYSTEMS {
            take((one.instance.kind, one.workload()), system.read_instance(one, &lookup));
        }
    }
    let mut merged = merge(found.flags);
    merged.warnings.extend(found.warnings);
    SetFlags { merged, faults: found.faults }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        assembly::{Assembled, Assembly, CaptureOptions},
        manifest::FLAGS,
    };
    use serde_json::json;

    fn read(objects: &[Value]) -> Result<Assembled, FlagError> {
        let mut assembly = Assembly::new(CaptureOptions::default());
        for object in objects {
            let kind = object["kind"].as_str().and_then(Kind::named).expect("a kind");
            assembly.add(kind, object.clone()).expect("an object");
        }
        assembly.finish()
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
    fn in_a_cluster_what_cannot_be_read_is_said_and_kept() {
        let mut stale = serde_json::from_str::<Value>(&definitions("on")).unwrap();
        let targeting = json!({"if": [{"$ref": "staff"}, "on"]});
        stale["flags"]["stale"] =
            json!({"state": "ENABLED", "variants": {"on": true}, "targeting": targeting});
        let mut assembly =
            Assembly::new(CaptureOptions { lenient: true, ..CaptureOptions::default() });
        for object in [
            config_map("flags", "shop.flagd.json", &stale.to_string()),
            config_map("broken", "shop.flagd.yaml", "flags: ["),
            cart("tax >=1.4", "none", &json!([])),
        ] {
            let kind = object["kind"].as_str().and_then(Kind::named).expect("a kind");
            assembly.add(kind, object.clone()).expect("an object");
        }
        let found = assembly.finish().unwrap();
        assert!(found.spec.flags["tax-call"].is_on());
        assert!(found.spec.flags["stale"].unreadable.is_some());
        let hidden: Vec<&str> = found.spec.unreadable_flags().map(|(origin, _)| origin).collect();
        assert_eq!(hidden, ["env:cart/cart", "flagd:broken/shop.flagd.yaml"]);
        for (place, warnings) in [
            ("ConfigMap broken, key shop.flagd.yaml", 1),
            ("flagd:flags/shop.flagd.json: flag stale", 1),
            ("Deployment cart, annotation", 1),
        ] {
            let about = found.warnings.iter().filter(|warning| warning.contains(place));
            assert_eq!(about.count(), warnings, "{place}: {:?}", found.warnings);
        }
    }

    #[test]
    fn of_what_flagd_refuses_whole_nothing_is_known() {
        let mut refused = serde_json::from_str::<Value>(&definitions("off")).unwrap();
        refused["flags"]["wrong"] = json!({"variants": {"on": true}, "defaultVariant": "of"});
        let flags = config_map("flags", "shop.flagd.json", &refused.to_string());
        let mut assembly =
            Assembly::new(CaptureOptions { lenient: true, ..CaptureOptions::default() });
        assembly.add(Kind::ConfigMap, flags.clone()).expect("an object");
        let found = assembly.finish().unwrap();
        let flag = &found.spec.flags["tax-call"];
        assert!(flag.is_on() && flag.unreadable.is_some(), "what flagd had may have it on");
        let (origin, reason) = found.spec.unreadable_flags().next().unwrap();
        assert_eq!(origin, "flagd:flags/shop.flagd.json");
        assert!(reason.contains("so flagd refuses it with every flag beside it"), "{reason}");
        assert_eq!(found.warnings.len(), 1, "{:?}", found.warnings);
        let mend = read(&[flags]).map(|_| ()).unwrap_err().to_string();
        assert!(mend.ends_with("name one of its variants, or take it out"), "{mend}");
    }

    #[test]
    fn a_warning_about_a_file_of_its_own_is_said() {
        let mut files = FlagFiles::default();
        let document = json!({"flags": {"tax-call": {"variants": {"on": true}}}});
        files.add("shop.flagd.json", &document).unwrap().unwrap();
        let found = super::read(&Spec::default(), files).strict().unwrap();
        assert!(found.flags["tax-call"].is_on());
        assert!(found.warnings[0].contains("flag tax-call without state"), "{:?}", found.warnings);
    }

    #[test]
    fn a_fault_names_the_object_that_has_it() {
        let fault = read(&[config_map("flags", "shop.flagd.json", "{")]).map(|_| ()).unwrap_err();
        assert_eq!(fault.object(), Some((Kind::ConfigMap, "flags")));
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

    #[test]
    fn a_second_document_that_flagd_does_not_read_is_said() {
        let one = "flags:\n  tax-call: {state: ENABLED, variants: {a: 1}, defaultVariant: a}\n";
        let two = format!("{one}---\n{}", one.replace("tax-call", "new-pricing"));
        let config_map = json!({
            "apiVersion": "v1", "kind": "ConfigMap",
            "metadata": {"name": "shop-flags"}, "data": {"flags.yaml": two},
        });
        let read = read(&[config_map]).unwrap();
        assert_eq!(read.warnings.len(), 1, "{:?}", read.warnings);
        assert!(read.warnings[0].contains("ConfigMap shop-flags, key flags.yaml: flagd reads"));
        assert!(!read.spec.flags.contains_key("new-pricing"));
    }
}
