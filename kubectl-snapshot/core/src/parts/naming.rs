//! Names that tell apart what several parts hold.

use std::collections::{BTreeMap, BTreeSet};

use super::{PartName, Parts};
use crate::requirement::Subject;

/// Names of services and flags across parts: the plain one where one part alone has it, else
/// behind the part's: `payments/tax`.
#[derive(Clone, Debug, Default)]
pub struct Naming {
    services: BTreeSet<String>,
    flags: BTreeSet<String>,
}

impl Naming {
    /// Names that hold for all of these sets, so that one service has one name in them.
    #[must_use]
    pub fn of<'a>(sets: impl IntoIterator<Item = &'a Parts>) -> Self {
        let (mut services, mut flags) = (Known::default(), Known::default());
        for (part, snapshot) in sets.into_iter().flat_map(Parts::iter) {
            snapshot.spec.services.keys().for_each(|name| services.add(part, name));
            snapshot.spec.flags.keys().for_each(|key| flags.add(part, key));
        }
        Self { services: services.of_several, flags: flags.of_several }
    }

    /// The name of a part's service.
    #[must_use]
    pub fn service(&self, part: &PartName, name: &str) -> String {
        named(&self.services, part, name)
    }

    /// The name of a part's flag.
    #[must_use]
    pub fn flag(&self, part: &PartName, key: &str) -> String {
        named(&self.flags, part, key)
    }

    /// The key of a part's instance: `service/instance`, or `part/service/instance`.
    #[must_use]
    pub fn instance(&self, part: &PartName, key: &str) -> String {
        match key.split_once('/') {
            Some((service, instance)) => format!("{}/{instance}", self.service(part, service)),
            None => key.to_owned(),
        }
    }

    /// The subject as it is called across the parts.
    #[must_use]
    pub fn subject(&self, part: &PartName, subject: Subject) -> Subject {
        match subject {
            Subject::Service(name) => Subject::Service(self.service(part, &name)),
            Subject::Instance(key) => Subject::Instance(self.instance(part, &key)),
            Subject::Flag(key) => Subject::Flag(self.flag(part, &key)),
        }
    }
}

fn named(of_several: &BTreeSet<String>, part: &PartName, name: &str) -> String {
    if of_several.contains(name) { format!("{part}/{name}") } else { name.to_owned() }
}

/// Names, with the part that has each.
#[derive(Default)]
struct Known<'a> {
    part: BTreeMap<&'a str, &'a PartName>,
    of_several: BTreeSet<String>,
}

impl<'a> Known<'a> {
    fn add(&mut self, part: &'a PartName, name: &'a str) {
        if *self.part.entry(name).or_insert(part) != part {
            self.of_several.insert(name.to_owned());
        }
    }
}
