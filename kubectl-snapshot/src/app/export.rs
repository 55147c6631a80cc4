//! Export: a set in the form that another deployer takes.

use std::collections::{BTreeMap, BTreeSet};

use snapshot_core::{
    flags::is_served,
    manifest::Kind,
    parts::{PartName, listed},
    plan::{KeptAction, KeptPlan, KeptWrite},
    reference::Reference,
    snapshot::Snapshot,
};

use super::{
    App, AppError, Failure, FailureKind, document_as_captured_now,
    read::{ReadOptions, variable_sets},
    resolve::resolve_one,
};

/// A set to export, with the values that variables take.
pub struct Exported {
    /// The set, without the values of variables.
    pub set: Snapshot,
    /// The values chosen.
    pub chosen: BTreeMap<String, String>,
    /// Options that the set was read with.
    pub options: ReadOptions,
    /// The plan's writes, where one is exported.
    pub planned: Option<Planned>,
}

/// Objects that a plan writes.
pub struct Planned {
    /// Those that are there in the end.
    pub written: BTreeSet<(Kind, String)>,
    /// Those that it removes.
    pub removed: BTreeSet<(Kind, String)>,
}

/// Subject of an export.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The snapshot.
    pub reference: &'a Reference,
    /// The part of it.
    pub part: Option<&'a PartName>,
    /// The variable set to take values from.
    pub variables: Option<&'a str>,
}

/// The set of one namespace that a reference names, or a part of it, and the values of a variable
/// set.
///
/// # Errors
/// There is no such set, or it is not the plan's.
pub async fn exported(
    app: &App,
    Asked { reference, part, variables }: Asked<'_>,
    plan: Option<&KeptPlan>,
) -> Result<Exported, Failure> {
    // Files alone need neither a cluster nor its store.
    let is_alone = reference.is_file() && variables.is_none();
    let store = if is_alone && !app.connections.store_is_directory() {
        None
    } else {
        Some(app.connections.store().await?)
    };
    let sets = match &store {
        Some(store) => variable_sets(app, store).await?,
        None => Vec::new(),
    };
    let chosen = match variables {
        None => BTreeMap::new(),
        Some(name) => {
            let found = sets.iter().find(|set| set.name.as_ref() == name);
            let known = || sets.iter().map(|set| set.name.to_string()).collect();
            let missing = || AppError::NoVariableSet { set: name.to_owned(), known: known() };
            found.ok_or_else(missing)?.values.clone()
        }
    };
    let names = sets.into_iter().flat_map(|set| set.values.into_keys());
    let options = ReadOptions { variables: names.collect(), ..ReadOptions::default() };
    let found = resolve_one(app, reference, &options, store.as_ref()).await?;
    if let Some(plan) = plan.filter(|plan| plan.snapshot.digest != found.document.digest()) {
        let [is, planned] = [found.document.digest(), plan.snapshot.digest].map(|one| one.short());
        let text = format!("the plan is of {planned}, and {} is {is}", found.label);
        return Err(Failure::new(text).with_kind(FailureKind::Conflict));
    }
    let found = found.part(part)?;
    let set = document_as_captured_now(app, found, &options).await?.one()?.snapshot;
    warn_of_served(app, &set);
    Ok(Exported { set, chosen, options, planned: plan.map(|plan| planned(plan, part)) })
}

/// Says which flags no manifest can hold.
fn warn_of_served(app: &App, set: &Snapshot) {
    let served = set.spec.flags.iter().filter(|(_, flag)| is_served(flag) && flag.is_on());
    let served: Vec<&String> = served.map(|(name, _)| name).collect();
    if served.is_empty() {
        return;
    }
    app.observer.warning(&format!(
        "no manifest holds the flags of Unleash and Flipt: {} {} to be switched there",
        listed(&served),
        if served.len() == 1 { "is" } else { "are" }
    ));
}

fn planned(plan: &KeptPlan, part: Option<&PartName>) -> Planned {
    let parts = plan.parts.iter().filter(|one| part.is_none() || one.part.as_ref() == part);
    let (removed, written): (Vec<_>, Vec<_>) =
        parts.flat_map(|one| &one.writes).partition(|write| write.action == KeptAction::Remove);
    let key = |write: &KeptWrite| (write.kind, write.name.clone());
    // Who is only restarted has nothing that a commit could bring.
    let is_other = |write: &&KeptWrite| write.manifest.is_some() || !write.fields.is_empty();
    Planned {
        written: written.into_iter().filter(is_other).map(key).collect(),
        removed: removed.into_iter().map(key).collect(),
    }
}
