//! The policies that a team has bound, and those that are asked unless it did.

use snapshot_core::{
    name::StageName,
    policy::{Binding, Decision, Mode, Settings},
    verdict::{Outcome, PolicyReport},
};

use super::{
    super::{App, Failure},
    PolicyLookup,
};
use crate::{
    cluster::ClusterError,
    policies::{Asked, SHIPPED, Shipped},
    sources::signature::verify,
    store::{Bindings, Store, StoreError},
};

/// The policies to ask at a stage, or the report that stands for those that
/// cannot be known.
pub(super) async fn gather(
    app: &App,
    decision: Decision,
    stage: Option<&StageName>,
    lookup: PolicyLookup,
) -> Result<Result<Vec<Asked>, PolicyReport>, Failure> {
    let (store, bindings) = match bindings(app, decision, lookup).await? {
        Ok(found) => found,
        Err(unknown) => return Ok(Err(unknown)),
    };
    let mut asked = Vec::new();
    let by_default = |policy: &&Shipped| policy.by_default && policy.decides == decision;
    for policy in SHIPPED.iter().filter(by_default) {
        if !bindings.has(policy.name) {
            asked.push(Asked::new(policy.name, Ok(policy.bytes.into())));
        }
    }
    if let Some(store) = store {
        // It may be a slip: then a team's policies are elsewhere.
        if decision == Decision::Compatibility
            && bindings.is_empty()
            && app.connections.names_a_store()
            && store.is_missing().await
        {
            app.observer.warning(&format!(
                "there is no {}: no policies but those that ship are asked",
                store.place()
            ));
        }
        if decision == Decision::Promotion && stage.is_some() {
            warn_of_astray(app, &store, &bindings.bound).await?;
        }
        for broken in bindings.broken.into_iter().filter(|broken| broken.applies_at(stage)) {
            asked.push(Asked::new(broken.name, Err(Failure::from(broken.error).message)));
        }
        for binding in bindings.bound.into_iter().filter(|binding| binding.applies_at(stage)) {
            asked.push(load(&store, binding).await);
        }
    }
    asked.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Ok(asked))
}

/// Says of each policy that is bound to a stage which is not there: its name may be a slip, and
/// the stage that was meant goes unguarded.
pub async fn warn_of_astray(app: &App, store: &Store, bound: &[Binding]) -> Result<(), Failure> {
    if bound.iter().all(|binding| binding.stages.is_empty()) {
        return Ok(());
    }
    let stages = store.stages().await?;
    for binding in bound {
        for stage in binding.stages.iter().filter(|stage| !stages.has(stage)) {
            app.observer.warning(&format!(
                "policy {} is bound to stage {stage}, and there is no such stage",
                binding.name
            ));
        }
    }
    Ok(())
}

type Bound = (Option<Store>, Bindings);

async fn bindings(
    app: &App,
    decision: Decision,
    lookup: PolicyLookup,
) -> Result<Result<Bound, PolicyReport>, Failure> {
    let nothing = (None, Bindings::default());
    let found = match (app.connections.store_if_any().await, lookup) {
        (Ok(Some(store)), _) => {
            let bindings = store.bindings().await;
            bindings.map(|bindings| (Some(store), bindings))
        }
        // Without a cluster there is nothing bound in it.
        (Ok(None), PolicyLookup::Optional) => return Ok(Ok(nothing)),
        (Ok(None), PolicyLookup::Needed) => return Err(ClusterError::NoCluster.into()),
        (Err(failure), PolicyLookup::Optional) => {
            warn(app, &failure);
            return Ok(Ok(nothing));
        }
        (Err(failure), PolicyLookup::Needed) => return Err(failure),
    };
    match found {
        Ok(found) => Ok(Ok(found)),
        Err(StoreError::Cluster(error @ ClusterError::Forbidden { .. })) => {
            Ok(Err(unknown(decision, &error)))
        }
        Err(StoreError::Cluster(error)) if lookup == PolicyLookup::Optional => {
            warn(app, &error.into());
            Ok(Ok(nothing))
        }
        Err(error) => Err(error.into()),
    }
}

fn warn(app: &App, failure: &Failure) {
    app.observer.failure("policies that are bound in the cluster are not asked", failure);
}

/// Whoever may not read what is bound cannot decide without it.
fn unknown(decision: Decision, error: &ClusterError) -> PolicyReport {
    PolicyReport {
        policy: "bound policies".to_owned(),
        digest: None,
        decision,
        question_digest: None,
        settings: Settings::default(),
        config_maps: Vec::new(),
        mode: Mode::Enforce,
        outcome: Outcome::Undecided { reason: format!("they cannot be read: {error}") },
    }
}

async fn load(store: &Store, binding: Binding) -> Asked {
    Asked {
        name: binding.name.to_string(),
        bytes: bytes(store, &binding).await.map(Into::into).map_err(|failure| failure.message),
        settings: binding.settings,
        mode: binding.mode,
        config_maps: binding.config_maps,
    }
}

/// The bytes of a bound policy, signed by whom the binding names.
pub(super) async fn bytes(store: &Store, binding: &Binding) -> Result<Vec<u8>, Failure> {
    let bytes = store.policy(binding).await?;
    if let Some(key) = &binding.key {
        let name = format!("policy {}", binding.name);
        verify(&name, key, &binding.policy, binding.signature.as_ref())?;
    }
    Ok(bytes)
}
