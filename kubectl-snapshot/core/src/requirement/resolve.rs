//! Resolution of a set's requirements against what is there.

use serde::{Deserialize, Serialize};

use super::{Condition, Dependency, Fulfilment, Present, Subject};
use crate::{
    ancestry::Ancestry,
    snapshot::{InstanceRef, Spec},
};

/// A requirement, and whether it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resolved {
    /// Owner of the requirement.
    pub dependent: Subject,
    /// Service or flag that is needed.
    pub dependency: Subject,
    /// Condition as written: `>=1.4, <2`, `@3f2a91c`, `=on`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub condition: Option<String>,
    /// False while the dependent is a flag that is off.
    pub active: bool,
    /// State of the requirement.
    pub state: Fulfilment,
    /// Facts found, in words: `tax runs 1.3.9`.
    pub found: String,
}

/// Resolves what the flags and instances of `spec` require, within `spec` itself.
#[must_use]
pub fn resolve(spec: &Spec) -> Vec<Resolved> {
    resolve_against(spec, spec, &Ancestry::default())
}

/// Resolves what the flags and instances of `dependents` require, among what is `present`.
/// Whether a commit is at or after another is taken from `ancestry`.
///
/// What cannot be read requires something that nobody knows: it is listed as its own
/// dependency, of unknown state. During a rollout a candidate meets what still runs beside it,
/// and the other way round.
#[must_use]
pub fn resolve_against(dependents: &Spec, present: &Spec, ancestry: &Ancestry) -> Vec<Resolved> {
    let flags = dependents.flags.iter().flat_map(|(key, flag)| {
        flag.requires
            .iter()
            .map(move |requirement| (Subject::Flag(key.clone()), flag.is_on(), requirement))
    });
    let instances = dependents.instances().flat_map(|one: InstanceRef<'_>| {
        one.instance
            .requires
            .iter()
            .map(move |requirement| (Subject::Instance(one.key()), true, requirement))
    });
    let mut present = Present::of(present, ancestry);
    let known = flags.chain(instances).map(|(dependent, active, requirement)| {
        let (mut state, mut found) = present.judge(requirement).clone();
        if let (Fulfilment::Unmet, Subject::Flag(key)) = (state, &dependent)
            && dependents.flags.get(key).is_some_and(|flag| flag.unreadable.is_some())
        {
            state = Fulfilment::Unknown;
            found = format!("{found}, and flag {key} cannot be read: it may be off");
        }
        Resolved {
            dependent,
            dependency: match &requirement.dependency {
                Dependency::Service(name) => Subject::Service(name.clone()),
                Dependency::Flag(key) => Subject::Flag(key.clone()),
            },
            condition: requirement.condition.as_ref().map(Condition::to_string),
            active,
            state,
            found,
        }
    });
    known.chain(unknown(dependents)).collect()
}

/// Stands for what nobody can read: requirements of flags and instances, and whole origins of
/// flags, each of which may require anything.
fn unknown(spec: &Spec) -> impl Iterator<Item = Resolved> {
    let of_flags = spec.flags.iter().filter_map(|(key, flag)| {
        let reason = flag.unreadable_requires.as_deref()?;
        Some((Subject::Flag(key.clone()), flag.is_on(), reason))
    });
    let of_instances = spec.instances().filter_map(|one| {
        let reason = one.instance.unreadable_requires.as_deref()?;
        Some((Subject::Instance(one.key()), true, reason))
    });
    let origins = spec
        .unreadable_flags()
        .map(|(origin, reason)| (Subject::Flag(origin.to_owned()), true, reason));
    of_flags.chain(of_instances).chain(origins).map(|(subject, active, reason)| Resolved {
        dependent: subject.clone(),
        dependency: subject,
        condition: None,
        active,
        state: Fulfilment::Unknown,
        found: reason.to_owned(),
    })
}
