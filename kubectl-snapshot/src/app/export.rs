//! Export: a set in the form that another deployer takes.

use std::collections::BTreeMap;

use snapshot_core::{parts::PartName, reference::Reference, snapshot::Snapshot};

use super::{
    App, AppError, Failure, document_as_captured_now,
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
}

/// The set of one namespace that a reference names, or a part of it, and the values of a variable
/// set.
pub async fn exported(
    app: &App,
    reference: &Reference,
    part: Option<&PartName>,
    variables: Option<&str>,
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
    let found = resolve_one(app, reference, &options, store.as_ref()).await?.part(part)?;
    let set = document_as_captured_now(app, found, &options).await?.one()?.snapshot;
    Ok(Exported { set, chosen, options })
}
