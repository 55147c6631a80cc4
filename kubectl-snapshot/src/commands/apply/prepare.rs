//! Everything that is known before the first write.

use std::collections::BTreeMap;

use super::ApplyArgs;
use crate::{
    cluster::{self, Cluster},
    commands::{
        failure::Failure,
        resolve::{Found, Reading},
        session::Session,
    },
    domain::{
        assembly::{Assembly, Choices, ConfigScope, RunningImage},
        plan::{Intent, Plan, plan},
        reference::Reference,
        snapshot::{Snapshot, Spec},
        stage::Stage,
    },
    store::{Store, VariableSet},
};

/// What is to be applied, where, and what runs there now.
pub(super) struct Prepared {
    pub(super) found: Found,
    pub(super) cluster: Cluster,
    pub(super) target: String,
    pub(super) stage: Option<Stage>,
    pub(super) running: Snapshot,
    pub(super) plan: Plan,
    pub(super) reading: Reading,
}

/// Reads the set and the place, and plans the writes between them.
pub(super) async fn prepare(args: &ApplyArgs, session: &Session) -> Result<Prepared, Failure> {
    let store = session.store().await?;
    let sets = store.variable_sets().await?;
    let cluster = session.cluster_for(&args.field_manager).await?;
    let mut stages = store.stages().await?.into_iter();
    let stage = stages.find(|stage| stage.is_at(cluster.context(), cluster.namespace()));
    let set = args.variables.clone().or_else(|| {
        stage.as_ref().and_then(|stage| stage.variables.as_ref()).map(ToString::to_string)
    });
    let chosen = match &set {
        None => BTreeMap::new(),
        Some(name) => values_of(name, &sets)?,
    };
    let reading = Reading {
        variables: sets.into_iter().flat_map(|set| set.values.into_keys()).collect(),
        configs: ConfigScope::All,
    };
    let found = resolve(args, session, &reading, &store).await?;
    let target = format!("live:{}", cluster.namespace());

    // Every value is read, because a plan compares what is really there; the
    // set that the policies see has its variables taken out again.
    let choices = Choices { lenient: true, ..Choices::default() };
    let progress = session.ui.count(&format!("reading {}", cluster.namespace()), None);
    let observed = cluster::read(&cluster, choices, &|count| progress.set(count)).await?;
    drop(progress);
    observed.warnings.iter().for_each(|warning| session.ui.warning(warning));
    let live = observed.assembly.finish();
    let plan = plan(Intent {
        name: &found.label,
        digest: found.snapshot.spec.digest(),
        target: &format!("{}/{}", cluster.context(), cluster.namespace()),
        set: &found.snapshot.spec,
        live: &live.spec,
        unused: &live.unused,
        existing: &observed.existing,
        chosen: &chosen,
    })?;
    let running = with_variables(&live.spec, &reading, session, &target)?;
    Ok(Prepared { found, cluster, target, stage, running, plan, reading })
}

/// The values of a variable set.
fn values_of(name: &str, sets: &[VariableSet]) -> Result<BTreeMap<String, String>, Failure> {
    let known: Vec<String> = sets.iter().map(|set| set.name.to_string()).collect();
    let chosen = sets.iter().find(|set| set.name.as_ref() == name);
    chosen.map(|set| set.values.clone()).ok_or_else(|| {
        Failure::usage(format!("there is no variable set {name}")).hint(match known.as_slice() {
            [] => "make one with: kubectl snapshot variables set SET NAME=VALUE".to_owned(),
            known => format!("there are: {}", known.join(", ")),
        })
    })
}

/// What is to run: also of files, the values of variables are taken out.
async fn resolve(
    args: &ApplyArgs,
    session: &Session,
    reading: &Reading,
    store: &Store,
) -> Result<Found, Failure> {
    if matches!(args.reference, Reference::Live { context: None, namespace: None }) {
        return Err(Failure::usage(
            "live is the namespace to apply to; name another: live:NAMESPACE",
        ));
    }
    session.resolve_one(&args.reference, reading, Some(store)).await
}

/// The same set with the values of variables taken out, as a capture has it.
fn with_variables(
    live: &Spec,
    reading: &Reading,
    session: &Session,
    source: &str,
) -> Result<Snapshot, Failure> {
    let choices =
        Choices { variables: reading.variables.clone(), configs: ConfigScope::All, lenient: true };
    let mut assembly = Assembly::new(choices);
    for manifest in live.objects.values() {
        if let Some((kind, _)) = manifest.identity() {
            assembly.add(kind, manifest.tree()).map_err(|error| Failure::new(error.to_string()))?;
        }
    }
    for one in live.instances() {
        for (name, container) in &one.instance.containers {
            if let Some(digest) = container.digest.as_ref().and_then(|digest| digest.parse().ok()) {
                let image = match &container.tag {
                    Some(tag) => format!("{}:{tag}", container.image),
                    None => container.image.clone(),
                };
                let running = RunningImage { container: name.clone(), image, digest };
                assembly.add_running(one.instance.kind, one.workload(), running);
            }
        }
    }
    session.finish(assembly.finish(), source.to_owned())
}
