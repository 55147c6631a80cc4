//! Members: the objects of a set by what they are, and whose they are.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::Value;

use crate::{
    manifest::{Kind, Manifest, Workload, service_of},
    snapshot::Spec,
};

/// Kind and name of an object.
pub(super) type Id = (Kind, String);

/// The objects of a set, with the services that each belongs to; one may belong to none.
#[derive(Clone, Debug, Default)]
pub(super) struct Members {
    pub(super) objects: BTreeMap<Id, Manifest>,
    of_service: BTreeMap<String, BTreeSet<Id>>,
    owners: BTreeMap<Id, BTreeSet<String>>,
    /// ConfigMaps that a service's workloads name, and that the set lacks.
    absent: BTreeMap<String, BTreeSet<Id>>,
}

/// The labels of all pods with their services, found by any one label.
#[derive(Default)]
struct Pods {
    pods: Vec<(BTreeMap<String, String>, String)>,
    by_label: HashMap<(String, String), Vec<usize>>,
}

impl Members {
    /// The objects of a set: workloads with the ConfigMaps that they name and the ServiceAccounts
    /// that they use, the Services that select their pods, and what bears a service's label.
    pub(super) fn of(spec: &Spec) -> Self {
        let mut members = Self::default();
        for manifest in spec.objects.values() {
            members.objects.extend(manifest.identity().map(|id| (id, manifest.clone())));
        }
        let mut pods = Pods::default();
        for one in spec.instances() {
            let id = (one.instance.kind, one.workload().to_owned());
            if let Some(manifest) = members.objects.get(&id).cloned() {
                let tree = manifest.tree();
                if let Some(workload) = Workload::of(one.instance.kind, &tree) {
                    pods.add(workload.pod_labels(), one.service);
                    let account = workload.service_account();
                    let account = account.map(|name| (Kind::ServiceAccount, name.to_owned()));
                    members.add(one.service, account.into_iter());
                    let named = workload.config_maps().into_iter();
                    let named = named.map(|name| (Kind::ConfigMap, name.to_owned()));
                    let absent = named.filter(|id| !members.objects.contains_key(id));
                    members.absent.entry(one.service.to_owned()).or_default().extend(absent);
                }
            }
            let configs = one.instance.configs.keys();
            members.add(one.service, configs.map(|name| (Kind::ConfigMap, name.clone())));
            members.add(one.service, [id].into_iter());
        }
        let others = members.objects.iter().filter(|((kind, _), _)| !kind.is_workload());
        let mut named = Vec::new();
        for (id, manifest) in others {
            let tree = manifest.tree();
            let labelled = service_of(&tree).filter(|name| spec.services.contains_key(*name));
            named.extend(labelled.map(|service| (service.to_owned(), id.clone())));
            if id.0 == Kind::Service {
                let selecting = pods.selected(&tree);
                named.extend(selecting.into_iter().map(|service| (service, id.clone())));
            }
        }
        for (service, id) in named {
            members.add(&service, [id].into_iter());
        }
        members
    }

    /// Notes objects as a service's; those that the set has not are left aside.
    fn add(&mut self, service: &str, ids: impl Iterator<Item = Id>) {
        for id in ids {
            if self.objects.contains_key(&id) {
                self.owners.entry(id.clone()).or_default().insert(service.to_owned());
                self.of_service.entry(service.to_owned()).or_default().insert(id);
            }
        }
    }

    /// The objects of a service, with those that it shares.
    pub(super) fn of_service(&self, service: &str) -> impl Iterator<Item = (&Id, &Manifest)> {
        let ids = self.of_service.get(service).into_iter().flatten();
        ids.filter_map(|id| self.objects.get_key_value(id))
    }

    /// The ConfigMaps that a service's workloads name, and that the set lacks.
    pub(super) fn absent(&self, service: &str) -> impl Iterator<Item = &Id> {
        self.absent.get(service).into_iter().flatten()
    }

    /// The services that an object belongs to.
    pub(super) fn owners(&self, id: &Id) -> impl Iterator<Item = &String> {
        self.owners.get(id).into_iter().flatten()
    }

    /// Removes what is a service's alone.
    pub(super) fn remove(&mut self, service: &str) {
        for id in self.of_service.remove(service).unwrap_or_default() {
            let owners = self.owners.entry(id.clone()).or_default();
            owners.remove(service);
            if owners.is_empty() {
                self.owners.remove(&id);
                self.objects.remove(&id);
            }
        }
    }

    /// Puts an object of a service in, in place of one that is there.
    pub(super) fn put(&mut self, service: &str, id: &Id, manifest: Manifest) {
        self.objects.insert(id.clone(), manifest);
        self.add(service, [id.clone()].into_iter());
    }
}

impl Pods {
    fn add(&mut self, labels: BTreeMap<String, String>, service: &str) {
        for (key, value) in &labels {
            self.by_label.entry((key.clone(), value.clone())).or_default().push(self.pods.len());
        }
        self.pods.push((labels, service.to_owned()));
    }

    /// The services whose pods a Service selects. One without a selector is nobody's: it has none,
    /// or it has labels of the place alone and selects all.
    fn selected(&self, service: &Value) -> BTreeSet<String> {
        let selector = service.pointer("/spec/selector").and_then(Value::as_object);
        let labels: Vec<(String, String)> = selector
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect();
        // Of ten thousand pods only those with the rarest label are looked at.
        let none = Vec::new();
        let pods = labels.iter().map(|label| self.by_label.get(label).unwrap_or(&none));
        let candidates = pods.min_by_key(|pods| pods.len()).into_iter().flatten();
        candidates
            .map(|pod| &self.pods[*pod])
            .filter(|(pod, _)| labels.iter().all(|(key, value)| pod.get(key) == Some(value)))
            .map(|(_, service)| service.clone())
            .collect()
    }
}
