//! Hints for errors of the application itself.

use snapshot_core::{name::StageName, parts::PartName};

use super::one;
use crate::{app::AppError, cluster::RIGHTS, policies::SHIPPED};

/// The differences from a plan that are told.
const MOVED: usize = 20;

/// The parts that a hint gives a namespace each.
const PAIRS: usize = 8;

pub(super) fn for_app(error: &AppError) -> Vec<String> {
    match error {
        AppError::NoService { labels, .. } => {
            let first = labels.first().map_or("live", String::as_str);
            one(format!("kubectl snapshot describe {first} shows those that there are"))
        }
        AppError::NothingRuns { .. } => {
            one("name a set that runs it with --in REF, or its images with --image REPOSITORY")
        }
        AppError::NoStage { known, .. } if known.is_empty() => {
            one("make one with: kubectl snapshot stage set STAGE --at NAMESPACE")
        }
        AppError::NoStage { known, .. } => {
            let known: Vec<&str> = known.iter().map(AsRef::as_ref).collect();
            one(format!("there are: {}", known.join(", ")))
        }
        AppError::NoVariableSet { known, .. } if known.is_empty() => {
            one("make one with: kubectl snapshot variables set SET NAME=VALUE")
        }
        AppError::NoVariableSet { known, .. } => one(format!("there are: {}", known.join(", "))),
        AppError::Unswitchable { .. }
        | AppError::SwitchedUnseen { .. }
        | AppError::NoFlagSource { .. }
        | AppError::TokenSecret { .. } => for_flags(error),
        AppError::NoRecord { stage, .. } => {
            one(format!("kubectl snapshot history {stage} shows those that there are"))
        }
        AppError::NothingPromoted { stage } => {
            one(format!("promote something: kubectl snapshot promote REF --to {stage}"))
        }
        AppError::NothingSeenToRun { stage, .. } => vec![
            format!("kubectl snapshot history {stage} says more"),
            format!("promote once more: kubectl snapshot promote REF --to {stage}"),
        ],
        AppError::NothingBefore { stage } => one(format!(
            "kubectl snapshot history {stage} shows what ran there; --to names another snapshot"
        )),
        AppError::Overtaken { stage, .. } => vec![
            format!("look at it with: kubectl snapshot history {stage}"),
            "then run the command again".to_owned(),
        ],
        AppError::MayNotOverride { namespace, .. } => one(format!(
            "that takes a role in namespace {namespace} with the verb override on stages of {RIGHTS}"
        )),
        AppError::NoRolesInFiles => {
            one("leave out --override, or name the namespace of a store with --store-namespace")
        }
        AppError::NotFiles { .. } => vec![
            "--from takes a file, a folder, or - for standard input".to_owned(),
            "to store what a snapshot holds under another name, use: kubectl snapshot tag"
                .to_owned(),
        ],
        AppError::NothingToWrite { .. } => one(
            "leave out --plan-out, --plan and --dry-run=server; --dry-run=client asks the policies alone",
        ),
        AppError::NotRolledOut { .. } => {
            one("without --wait, what is there is captured, with a warning")
        }
        AppError::NothingUnfinished { .. } | AppError::RunElsewhere { .. } => for_runs(error),
        AppError::NoRecorder => one("set the environment variable USER to your name"),
        AppError::Blocked { .. } | AppError::NotTaken { .. } | AppError::PlanMoved { .. } => {
            for_plans(error)
        }
        AppError::NoPolicy { name } => {
            let ships: Vec<&str> = SHIPPED.iter().map(|policy| policy.name).collect();
            vec![
                "kubectl snapshot policy list shows those that are bound".to_owned(),
                format!("these ship inside the plugin: {}", ships.join(", ")),
                format!("for a file, write ./{name}"),
            ]
        }
        AppError::InParts { .. }
        | AppError::OneBesideParts { .. }
        | AppError::MayNotWrite { .. }
        | AppError::UnreadTarget { .. }
        | AppError::SeveralStages { .. }
        | AppError::PartsForOne { .. }
        | AppError::OneForParts { .. }
        | AppError::NoNamespace { .. } => for_parts(error),
        AppError::NoPart { .. } | AppError::NothingThere | AppError::NoTarget { .. } => Vec::new(),
        AppError::SeveralNamespaces { .. } => one("name one with --namespace"),
        AppError::NoNamespaces { .. } => {
            one("kubectl get namespaces --show-labels shows those that there are")
        }
        AppError::Ending { .. } => {
            one("name the others with --namespace, or leave them out with --exclude-namespaces")
        }
        AppError::Unread { .. } => {
            one("name those that can be read with --namespace, or ask for the right to the others")
        }
        AppError::PolicyTooLarge { .. } => {
            one("build it for size: optimise, strip, leave out what it does not call")
        }
    }
}

