//! Some services of a set, and what concerns them.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    digest::Digest,
    flag::Flag,
    flags,
    manifest::{self, Kind, Manifest},
    requirement::{Dependency, Requirement},
    routes,
    snapshot::{Instance, Metadata, Snapshot, Spec},
};

/// Services by name, at least one of them.
#[derive(Clone, Debug)]
pub struct ServiceFilter(BTreeSet<String>);

impl ServiceFilter {
    /// Filter for these services; `None` where none is named, and all are meant.
    #[must_use]
    pub fn of(services: impl IntoIterator<Item = String>) -> Option<Self> {
        let services: BTreeSet<String> = services.into_iter().collect();
        (!services.is_empty()).then_some(Self(services))
    }

    /// The names, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.0.iter().cloned().collect()
    }

    /// The first that none of these sets has.
    #[must_use]
    pub fn missing(&self, among: &[&Snapshot]) -> Option<&str> {
        let known = |name: &&String| {
            among.iter().any(|snapshot| snapshot.spec.services.contains_key(*name))
        };
        self.0.iter().find(|name| !known(name)).map(String::as_str)
    }

    /// Filters a snapshot to the chosen services: their workloads, the ConfigMaps that
    /// those name, the flags that they read, that they need or that need them, and objects
    /// that bear their name.
    ///
    /// Variables belong to a place and to no service: they are left out.
    #[must_use]
    pub fn filter(&self, snapshot: &Snapshot) -> Snapshot {
        let spec = &snapshot.spec;
        let services: BTreeMap<_, _> = spec
            .services
            .iter()
            .filter(|(name, _)| self.0.contains(*name))
            .map(|(name, instances)| (name.clone(), instances.clone()))
            .collect();
        let (flags, objects) = {
            let instances: Vec<&Instance> = services.values().flat_map(BTreeMap::values).collect();
            (self.flags(spec, &instances), self.objects(spec, &instances))
        };
        let metadata = Metadata { variables: BTreeMap::new(), ..snapshot.metadata.clone() };
        Snapshot { metadata, spec: Spec { services, flags, objects, extra: BTreeMap::new() } }
    }

    fn flags(&self, spec: &Spec, instances: &[&Instance]) -> BTreeMap<String, Flag> {
        let needed: BTreeSet<&str> = instances
            .iter()
            .flat_map(|instance| &instance.requires)
            .filter_map(|requirement| match &requirement.dependency {
                Dependency::Flag(key) => Some(key.as_str()),
                Dependency::Service(_) => None,
            })
            .collect();
        let read: BTreeSet<&str> =
            instances.iter().flat_map(|one| one.configs.keys().map(String::as_str)).collect();
        let is_read = |flag: &Flag| {
            let of_one = flag.service.as_ref().is_some_and(|service| self.0.contains(service));
            of_one || flags::config_map_of(flag).is_some_and(|holder| read.contains(holder))
        };
        let needs_one = |requirement: &Requirement| match &requirement.dependency {
            Dependency::Service(name) => self.0.contains(name),
            Dependency::Flag(_) => false,
        };
        spec.flags
            .iter()
            .filter(|(key, flag)| {
                needed.contains(key.as_str())
                    || is_read(flag)
                    || flag.requires.iter().any(needs_one)
            })
            .map(|(key, flag)| (key.clone(), flag.clone()))
            .collect()
    }

    fn objects(&self, spec: &Spec, instances: &[&Instance]) -> BTreeMap<Digest, Manifest> {
        let theirs: BTreeSet<Digest> = instances
            .iter()
            .flat_map(|one| one.configs.values().chain([&one.manifest]).copied())
            .collect();
        let routes = self.routes(spec);
        let is_route = |manifest: &Manifest| {
            manifest.identity().is_some_and(|identity| routes.contains(&identity))
        };
        let is_chosen = |digest: &Digest, manifest: &Manifest| {
            theirs.contains(digest) || self.bears_a_name(manifest) || is_route(manifest)
        };
        spec.objects
            .iter()
            .filter(|(digest, manifest)| is_chosen(digest, manifest))
            .map(|(digest, manifest)| (*digest, manifest.clone()))
            .collect()
    }

    /// Routes that send requests to one of these.
    fn routes(&self, spec: &Spec) -> BTreeSet<(Kind, String)> {
        let all = routes::of(spec).into_iter();
        let theirs = all.filter(|one| one.services().iter().any(|name| self.0.contains(*name)));
        theirs.map(|one| (one.kind, one.name)).collect()
    }

    /// True if the object is a Service or the like of one of these: by its label, else by
    /// its name.
    fn bears_a_name(&self, object: &Manifest) -> bool {
        let Some((kind, name)) = object.identity() else { return false };
        if kind.is_workload() || kind == Kind::ConfigMap {
            return false;
        }
        let tree = object.tree();
        let service = manifest::service_of(&tree).unwrap_or(&name);
        self.0.contains(service)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{diff, document::test_support::shop};

    fn of(names: &[&str]) -> ServiceFilter {
        ServiceFilter::of(names.iter().map(|name| (*name).to_owned())).unwrap()
    }

    #[test]
    fn nobody_named_is_everybody() {
        assert!(ServiceFilter::of(Vec::new()).is_none());
    }

    #[test]
    fn a_name_that_no_side_has_is_told() {
        let (three, five) = (shop(3), shop(5));
        let names: Vec<String> = five.spec.services.keys().cloned().collect();
        let all = ServiceFilter::of(names.clone()).unwrap();
        assert_eq!(all.missing(&[&three, &five]), None);
        assert!(all.missing(&[&three]).is_some_and(|name| names.iter().any(|one| one == name)));
        assert_eq!(of(&["nobody"]).missing(&[&three, &five]), Some("nobody"));
    }

    #[test]
    fn all_services_are_the_whole_set_but_for_what_concerns_none() {
        let shop = shop(7);
        let all = ServiceFilter::of(shop.spec.services.keys().cloned()).unwrap().filter(&shop);
        assert_eq!(all.spec.services, shop.spec.services);
        for object in all.spec.objects.keys() {
            assert!(shop.spec.objects.contains_key(object));
        }
    }

    #[test]
    fn what_differs_in_others_is_no_difference_of_one() {
        let before = shop(4);
        let mut after = before.clone();
        let name = before.spec.services.keys().next().unwrap().clone();
        after.spec.services.remove(&name);
        let others: Vec<String> = after.spec.services.keys().cloned().collect();
        let filter = ServiceFilter::of(others).unwrap();
        let same = diff::compare(["a", "b"], &filter.filter(&before), &filter.filter(&after));
        assert!(same.instances.is_empty(), "{same:?}");
        let filter = of(&[&name]);
        let gone = diff::compare(["a", "b"], &filter.filter(&before), &filter.filter(&after));
        assert_eq!(gone.summary.workloads_removed, before.spec.services[&name].len());
    }
}
