//! Rights to write what is planned: asked for before the first write, for half of a set is worse
//! than none of it.

use std::collections::BTreeSet;

use futures::{StreamExt, stream};
use snapshot_core::plan::{Action, Plan, Plans, Step};

use super::{Target, target::TargetPart};
use crate::{
    app::{AppError, Failure},
    cluster::{ClusterError, Right},
};

/// Namespaces whose rights are asked for at once.
const NAMESPACES: usize = 4;

/// Refuses plans of which the user may not make a write.
pub(super) async fn refuse_forbidden(target: &Target, plans: &Plans) -> Result<(), Failure> {
    let asked = target.parts.iter().zip(plans.parts());
    let asked = asked.map(|(one, part)| async move { missing(one, &part.plan).await });
    let answers: Vec<Result<_, ClusterError>> =
        stream::iter(asked).buffered(NAMESPACES).collect().await;
    let mut namespaces = Vec::new();
    for (one, missing) in target.parts.iter().zip(answers) {
        let missing: Vec<String> = missing?.iter().map(ToString::to_string).collect();
        if !missing.is_empty() {
            namespaces.push((one.namespace(), missing));
        }
    }
    if namespaces.is_empty() { Ok(()) } else { Err(AppError::MayNotWrite { namespaces }.into()) }
}

/// The rights that are missing in one namespace.
async fn missing(one: &TargetPart, plan: &Plan) -> Result<Vec<Right>, ClusterError> {
    let namespace = one.cluster.namespace();
    let rights: BTreeSet<Right> = plan.steps.iter().map(|step| right(step, namespace)).collect();
    let answers = one.cluster.which_may(rights).await?;
    let denied: BTreeSet<Right> =
        answers.into_iter().filter(|(_, may)| !may).map(|(right, _)| right).collect();
    if denied.is_empty() {
        return Ok(Vec::new());
    }
    // A role may name the objects that it is for.
    let named = plan.steps.iter().filter_map(|step| {
        let right = right(step, namespace);
        let is_created = matches!(step.action, Action::Create { .. });
        (denied.contains(&right) && !is_created).then(|| right.to(&step.name))
    });
    let named = one.cluster.which_may(named.collect()).await?;
    let is_missing = |right: &Right| {
        let mut of_it = named.iter().filter(|(one, _)| one.is_of(right)).peekable();
        of_it.peek().is_none() || of_it.any(|(_, may)| !may)
    };
    Ok(denied.into_iter().filter(is_missing).collect())
}

/// The right that a step takes.
fn right(step: &Step, namespace: &str) -> Right {
    let verb = match step.action {
        Action::Create { .. } => "create",
        Action::Patch { .. } => "patch",
        Action::Remove { .. } => "delete",
    };
    Right::new(verb, step.kind.group(), step.kind.plural(), namespace)
}
