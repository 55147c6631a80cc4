//! The instances of a set: in order, and by service.

use crate::{running::Running, settings::Settings};
use snapshot_policy::Snapshot;
use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, DefaultHasher},
    ops::Range,
};

/// The instances of a set by service and name.
///
/// Questions are nearly in that order already, and a list of them is quickly
/// sorted; two lists are compared by walking along both.
pub(crate) struct Roster<'a>(Vec<Running<'a>>);

/// Instances whose services can be looked up.
pub(crate) struct Set<'a> {
    roster: Roster<'a>,
    services: Places<'a>,
}

/// Range of each service's instances in the sorted list. Hashed without a secret, so that
/// the same question takes the same steps.
type Places<'a> = HashMap<&'a str, Range<usize>, BuildHasherDefault<DefaultHasher>>;

impl<'a> Roster<'a> {
    pub(crate) fn of(snapshot: &'a Snapshot, settings: &'a Settings) -> Self {
        let mut all: Vec<Running> =
            snapshot.instances.iter().map(|instance| Running::of(instance, settings)).collect();
        all.sort_by(|one, other| key(one).cmp(&key(other)));
        Self(all)
    }

    /// Those that do not run the same line in the other set, or are not there at all.
    pub(crate) fn stepping(&self, other: &Roster<'a>) -> Self {
        let mut others = other.0.iter().peekable();
        let steps = |running: &&Running| {
            while others.next_if(|other| key(other) < key(running)).is_some() {}
            let same = others.peek().filter(|other| key(other) == key(running));
            same.is_none_or(|other| other.line != running.line)
        };
        Self(self.0.iter().filter(steps).cloned().collect())
    }

    /// Those instances, to be looked up.
    pub(crate) fn by_service(self) -> Set<'a> {
        let mut services =
            Places::with_capacity_and_hasher(self.0.len(), BuildHasherDefault::default());
        let mut begin = 0;
        for all in self.0.chunk_by(|one, next| one.instance.service == next.instance.service) {
            let end = begin + all.len();
            services.insert(&all[0].instance.service, begin..end);
            begin = end;
        }
        Set { roster: self, services }
    }
}

impl<'a> Set<'a> {
    /// Instances of a service, or those of that name.
    pub(crate) fn instances(&self, service: &str, name: Option<&str>) -> &[Running<'a>] {
        let all = self.services.get(service).map_or(&[][..], |place| &self.roster.0[place.clone()]);
        let Some(name) = name else { return all };
        let begin = all.partition_point(|running| *running.instance.name < *name);
        let end = begin + all[begin..].partition_point(|running| running.instance.name == name);
        &all[begin..end]
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.roster.0.is_empty()
    }
}

/// Sort key of the instances.
fn key<'s>(running: &'s Running<'_>) -> (&'s str, &'s str) {
    (&running.instance.service, &running.instance.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_support::{instance, set};
    use snapshot_policy::Instance;

    fn keys(all: &[Running]) -> Vec<String> {
        all.iter().map(|running| running.instance.key()).collect()
    }

    #[test]
    fn instances_are_found_by_service_and_name() {
        let mut shop = set(&[("tax/tax", "1.4.1"), ("cart/next", "2.0.0"), ("cart/cart", "1.9.0")]);
        // Two kinds may share a name.
        let job = Instance { kind: "CronJob".to_owned(), ..instance("tax/tax", "1.4.1") };
        shop.instances.push(job);
        let settings = Settings::default();
        let found = Roster::of(&shop, &settings).by_service();
        assert_eq!(keys(found.instances("cart", None)), ["cart/cart", "cart/next"]);
        assert_eq!(keys(found.instances("cart", Some("next"))), ["cart/next"]);
        assert_eq!(keys(found.instances("tax", Some("tax"))), ["tax/tax", "tax/tax"]);
        assert!(found.instances("cart", Some("old")).is_empty());
        assert!(found.instances("web", None).is_empty());
    }

    #[test]
    fn those_step_that_another_line_or_nothing_follows() {
        let settings = Settings::default();
        let old = set(&[("a/a", "1.0.0"), ("b/b", "1.0.0"), ("c/c", "1.0.0"), ("e/e", "1.0.0")]);
        let new = set(&[("b/b", "1.9.0"), ("c/c", "2.0.0"), ("d/d", "1.0.0")]);
        let [old, new] = [&old, &new].map(|set| Roster::of(set, &settings));
        assert_eq!(keys(&old.stepping(&new).0), ["a/a", "c/c", "e/e"]);
        assert_eq!(keys(&new.stepping(&old).0), ["c/c", "d/d"]);
        assert!(old.stepping(&old).by_service().is_empty());
    }
}
