//! Versions that the instances of a service run, compared with a condition.

use std::collections::HashMap;

use semver::Version;

use super::{Condition, Fulfilment};
use crate::{
    ancestry::{Ancestry, Question},
    image,
    snapshot::{Container, InstanceRef, Instances},
    version::{Order, same_commit, semver_of},
};

/// Number of instances that a sentence names at most.
const LONGEST: usize = 3;

/// Versions that a service runs: looked up once, for all that require it.
pub(super) struct Running<'a> {
    service: String,
    groups: Vec<Group>,
    ancestry: &'a Ancestry,
}

/// Instances that run the same.
struct Group {
    /// Containers that may be the service; as a rule there is one.
    containers: Vec<Facts>,
    /// The names of all that serve, to tell the reader where they are several.
    names: Vec<String>,
    /// `service/instance` of each.
    instances: Vec<String>,
}

/// Facts about a container that conditions compare.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Facts {
    image: String,
    repository: String,
    /// The version as its author wrote it.
    shown: Option<String>,
    version: Option<Version>,
    commit: Option<String>,
}

impl<'a> Running<'a> {
    /// Collects what `instances` of `service` run; nothing where there are none.
    pub(super) fn of(service: &str, instances: Option<&Instances>, ancestry: &'a Ancestry) -> Self {
        let mut groups: Vec<Group> = Vec::new();
        let mut known: HashMap<(Vec<Facts>, Vec<String>), usize> = HashMap::new();
        for (name, instance) in instances.into_iter().flatten() {
            let instance = InstanceRef { service, name, instance };
            let containers: Vec<Facts> = candidates(instance)
                .into_iter()
                .map(|container| Facts::of(container, ancestry))
                .collect();
            let names: Vec<String> = serving(instance).map(|(name, _)| name.to_owned()).collect();
            let position = *known.entry((containers.clone(), names.clone())).or_insert_with(|| {
                groups.push(Group { containers, names, instances: Vec::new() });
                groups.len() - 1
            });
            groups[position].instances.push(instance.key());
        }
        Self { service: service.to_owned(), groups, ancestry }
    }

    /// State of `condition` over all instances, and what they run in words.
    pub(super) fn judge(&self, condition: Option<&Condition>) -> (Fulfilment, String) {
        if self.groups.is_empty() {
            return (Fulfilment::Unmet, format!("{} is not in this set", self.service));
        }
        let judged: Vec<_> = self
            .groups
            .iter()
            .map(|group| (group, group.judge(&self.service, condition, self.ancestry)))
            .collect();
        let state = Fulfilment::all(judged.iter().map(|(_, (state, _))| *state));
        (state, self.sentence(judged))
    }

    fn sentence(&self, mut judged: Vec<(&Group, (Fulfilment, String))>) -> String {
        let runs = &judged[0].1.1;
        if judged.iter().all(|(_, (_, other))| other == runs) {
            return format!("{} runs {runs}", self.service);
        }
        let all: usize = judged.iter().map(|(group, _)| group.instances.len()).sum();
        // What fails is what the reader looks for among many.
        judged.sort_by_key(|(_, (state, _))| *state == Fulfilment::Met);
        let named = judged
            .iter()
            .flat_map(|(group, (_, runs))| group.instances.iter().map(move |name| (name, runs)));
        let mut named: Vec<_> = named.take(LONGEST).collect();
        if all <= LONGEST {
            named.sort();
        }
        let mut parts: Vec<String> =
            named.into_iter().map(|(name, runs)| format!("{name} runs {runs}")).collect();
        if all > LONGEST {
            parts.push(format!("there are {} more", all - LONGEST));
        }
        let last = parts.pop().unwrap_or_default();
        format!("{} and {last}", parts.join(", "))
    }
}

impl Group {
    fn judge(
        &self,
        service: &str,
        condition: Option<&Condition>,
        ancestry: &Ancestry,
    ) -> (Fulfilment, String) {
        let judge = |one: &Facts| one.judge(service, condition, ancestry);
        let mut judged = self.containers.iter().map(judge);
        let Some(first) = judged.next() else {
            return (Fulfilment::Unknown, "no container of its own".to_owned());
        };
        if judged.all(|other| other == first) {
            return first;
        }
        let state = if condition.is_none() { Fulfilment::Met } else { Fulfilment::Unknown };
        let names = self.names.join(", ");
        (
            state,
            format!("several containers ({names}), and which of them is {service} cannot be told"),
        )
    }
}

