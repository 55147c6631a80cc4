//! Questions about a set in parts: the records of each part, called so that they are told apart.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use snapshot_core::{
    ancestry::Ancestry,
    diff,
    parts::{Naming, PartName, Parts, Several, requirements},
    policy::Settings,
    promotion::Promotion,
    requirement::Resolved,
    snapshot::{Snapshot, Spec},
};
use snapshot_policy_host::records::{
    self, Beside, Change, CompatibilityQuestion, ConfigMap, Details, Entry, Instance,
    InstanceDetails, Instances, PromotionQuestion, ResidentFlag, Route, Routes, Subject, Topic,
};

use super::{
    Captured, Facts, Lookup, Past, Place, Question, Wanted, asked::Words, changes, details,
    question,
};

/// The label that tells a policy which part an instance is of.
const PART_LABEL: &str = "kubectl-snapshot.dev/namespace";

/// The facts that a question about a set in parts begins with.
#[derive(Debug)]
pub struct PartsFacts<'a> {
    name: &'a str,
    candidate: &'a Several,
    running: Option<(&'a str, &'a Several)>,
    now: u64,
    place: Option<Place<'a>>,
    /// The places of parts, where each has its own.
    places: BTreeMap<&'a PartName, Place<'a>>,
    captured: Captured,
    past: Option<Past<'a>>,
    ancestry: &'a Ancestry,
    naming: Naming,
}

