//! Look-ups: the functions by which a policy reads the details beside its question.

use crate::contract;
use crate::records::{ConfigMap, Details, InstanceDetails, LookUps, Side, Subject, Topic};
use crate::sets::Sets;
use crate::state::State;
use crate::{remarks, sets};
use wasmtime::component::{ComponentNamedList, Lift, Linker, Lower};
use wasmtime::{Result, StoreContextMut};

/// The topic of an import's name, where it is one's of this line of the contract.
pub(crate) fn topic(import: &str) -> Option<Topic> {
    let interface = contract::interface_in(import)?;
    Topic::ALL.into_iter().find(|topic| topic.name() == interface)
}

/// True of an import that the contract offers: by it policies read what belongs to the question,
/// or say more of their answer.
pub(crate) fn is_one(import: &str) -> bool {
    topic(import).is_some()
        || matches!(contract::interface_in(import), Some(sets::INTERFACE | remarks::INTERFACE))
}

/// Links the look-ups of every topic, and of the sets.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> Result<()> {
    add_sets(linker)?;
    add_remarks(linker)?;
    add(
        linker,
        Topic::Images,
        "of-instance",
        |details| details.images.as_deref(),
        |one| (&one.instance, &one.images),
    )?;
    add(
        linker,
        Topic::Environment,
        "of-instance",
        |details| details.environment.as_deref(),
        |one| (&one.instance, &one.variables),
    )?;
    add(
        linker,
        Topic::FlagStates,
        "of-flag",
        |details| details.flag_states.as_deref(),
        |one| (&one.key, one),
    )?;
    add(
        linker,
        Topic::Stages,
        "of-stage",
        |details| details.stages.as_deref(),
        |one| (&one.stage, one),
    )?;
    add_one(linker, Topic::Facts, "all", |told, ()| told.details.facts.clone())?;
    add_one(linker, Topic::Beside, "instances", |told, ()| {
        told.details.beside.as_ref().map(|beside| beside.instances.clone())
    })?;
    add_one(linker, Topic::Beside, "feature-flags", |told, ()| {
        told.details.beside.as_ref().map(|beside| beside.feature_flags.clone())
    })?;
    add_one(linker, Topic::Routes, "of-candidate", |told, ()| {
        told.details.routes.as_ref().map(|both| both.candidate.clone())
    })?;
    add_one(linker, Topic::Routes, "of-running", |told, ()| {
        told.details.routes.as_ref().and_then(|both| both.running.clone())
    })?;
    add_captures(linker)?;
    add_config_maps(linker)?;
    add_instances(linker)
}

/// Links the functions by which the sets are looked up.
fn add_sets(linker: &mut Linker<State>) -> Result<()> {
    add_part(linker, "summary-of", |sets, (side,)| (sets.summary_of(side),))?;
    add_part(linker, "services", |sets, (side,)| (sets.services(side),))?;
    add_part(linker, "instances-of", |sets, (side, service): (Side, String)| {
        (sets.instances_of(side, &service),)
    })?;
    add_part(linker, "feature-flag-of", |sets, (side, key): (Side, String)| {
        (sets.flag_of(side, &key),)
    })?;
    add_part(linker, "feature-flags", |sets, (side,)| (sets.flag_keys(side),))?;
    add_part(linker, "changes-of", |sets, (subject,): (Subject,)| (sets.changes_of(&subject),))?;
    add_part(linker, "changed", |sets, ()| (sets.changed(),))?;
    add_part(linker, "requirements-of", |sets, (subject,): (Subject,)| {
        (sets.requirements_of(&subject),)
    })
}

fn add_part<P, R>(linker: &mut Linker<State>, name: &str, find: fn(&Sets, P) -> R) -> Result<()>
where
    P: ComponentNamedList + Lift + 'static,
    R: ComponentNamedList + Lower + 'static,
{
    let mut interface = linker.instance(&contract::full_name(sets::INTERFACE))?;
    interface.func_wrap(name, move |store: StoreContextMut<'_, State>, told: P| {
        Ok(find(&store.data().sets, told))
    })
}