impl Facts {
    fn of(container: &Container, ancestry: &Ancestry) -> Self {
        let tag = container.tag.as_deref();
        let texts = [container.version.as_deref(), tag];
        let (shown, version) =
            texts.into_iter().flatten().find_map(|text| Some((text, semver_of(text)?))).unzip();
        Self {
            image: image::written(container),
            repository: container.image.clone(),
            shown: shown.map(str::to_owned),
            version,
            commit: ancestry.commit(container).map(str::to_owned),
        }
    }

    /// State of `condition` for one container, and what it runs, to go behind "runs".
    fn judge(
        &self,
        service: &str,
        condition: Option<&Condition>,
        ancestry: &Ancestry,
    ) -> (Fulfilment, String) {
        let Self { image, repository, shown, version, commit } = self;
        let shown = shown.clone().unwrap_or_else(|| format!("image {image}"));
        match (condition, version, commit) {
            (None, ..) => (Fulfilment::Met, shown),
            (Some(Condition::Version(range)), Some(version), _) if range.is_comparable(version) => {
                (range.contains(version).into(), shown)
            }
            (Some(Condition::Version(range)), Some(_), _) => {
                (Fulfilment::Unknown, format!("{shown}, and a date has no order with {range}"))
            }
            (Some(Condition::Version(_)), None, _) => {
                (Fulfilment::Unknown, format!("{shown}, whose version cannot be told"))
            }
            (Some(Condition::Commit(wanted)), _, Some(commit)) if same_commit(commit, wanted) => {
                (Fulfilment::Met, format!("commit {commit}"))
            }
            (Some(Condition::Commit(wanted)), _, Some(commit)) => {
                let question = Question::at_or_after(service, wanted, repository, commit);
                by_history(&question, ancestry)
            }
            (Some(Condition::Commit(_)), _, None) => {
                (Fulfilment::Unknown, format!("{shown}, whose commit is not known"))
            }
            (Some(Condition::Value(_)), ..) => {
                (Fulfilment::Unknown, format!("{shown}, and a service has no value"))
            }
        }
    }
}

/// Fulfilment of a requirement of a commit, as git knows it: a commit that was rewritten is
/// another one.
fn by_history(question: &Question, ancestry: &Ancestry) -> (Fulfilment, String) {
    let Question { before: wanted, after: commit, .. } = question;
    match ancestry.answer(question) {
        Some(Ok(relation)) => match relation.order {
            Order::Same => (Fulfilment::Met, format!("commit {commit}")),
            Order::Newer => (Fulfilment::Met, format!("commit {commit}, which is after {wanted}")),
            Order::Older => {
                (Fulfilment::Unmet, format!("commit {commit}, which is before {wanted}"))
            }
            Order::Diverged | Order::Unknown => {
                (Fulfilment::Unmet, format!("commit {commit}, which does not have {wanted} in it"))
            }
        },
        Some(Err(gap)) => (
            Fulfilment::Unknown,
            format!("commit {commit}, and nobody can tell whether {wanted} is part of it: {gap}"),
        ),
        None => (
            Fulfilment::Unknown,
            format!("commit {commit}, and only git can tell whether {wanted} is part of it"),
        ),
    }
}

/// The containers that may be what the service is: the one named like it or its instance, else all.
fn candidates(instance: InstanceRef<'_>) -> Vec<&Container> {
    let named = [instance.service, instance.workload()];
    let own = named.iter().find_map(|own| serving(instance).find(|(name, _)| name == own));
    match own {
        Some((_, container)) => vec![container],
        None => serving(instance).map(|(_, container)| container).collect(),
    }
}

/// The containers that serve; those that only prepare the others do not.
fn serving(instance: InstanceRef<'_>) -> impl Iterator<Item = (&str, &Container)> {
    let containers = instance.instance.containers.iter();
    containers
        .filter(|(_, container)| !container.init)
        .map(|(name, container)| (name.as_str(), container))
}
