//! Receivers of requests: the instances that a Service selects, and a subset's labels.

use std::collections::{BTreeMap, HashMap};

use serde_json::{Map, Value};

use super::{
    Receiver, Rule,
    backend::{Backend, Unresolved, service_of_host},
    lists::elements,
};
use crate::{
    manifest::{Kind, Workload},
    snapshot::{InstanceRef, Spec},
};

type Labels = BTreeMap<String, String>;

/// The instances of a set by their pods' labels, and the names by which they are reached.
pub(super) struct Receivers {
    pods: Vec<(Receiver, Labels)>,
    by_label: HashMap<(String, String), Vec<usize>>,
    selectors: HashMap<String, Labels>,
    subsets: HashMap<(String, String), Labels>,
}

impl Receivers {
    pub(super) fn of(spec: &Spec) -> Self {
        let mut all = Self {
            pods: Vec::new(),
            by_label: HashMap::new(),
            selectors: HashMap::new(),
            subsets: HashMap::new(),
        };
        for one in spec.instances() {
            all.add_instance(spec, one);
        }
        for manifest in spec.objects.values() {
            match manifest.identity() {
                Some((Kind::Service, name)) => {
                    let selector = labels(manifest.tree().pointer("/spec/selector"));
                    all.selectors.insert(name, selector);
                }
                Some((Kind::DestinationRule, _)) => all.add_subsets(&manifest.tree()),
                _ => {}
            }
        }
        all
    }

    fn add_instance(&mut self, spec: &Spec, one: InstanceRef<'_>) {
        let Some(manifest) = spec.objects.get(&one.instance.manifest) else { return };
        let tree = manifest.tree();
        let Some(workload) = Workload::of(one.instance.kind, &tree) else { return };
        let main = workload.main_container().and_then(|name| one.instance.containers.get(name));
        let version = main.and_then(|main| main.version.clone().or_else(|| main.tag.clone()));
        let labels = workload.pod_labels();
        for (name, value) in &labels {
            let pods = self.by_label.entry((name.clone(), value.clone())).or_default();
            pods.push(self.pods.len());
        }
        let (service, instance) = (one.service.to_owned(), one.name.clone());
        self.pods.push((Receiver { service, instance, version }, labels));
    }

    fn add_subsets(&mut self, rule: &Value) {
        let host = rule.pointer("/spec/host").and_then(Value::as_str).unwrap_or_default();
        let Some(service) = service_of_host(host) else { return };
        for subset in elements(rule, "/spec/subsets") {
            let Some(name) = subset.get("name").and_then(Value::as_str) else { continue };
            let key = (service.to_owned(), name.to_owned());
            self.subsets.insert(key, labels(subset.get("labels")));
        }
    }

    /// The rule, with whoever gets its requests.
    pub(super) fn resolve(&self, rule: Unresolved) -> Rule {
        let Unresolved { requests, otherwise, backends } = rule;
        let sum = backends.iter().map(|one| one.weight).fold(0, u64::saturating_add);
        let shares = backends.into_iter().map(|backend| {
            let instances = self.behind(&backend);
            let mut share = backend.share_of(sum);
            share.instances = instances;
            share
        });
        Rule { requests, otherwise, shares: shares.collect() }
    }

    fn behind(&self, backend: &Backend) -> Vec<Receiver> {
        let of_backend = || {
            let service = backend.service.as_ref()?;
            let mut wanted = self.selectors.get(service)?.clone();
            // A Service without a selector selects nothing.
            if wanted.is_empty() {
                return None;
            }
            if let Some(subset) = &backend.subset {
                let subset = self.subsets.get(&(service.clone(), subset.clone()))?;
                for (name, value) in subset {
                    let known = wanted.insert(name.clone(), value.clone());
                    if known.is_some_and(|known| known != *value) {
                        return None;
                    }
                }
            }
            Some(self.with(&wanted))
        };
        of_backend().unwrap_or_default()
    }

    /// The instances whose pods bear these labels, found by the rarest of them.
    fn with(&self, wanted: &Labels) -> Vec<Receiver> {
        let none = Vec::new();
        let bearers = wanted.iter().map(|(name, value)| {
            self.by_label.get(&(name.clone(), value.clone())).unwrap_or(&none)
        });
        let fewest = bearers.min_by_key(|pods| pods.len()).into_iter().flatten();
        let bears_all =
            |labels: &Labels| wanted.iter().all(|(name, value)| labels.get(name) == Some(value));
        let found = fewest.map(|at| &self.pods[*at]).filter(|(_, labels)| bears_all(labels));
        let mut found: Vec<Receiver> = found.map(|(receiver, _)| receiver.clone()).collect();
        found.sort();
        found
    }
}

fn labels(map: Option<&Value>) -> Labels {
    let members = map.and_then(Value::as_object).into_iter().flat_map(Map::iter);
    members.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned()))).collect()
}
