//! Look-ups: the functions by which a policy reads the details beside its question.

use crate::contract;
use crate::records::{Details, Topic};
use crate::state::State;
use wasmtime::component::{ComponentNamedList, Linker, Lower};
use wasmtime::{Result, StoreContextMut};

/// The topic of an import's name, where it is one's of this line of the contract.
pub(crate) fn topic(import: &str) -> Option<Topic> {
    let interface = contract::interface_in(import)?;
    Topic::ALL.into_iter().find(|topic| topic.name() == interface)
}

/// Links the look-ups of every topic.
pub(crate) fn add_to_linker(linker: &mut Linker<State>) -> Result<()> {
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
    )
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
        let details = list(&store.data().details);
        let at = |list: &[T]| list.binary_search_by(|one| part(one).0.cmp(&name)).ok();
        Ok((details.and_then(|list| Some(part(&list[at(list)?]).1.clone())),))
    };
    interface.func_wrap(find, found)?;
    interface.func_wrap("all", move |store: StoreContextMut<'_, State>, (): ()| {
        Ok((list(&store.data().details).map(<[T]>::to_vec),))
    })
}
