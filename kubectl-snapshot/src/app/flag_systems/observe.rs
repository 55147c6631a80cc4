//! Observation of a namespace, and of what the flag systems serve to its services.

use std::collections::BTreeMap;

use futures::future::join_all;
use snapshot_core::{
    assembly::CaptureOptions,
    flag_source::{FlagSource, SeenFlags},
    flags::hidden_origin,
    plan::FlagSwitch,
};

use super::{credentials::tokens, known::sources_at};
use crate::{
    app::{App, AppError, Failure},
    cluster::{self, Cluster, ListRoom, Observed},
    sources::flag_systems::{self, Served},
};

/// Demand on flag systems.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Demand {
    /// A system that does not answer stops nobody: its flags are unknown.
    #[default]
    AsFarAsTheyAnswer,
    /// All of them are read, or nothing is.
    All,
}

/// Reads what runs in the cluster's namespace, and its flags wherever they live.
pub(in crate::app) async fn observe(
    app: &App,
    cluster: &Cluster,
    options: CaptureOptions,
    demand: Demand,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<Observed, Failure> {
    observe_within(app, cluster, options, demand, &ListRoom::default(), progress).await
}

/// Reads as [`observe`] does, as far as there is room for the namespace's lists.
pub(in crate::app) async fn observe_within(
    app: &App,
    cluster: &Cluster,
    options: CaptureOptions,
    demand: Demand,
    room: &ListRoom,
    progress: &(dyn Fn(usize) + Send + Sync),
) -> Result<Observed, Failure> {
    let objects = async { Ok(cluster::read_within(cluster, options, room, progress).await?) };
    let (mut observed, served) = tokio::try_join!(objects, Box::pin(served(app, cluster)))?;
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    for (source, _) in &served {
        *times.entry(source.origin()).or_default() += 1;
    }
    for (source, result) in served {
        match result {
            Ok(served) => {
                let is_alone = times.get(&source.origin()).is_none_or(|times| *times < 2);
                add(&mut observed, &source, served, is_alone);
            }
            Err(failure) if demand == Demand::All => return Err(failure),
            Err(failure) => {
                let text = format!("the flags of {} are unknown: {}", source.name, failure.message);
                observed.warnings.push(text);
                // The reason is part of the set: nothing in it may be of the moment.
                let reason = format!("flag source {} did not answer", source.name);
                observed.assembly.hide_flags(hidden_origin(&source), reason);
            }
        }
    }
    Ok(observed)
}

fn add(observed: &mut Observed, source: &FlagSource, served: Served, is_alone: bool) {
    let Served { mut flags, environment, revision, has_words } = served;
    if !has_words && !flags.is_empty() {
        observed.warnings.push(format!(
            "nobody knows what the flags of {} need: their tags are read with an admin's token, from {} or from the source's Secret",
            source.name,
            source.admin_token_variable()
        ));
    }
    // Where two systems would call their flags alike, each is called by its source.
    if !is_alone {
        flags.call_set(source.name.as_ref());
    }
    let seen =
        SeenFlags { system: source.system, url: source.url.to_string(), environment, revision };
    observed.assembly.add_served_flags(source.name.clone(), flags, seen);
}

/// Answers of the namespace's sources.
async fn served(
    app: &App,
    cluster: &Cluster,
) -> Result<Vec<(FlagSource, Result<Served, Failure>)>, Failure> {
    Ok(read_sources(app, sources_at(app, cluster).await?).await)
}

/// Asks each of some sources for its flags, all at once.
pub async fn read_sources(
    app: &App,
    sources: Vec<FlagSource>,
) -> Vec<(FlagSource, Result<Served, Failure>)> {
    let reads = sources.into_iter().map(|source| async move {
        let served = read_source(app, &source).await;
        (source, served)
    });
    join_all(reads).await
}

/// Asks a source for its flags.
pub async fn read_source(app: &App, source: &FlagSource) -> Result<Served, Failure> {
    let tokens = tokens(app, source).await?;
    let patience = app.connections.request_timeout();
    Ok(flag_systems::read(source, &tokens, patience).await?)
}

/// The source that serves a flag of the cluster's namespace.
pub(in crate::app) async fn source_of(
    app: &App,
    cluster: &Cluster,
    switch: &FlagSwitch,
) -> Result<FlagSource, Failure> {
    let sources = sources_at(app, cluster).await?.into_iter();
    let mut able: Vec<FlagSource> = sources.filter(|one| one.system == switch.system).collect();
    if able.len() > 1 {
        // A flag of one among several systems is called by its source, where others have its key.
        let called = switch.seen.flag_set.as_deref();
        let is_it = |one: &FlagSource, served: &Served| {
            called.is_none_or(|set| set == one.name.as_ref())
                && served.flags.get(&switch.key).is_some()
        };
        let read = read_sources(app, able).await.into_iter();
        able = read
            .filter_map(|(one, read)| read.ok().filter(|it| is_it(&one, it)).map(|_| one))
            .collect();
    }
    let problem = match able.len() {
        1 => return Ok(able.remove(0)),
        0 => format!("no {} is named for {}", switch.system, cluster.namespace()),
        _ => "several flag sources have it".to_owned(),
    };
    Err(AppError::NoFlagSource { flag: switch.flag.clone(), problem }.into())
}
