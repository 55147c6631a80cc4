//! Presence: what a set has of what is required, looked up once for all that require it.

use std::collections::{BTreeMap, HashMap};

use super::{
    Condition, Dependency, Fulfilment, Requirement, beside::beside, flag_state, running::Running,
};
use crate::{
    ancestry::Ancestry,
    flag::Flag,
    snapshot::{Instances, Spec},
};

/// A set that requirements are judged against: thousands may require one thing, or one service in
/// many versions, and each is looked at once.
pub struct Present<'a> {
    spec: &'a Spec,
    ancestry: &'a Ancestry,
    services: HashMap<String, Running<'a>>,
    beside: BTreeMap<&'a str, Instances>,
    services_beside: HashMap<String, Running<'a>>,
    in_sets: Vec<(&'a String, &'a Flag)>,
    answers: HashMap<Requirement, (Fulfilment, String)>,
}

impl<'a> Present<'a> {
    /// The presence of all that `spec` has. Whether a commit is at or after another is taken from `ancestry`.
    #[must_use]
    pub fn of(spec: &'a Spec, ancestry: &'a Ancestry) -> Self {
        Self {
            spec,
            ancestry,
            services: HashMap::new(),
            beside: beside(spec),
            services_beside: HashMap::new(),
            in_sets: spec.flags.iter().filter(|(_, flag)| flag.flag_set.is_some()).collect(),
            answers: HashMap::new(),
        }
    }

    /// State of a requirement, and what was found, in words.
    pub fn judge(&mut self, requirement: &Requirement) -> &(Fulfilment, String) {
        if !self.answers.contains_key(requirement) {
            let judged = self.look(requirement);
            let judged = self.look_beside(requirement, judged);
            self.answers.insert(requirement.clone(), judged);
        }
        &self.answers[requirement]
    }

    fn look(&mut self, requirement: &Requirement) -> (Fulfilment, String) {
        let condition = requirement.condition.as_ref();
        match (&requirement.dependency, condition) {
            (Dependency::Service(name), _) => {
                let running = self.services.entry(name.clone()).or_insert_with(|| {
                    Running::of(name, self.spec.services.get(name), self.ancestry)
                });
                running.judge(condition)
            }
            (Dependency::Flag(key), None) => judge_flag(key, self.spec, &self.in_sets, None),
            (Dependency::Flag(key), Some(Condition::Value(value))) => {
                judge_flag(key, self.spec, &self.in_sets, Some(value))
            }
            (Dependency::Flag(key), Some(_)) => {
                (Fulfilment::Unknown, format!("flag {key} has no version"))
            }
        }
    }

    /// State of a requirement with regard to pods of older templates: both versions count while
    /// both run. One that only the template meets is neither met nor unmet.
    fn look_beside(
        &mut self,
        requirement: &Requirement,
        judged: (Fulfilment, String),
    ) -> (Fulfilment, String) {
        let (Fulfilment::Met, Dependency::Service(name)) = (judged.0, &requirement.dependency)
        else {
            return judged;
        };
        let Some(instances) = self.beside.get(name.as_str()) else { return judged };
        let running = self
            .services_beside
            .entry(name.clone())
            .or_insert_with(|| Running::of(name, Some(instances), self.ancestry));
        match running.judge(requirement.condition.as_ref()) {
            (Fulfilment::Met, _) => judged,
            (_, runs) => (
                Fulfilment::Unknown,
                format!("{}, but its rollout has not ended and {runs} as well", judged.1),
            ),
        }
    }
}

/// State of a requirement of a flag; one that is missing may be among those that nobody can read.
fn judge_flag(
    key: &str,
    present: &Spec,
    in_sets: &[(&String, &Flag)],
    wanted: Option<&str>,
) -> (Fulfilment, String) {
    flag_state::judge(key, &present.flags, in_sets, wanted).unwrap_or_else(|missing| match present
        .unreadable_flags()
        .next()
    {
        None => (Fulfilment::Unmet, missing),
        Some((origin, _)) => {
            (Fulfilment::Unknown, format!("{missing}, as far as it can be read: {origin} cannot"))
        }
    })
}