/// Links the function by which a policy says more of its findings.
fn add_remarks(linker: &mut Linker<State>) -> Result<()> {
    let mut interface = linker.instance(&contract::full_name(remarks::INTERFACE))?;
    interface.func_wrap(
        "may-pass",
        |mut store: StoreContextMut<'_, State>,
         (code, message, at): (String, String, Option<u64>)| {
            let state = store.data_mut();
            state.remarks.keep(&code, &message, at, state.most_findings);
            Ok(())
        },
    )
}

fn add_captures(linker: &mut Linker<State>) -> Result<()> {
    let topic = Topic::Captures;
    add_one(linker, topic, "of-candidate", |told, ()| {
        told.details.captures.as_ref().map(|both| both.candidate.clone())
    })?;
    add_one(linker, topic, "of-running", |told, ()| {
        told.details.captures.as_ref().and_then(|both| both.running.clone())
    })
}

fn add_config_maps(linker: &mut Linker<State>) -> Result<()> {
    let topic = Topic::ConfigMaps;
    add_one(linker, topic, "of-name", |told, (name,): (String,)| {
        told.config_maps()?.into_iter().find(|one| one.name == name).cloned()
    })?;
    add_one(linker, topic, "all", |told, ()| {
        let all: Vec<ConfigMap> = told.config_maps()?.into_iter().cloned().collect();
        Some(all)
    })
}

fn add_instances(linker: &mut Linker<State>) -> Result<()> {
    let topic = Topic::Instances;
    add_one(linker, topic, "of-candidate", |told, (key,): (String,)| {
        instance(candidate_instances(told)?, &key)
    })?;
    add_one(linker, topic, "all-of-candidate", |told, ()| {
        candidate_instances(told).map(<[_]>::to_vec)
    })?;
    add_one(linker, topic, "of-running", |told, (key,): (String,)| {
        instance(running_instances(told)?, &key)
    })?;
    add_one(linker, topic, "all-of-running", |told, ()| running_instances(told).map(<[_]>::to_vec))
}

fn candidate_instances(told: &LookUps) -> Option<&[InstanceDetails]> {
    told.details.instances.as_ref().map(|both| &*both.candidate)
}

fn running_instances(told: &LookUps) -> Option<&[InstanceDetails]> {
    told.details.instances.as_ref().and_then(|both| both.running.as_deref())
}

fn instance(all: &[InstanceDetails], key: &str) -> Option<InstanceDetails> {
    let at = all.binary_search_by(|one| one.instance.as_str().cmp(key)).ok()?;
    Some(all[at].clone())
}

/// Links the two functions of a topic: one that finds a detail by its name, and `all`.
fn add<T, D>(
    linker: &mut Linker<State>,
    topic: Topic,
    find: &str,
    list: fn(&Details) -> Option<&[T]>,
    part: fn(&T) -> (&String, &D),
) -> Result<()>
where
    T: Clone + Send + 'static,
    D: Clone + Send + 'static,
    (Option<D>,): ComponentNamedList + Lower,
    (Option<Vec<T>>,): ComponentNamedList + Lower,
{
    let mut interface = linker.instance(&contract::full_name(topic.name()))?;
    let found = move |store: StoreContextMut<'_, State>, (name,): (String,)| {
        let details = list(&store.data().told.details);
        let at = |list: &[T]| list.binary_search_by(|one| part(one).0.cmp(&name)).ok();
        Ok((details.and_then(|list| Some(part(&list[at(list)?]).1.clone())),))
    };
    interface.func_wrap(find, found)?;
    interface.func_wrap("all", move |store: StoreContextMut<'_, State>, (): ()| {
        Ok((list(&store.data().told.details).map(<[T]>::to_vec),))
    })
}

/// Links one function of a topic, which finds something or nothing.
fn add_one<P, D>(
    linker: &mut Linker<State>,
    topic: Topic,
    name: &str,
    find: fn(&LookUps, P) -> Option<D>,
) -> Result<()>
where
    P: ComponentNamedList + Lift + 'static,
    D: Send + 'static,
    (Option<D>,): ComponentNamedList + Lower,
{
    let mut interface = linker.instance(&contract::full_name(topic.name()))?;
    interface.func_wrap(name, move |store: StoreContextMut<'_, State>, named: P| {
        Ok((find(&store.data().told, named),))
    })
}