impl<'a> PartsFacts<'a> {
    /// Facts of the set that would run, and of the one that runs where it would go.
    #[must_use]
    pub fn new(
        name: &'a str,
        candidate: &'a Several,
        running: Option<(&'a str, &'a Several)>,
        (now, place): (u64, Option<Place<'a>>),
        ancestry: &'a Ancestry,
    ) -> Self {
        let sides = [Some(candidate), running.map(|(_, running)| running)];
        let naming = Naming::of(sides.into_iter().flatten().map(|side| &side.parts));
        Self {
            name,
            candidate,
            running,
            now,
            place,
            places: BTreeMap::new(),
            captured: Captured::default(),
            past: None,
            ancestry,
            naming,
        }
    }

    /// The facts with the place that each part would go to.
    #[must_use]
    pub fn at(self, places: BTreeMap<&'a PartName, Place<'a>>) -> Self {
        Self { places, ..self }
    }

    /// The facts with the times of both captures, and everything that is recorded.
    #[must_use]
    pub fn known(self, captured: Captured, past: Option<Past<'a>>) -> Self {
        Self { captured, past, ..self }
    }

    /// The requirements of all parts.
    #[must_use]
    pub fn requirements(&self) -> Vec<Resolved> {
        match self.will_run() {
            Some(parts) => requirements::resolve(&parts, &self.naming, self.ancestry),
            None => requirements::resolve(&self.candidate.parts, &self.naming, self.ancestry),
        }
    }

    /// The parts with what stays at their places; none where nothing does.
    fn will_run(&self) -> Option<Parts> {
        let mut parts = self.candidate.parts.clone().into_map();
        let mut stays = false;
        for (part, place) in &self.places {
            let Some(spec) = place.will_run else { continue };
            parts.entry((*part).clone()).or_default().spec = spec.clone();
            stays = true;
        }
        stays.then(|| Parts::new(parts).ok()).flatten()
    }

    /// Does this set work together?
    #[must_use]
    pub fn question(&self) -> Question {
        let running = self.running.map(|(name, running)| self.snapshot(name, running).into());
        Question::from(Words::Compatibility(Box::new(CompatibilityQuestion {
            candidate: self.snapshot(self.name, self.candidate).into(),
            running,
            changes: self.changes().into(),
            requirements: self.requirements().into_iter().map(question::requirement).collect(),
            settings: Settings::default().to_json(),
            now: self.now,
        })))
    }

    /// May it be promoted?
    #[must_use]
    pub fn promotion(&self, promotion: &Promotion) -> Question {
        let running = self.running.map(|(name, running)| self.snapshot(name, running).into());
        Question::from(Words::Promotion(Box::new(PromotionQuestion {
            candidate: self.snapshot(self.name, self.candidate).into(),
            target: question::stage(&promotion.target),
            ladder: promotion.ladder.iter().map(question::stage).collect(),
            running,
            changes: self.changes().into(),
            requirements: self.requirements().into_iter().map(question::requirement).collect(),
            deployments: promotion.deployments.iter().map(question::deployment).collect(),
            evidence: promotion.evidence.iter().map(question::evidence).collect(),
            actor: question::actor(&promotion.actor),
            reason: promotion.reason.clone(),
            settings: Settings::default().to_json(),
            now: self.now,
        })))
    }

    fn snapshot(&self, name: &str, set: &Several) -> records::Snapshot {
        let mut whole = records::Snapshot {
            name: name.to_owned(),
            digest: set.digest().to_string(),
            instances: Vec::new(),
            feature_flags: Vec::new(),
        };
        for (part, snapshot) in set.parts.iter() {
            let records::Snapshot { instances, feature_flags, .. } =
                Arc::unwrap_or_clone(question::snapshot(name, snapshot));
            whole.instances.extend(instances.into_iter().map(|one| self.of(part, one)));
            whole.feature_flags.extend(feature_flags.into_iter().map(|mut flag| {
                flag.key = self.naming.flag(part, &flag.key);
                flag.service = flag.service.map(|service| self.naming.service(part, &service));
                flag
            }));
        }
        whole.instances.sort_by(|a, b| (&a.service, &a.name).cmp(&(&b.service, &b.name)));
        whole.feature_flags.sort_by(|a, b| a.key.cmp(&b.key));
        whole
    }

    fn changes(&self) -> Vec<Change> {
        let Some((name, running)) = self.running else { return Vec::new() };
        let empty = Snapshot::default();
        let names: BTreeSet<&PartName> =
            running.parts.names().chain(self.candidate.parts.names()).collect();
        let of_part = |part: &PartName| {
            let side = |parts: &'a Parts| parts.get(part);
            let before = side(&running.parts).unwrap_or(&empty);
            let after = side(&self.candidate.parts).unwrap_or(&empty);
            let diff = diff::compare([name, self.name], before, after).ordered_by(self.ancestry);
            let mut changes = changes::changes(&diff, &after.spec);
            changes::keep_what_stays(&mut changes, self.places.get(part));
            changes.extend(changes::of_pods(&before.spec, &after.spec, self.ancestry));
            let renamed = changes
                .into_iter()
                .map(|change| Change { subject: self.subject(part, change.subject), ..change });
            renamed.collect::<Vec<_>>()
        };
        names.into_iter().flat_map(of_part).collect()
    }

    fn subject(&self, part: &PartName, subject: Subject) -> Subject {
        match subject {
            Subject::Service(name) => Subject::Service(self.naming.service(part, &name)),
            Subject::Instance(key) => Subject::Instance(self.naming.instance(part, &key)),
            Subject::FeatureFlag(key) => Subject::FeatureFlag(self.naming.flag(part, &key)),
        }
    }

    /// Instances beyond their records, of both sides.
    fn add_instances(&self, all: &mut Details, wanted: &Wanted) {
        if all.instances.is_some() {
            return;
        }
        let mut whole = Instances { candidate: Vec::new(), running: None };
        for (part, candidate) in self.candidate.parts.iter() {
            let mut own = Details::default();
            self.of_part(part, candidate).add(&mut own, Topic::Instances, wanted);
            let Some(own) = own.instances else { continue };
            let renamed = |list: Vec<InstanceDetails>| {
                list.into_iter().map(|one| InstanceDetails {
                    instance: self.naming.instance(part, &one.instance),
                    ..one
                })
            };
            whole.candidate.extend(renamed(own.candidate));
            if let Some(running) = own.running {
                whole.running.get_or_insert_default().extend(renamed(running));
            }
        }
        whole.candidate.sort_by(|a, b| a.instance.cmp(&b.instance));
        whole.running.iter_mut().for_each(|all| all.sort_by(|a, b| a.instance.cmp(&b.instance)));
        all.instances = Some(whole);
    }

    /// Routes of both sides, called by their part and name.
    fn add_routes(&self, all: &mut Details, wanted: &Wanted) {
        if all.routes.is_some() {
            return;
        }
        let mut whole = Routes { candidate: Vec::new(), running: None };
        for (part, candidate) in self.candidate.parts.iter() {
            let mut own = Details::default();
            self.of_part(part, candidate).add(&mut own, Topic::Routes, wanted);
            let Some(own) = own.routes else { continue };
            let renamed = |list: Vec<Route>| list.into_iter().map(|one| self.route(part, one));
            whole.candidate.extend(renamed(own.candidate));
            if let Some(running) = own.running {
                whole.running.get_or_insert_default().extend(renamed(running));
            }
        }
        let key = |one: &Route| (one.kind.clone(), one.name.clone());
        whole.candidate.sort_by_key(key);
        whole.running.iter_mut().for_each(|all| all.sort_by_key(key));
        all.routes = Some(whole);
    }

    /// A route, called so that its part is told, as its instances are.
    fn route(&self, part: &PartName, mut one: Route) -> Route {
        one.name = format!("{part}/{}", one.name);
        for share in one.rules.iter_mut().flat_map(|rule| &mut rule.shares) {
            for instance in &mut share.instances {
                *instance = self.naming.instance(part, instance);
            }
        }
        one
    }

    /// `ConfigMap`s that bindings name, called by their part and name.
    fn add_config_maps(&self, all: &mut Details, wanted: &Wanted) {
        if all.config_maps.is_some() {
            return;
        }
        let mut whole = Vec::new();
        for (part, candidate) in self.candidate.parts.iter() {
            let mut own = Details::default();
            self.of_part(part, candidate).add(&mut own, Topic::ConfigMaps, wanted);
            whole.extend(
                own.config_maps
                    .into_iter()
                    .flatten()
                    .map(|one| ConfigMap { name: format!("{part}/{}", one.name), ..one }),
            );
        }
        all.config_maps = Some(whole);
    }

    /// Instances and flags that stay at the places of all parts, where that is known of each.
    fn add_beside(&self, all: &mut Details) {
        if all.beside.is_some() || self.places.is_empty() {
            return;
        }
        let nothing = Spec::default();
        let mut whole = Beside::default();
        for (part, place) in &self.places {
            let set = self.candidate.parts.get(part).map_or(&nothing, |set| &set.spec);
            let Some(own) = details::beside(set, Some(place)) else { return };
            whole.instances.extend(own.instances.into_iter().map(|one| self.of(part, one)));
            whole.feature_flags.extend(own.feature_flags.into_iter().map(|flag| ResidentFlag {
                key: self.naming.flag(part, &flag.key),
                service: flag.service.map(|service| self.naming.service(part, &service)),
                ..flag
            }));
        }
        whole.instances.sort_by(|a, b| (&a.service, &a.name).cmp(&(&b.service, &b.name)));
        whole.feature_flags.sort_by(|a, b| a.key.cmp(&b.key));
        all.beside = Some(whole);
    }

    /// An instance, called so that its part is told.
    fn of(&self, part: &PartName, mut one: Instance) -> Instance {
        one.service = self.naming.service(part, &one.service);
        one.labels.push(Entry { key: PART_LABEL.to_owned(), value: part.to_string() });
        one
    }

    /// The facts of one part.
    fn of_part(&self, part: &PartName, candidate: &'a Snapshot) -> Facts<'a> {
        let running = self.running.and_then(|(name, set)| Some((name, set.parts.get(part)?)));
        Facts {
            name: self.name,
            candidate,
            running,
            ancestry: self.ancestry,
            now: self.now,
            place: self.places.get(part).copied().or(self.place),
            captured: self.captured,
            past: self.past,
        }
    }
}

impl Lookup for PartsFacts<'_> {
    fn add(&self, all: &mut Details, topic: Topic, wanted: &Wanted) {
        match topic {
            Topic::Captures => {
                let running = self.running.map(|(_, running)| &running.metadata);
                let captures = details::captures(&self.candidate.metadata, running, self.captured);
                all.captures.get_or_insert(captures);
                return;
            }
            // What is recorded is of the whole.
            Topic::Stages | Topic::Facts => {
                if let Some((part, candidate)) = self.candidate.parts.iter().next() {
                    self.of_part(part, candidate).add(all, topic, wanted);
                }
                return;
            }
            Topic::Beside => return self.add_beside(all),
            Topic::Instances => return self.add_instances(all, wanted),
            Topic::Routes => return self.add_routes(all, wanted),
            Topic::ConfigMaps => return self.add_config_maps(all, wanted),
            Topic::Images | Topic::Environment | Topic::FlagStates => {}
        }
        for (part, candidate) in self.candidate.parts.iter() {
            let mut own = Details::default();
            self.of_part(part, candidate).add(&mut own, topic, wanted);
            let instance = |key: &str| self.naming.instance(part, key);
            if let Some(images) = own.images {
                let renamed = images.into_iter().map(|one| records::InstanceImages {
                    instance: instance(&one.instance),
                    ..one
                });
                all.images.get_or_insert_default().extend(renamed);
            }
            if let Some(environment) = own.environment {
                let renamed = environment.into_iter().map(|one| records::InstanceVariables {
                    instance: instance(&one.instance),
                    ..one
                });
                all.environment.get_or_insert_default().extend(renamed);
            }
            if let Some(states) = own.flag_states {
                let renamed = states
                    .into_iter()
                    .map(|one| records::FlagState { key: self.naming.flag(part, &one.key), ..one });
                all.flag_states.get_or_insert_default().extend(renamed);
            }
        }
        // A policy is told that they are sorted.
        all.images.iter_mut().for_each(|all| all.sort_by(|a, b| a.instance.cmp(&b.instance)));
        all.environment.iter_mut().for_each(|all| all.sort_by(|a, b| a.instance.cmp(&b.instance)));
        all.flag_states.iter_mut().for_each(|all| all.sort_by(|a, b| a.key.cmp(&b.key)));
    }
}