/// Hints where a flag lives in a system that is asked over the network.
fn for_flags(error: &AppError) -> Vec<String> {
    match error {
        AppError::SwitchedUnseen { .. } => one("leave out --wait=false"),
        AppError::Unswitchable { .. } | AppError::NoFlagSource { .. } => {
            one("kubectl snapshot flags source list shows which are named for which places")
        }
        AppError::TokenSecret { secret, url, .. } => {
            let (namespace, name) = secret.split_once('/').unwrap_or(("default", secret));
            one(format!(
                "make it with: kubectl create secret generic {name} -n {namespace} \
                 --from-literal=url={url} --from-file=token=FILE"
            ))
        }
        _ => Vec::new(),
    }
}

/// Hints where a plan cannot be carried out.
fn for_plans(error: &AppError) -> Vec<String> {
    match error {
        AppError::Blocked { blocked } => blocked
            .iter()
            .map(|(part, blocked)| {
                let part = part.as_ref().map(|part| format!("{part}: ")).unwrap_or_default();
                format!("{part}{} {}: {}", blocked.kind, blocked.name, blocked.reason)
            })
            .collect(),
        AppError::NotTaken { refused, .. } => {
            let told = refused.iter().take(MOVED).map(|(part, error)| {
                let part = part.as_ref().map(|part| format!("{part}: ")).unwrap_or_default();
                format!("{part}{error}")
            });
            let more = refused.len().checked_sub(MOVED + 1);
            told.chain(more.map(|more| format!("and {} more", more + 1))).collect()
        }
        AppError::PlanMoved { moved } => {
            let told = moved.iter().take(MOVED).map(ToString::to_string);
            let more =
                moved.len().checked_sub(MOVED + 1).map(|more| format!("and {} more", more + 1));
            let again = "look at it again: --plan-out makes a new plan".to_owned();
            told.chain(more).chain([again]).collect()
        }
        _ => Vec::new(),
    }
}

/// Hints where a run that did not come to its end is looked for.
fn for_runs(error: &AppError) -> Vec<String> {
    match error {
        AppError::RunElsewhere { run, .. } => {
            let namespaces: Vec<&str> =
                run.namespaces.iter().map(|at| at.namespace.as_str()).collect();
            one(format!("name all of them, with --at or --namespace {}", namespaces.join(",")))
        }
        _ => vec![
            "kubectl snapshot doctor -n NAMESPACE tells of a run that is under way, or was killed"
                .to_owned(),
            "a stage goes back with: kubectl snapshot rollback STAGE".to_owned(),
        ],
    }
}

/// Hints where a set has parts, or a place has several namespaces.
fn for_parts(error: &AppError) -> Vec<String> {
    match error {
        AppError::InParts { error, .. } => one(format!(
            "choose one of them with --part {}",
            error.parts.first().map_or("PART", AsRef::as_ref)
        )),
        AppError::OneBesideParts { parts, .. } => one(format!(
            "choose one of them with --part {}",
            parts.first().map_or("PART", AsRef::as_ref)
        )),
        AppError::MayNotWrite { namespaces } => namespaces
            .iter()
            .map(|(at, _)| {
                let namespace = &at.namespace;
                format!(
                    "kubectl snapshot doctor -n {namespace} shows what each command takes there"
                )
            })
            .collect(),
        AppError::UnreadTarget { .. } => one(
            "ask for the right to read it, or say where else the part goes: kubectl snapshot stage \
             set, or --at of apply",
        ),
        AppError::SeveralStages { .. } => {
            vec![
                "promote to each of them: kubectl snapshot promote REF --to STAGE".to_owned(),
                "of two in one namespace remove one: kubectl snapshot stage remove STAGE"
                    .to_owned(),
            ]
        }
        AppError::PartsForOne { parts, stage, .. } => {
            let first = parts.first().map_or("PART", AsRef::as_ref);
            vec![
                name_namespaces(parts, stage.as_ref()),
                format!("or choose one of them with --part {first}"),
            ]
        }
        AppError::OneForParts { stage, .. } => one(format!(
            "capture a set of all of them: kubectl snapshot capture NAME --namespace NS,NS; \
             kubectl snapshot stage list shows the namespaces of {stage}"
        )),
        AppError::NoNamespace { missing, known, stage, .. } => {
            let mut parts: Vec<PartName> = known.iter().chain(missing).cloned().collect();
            parts.sort();
            one(name_namespaces(&parts, stage.as_ref()))
        }
        _ => Vec::new(),
    }
}

/// Hint at the flag that says which namespace each part is.
fn name_namespaces(parts: &[PartName], stage: Option<&StageName>) -> String {
    let named = parts.iter().take(PAIRS).map(|part| format!("{part}=NAMESPACE"));
    let mut named: Vec<String> = named.collect();
    if parts.len() > PAIRS {
        named.push("…".to_owned());
    }
    let at = format!("--at {}", named.join(","));
    match stage {
        Some(stage) => {
            format!("say which namespace each part is: kubectl snapshot stage set {stage} {at}")
        }
        None => format!("say which namespace each part is: {at}"),
    }
}
