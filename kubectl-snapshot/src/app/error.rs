//! Errors of the application itself: requests that cannot be met as things are.

use std::path::PathBuf;

use snapshot_core::{
    cluster_namespace::ClusterNamespace,
    flag_source::FlagsUrl,
    name::{FlagSourceName, StageName},
    parts::{InParts, NoSuchPart, PartName, listed},
    plan::{Blocked, Moved, Run},
    reference::Reference,
};

use crate::cluster::WriteError;

/// Error: the application did not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// A service that none of the snapshots has.
    #[error("there is no service {service} in {}", labels.join(" or "))]
    NoService {
        /// The service.
        service: String,
        /// The snapshots, as the user calls them.
        labels: Vec<String>,
    },
    /// No set is known that could run a service.
    #[error("no stage and no stored snapshot tells which images {service} has")]
    NothingRuns {
        /// The service.
        service: String,
    },
    /// No such stage.
    #[error("there is no stage {stage} in {place}")]
    NoStage {
        /// The stage's name.
        stage: StageName,
        /// The store.
        place: String,
        /// The stages that there are.
        known: Vec<StageName>,
    },
    /// No such variable set.
    #[error("there is no variable set {set}")]
    NoVariableSet {
        /// The set's name.
        set: String,
        /// The sets that there are.
        known: Vec<String>,
    },
    /// Flags that serve something else than in the set, and cannot be switched.
    #[error("{}", flags.join("; "))]
    Unswitchable {
        /// The flags, a sentence each.
        flags: Vec<String>,
    },
    /// A flag that is to go on once all that is written is ready, where nobody waits for that.
    #[error("flag {flag} goes on once all that is written is ready, and nobody waits for that")]
    SwitchedUnseen {
        /// The flag.
        flag: String,
    },
    /// No flag system, or more than one, has a flag.
    #[error("flag {flag} cannot be switched: {problem}")]
    NoFlagSource {
        /// The flag.
        flag: String,
        /// The problem.
        problem: String,
    },
    /// A Secret that holds no token that may be sent to a flag system.
    #[error("flag source {source_name}: Secret {secret} {problem}")]
    TokenSecret {
        /// Name of the source.
        source_name: FlagSourceName,
        /// The Secret, with its namespace.
        secret: String,
        /// Address of the flag system.
        url: FlagsUrl,
        /// The problem.
        problem: &'static str,
    },
    /// No such record.
    #[error("stage {stage} has no record {number}")]
    NoRecord {
        /// The stage.
        stage: StageName,
        /// The record's number.
        number: u64,
    },
    /// A stage that nothing has been promoted to.
    #[error("nothing has been promoted to stage {stage} yet")]
    NothingPromoted {
        /// The stage.
        stage: StageName,
    },
    /// A stage where nothing is known to run.
    #[error(
        "nothing has been promoted to stage {stage} and seen to run: record {stage}/{number} let \
         {snapshot} through, and that ended: {result}"
    )]
    NothingSeenToRun {
        /// The stage.
        stage: StageName,
        /// The last record's number.
        number: u64,
        /// The snapshot that it let through.
        snapshot: String,
        /// The end of that, in words.
        result: String,
    },
    /// A stage that has no set to go back to.
    #[error("there is nothing to go back to at stage {stage}")]
    NothingBefore {
        /// The stage.
        stage: StageName,
    },
    /// A decision of somebody else at the stage, meanwhile.
    #[error(
        "somebody else was faster: record {stage}/{number} is written already, and nothing was done"
    )]
    Overtaken {
        /// The stage.
        stage: StageName,
        /// The number that the record was to have.
        number: u64,
    },
    /// The user may not override policies.
    #[error("{actor} may not override at stage {stage}")]
    MayNotOverride {
        /// The user.
        actor: String,
        /// The stage.
        stage: StageName,
        /// The store's namespace, whose roles decide.
        namespace: String,
    },
    /// Policies are overridden by roles alone, and a directory has none.
    #[error("only a store in a cluster has roles that say who may override policies")]
    NoRolesInFiles,
    /// Something that cannot be captured from.
    #[error("a snapshot is captured from files, not from {from}")]
    NotFiles {
        /// The reference.
        from: Reference,
    },
    /// Nothing tells who the user is.
    #[error("nobody can tell who records this")]
    NoRecorder,
    /// Rollout that a capture waited for, and that has not ended well.
    #[error("the rollout of {workload} {state}{}; nothing was captured", and_more(*.others))]
    NotRolledOut {
        /// The first such workload: `Deployment cart`.
        workload: String,
        /// State of it, to go behind its name.
        state: String,
        /// Number of further workloads in the like state.
        others: usize,
    },
    /// The API server would refuse a part of the plan.
    #[error("{} of the changes cannot be made, so nothing was written", blocked.len())]
    Blocked {
        /// The changes, each with its part.
        blocked: Vec<(Option<PartName>, Blocked)>,
    },
    /// The API server says that it would not take writes of the plan.
    #[error(
        "{} of the {writes} writes cannot be made, so nothing was written",
        refused.len()
    )]
    NotTaken {
        /// The writes, each with its part.
        refused: Vec<(Option<PartName>, WriteError)>,
        /// Number of all writes of the plan.
        writes: usize,
    },
    /// A stage where nothing is written that could be planned or checked.
    #[error("nothing is written to stage {stage}: its own deployer brings what goes there")]
    NothingToWrite {
        /// The stage.
        stage: StageName,
    },
    /// Something is other than it was planned.
    #[error(
        "the plan cannot be carried out as it was made: {} moved since; nothing was written",
        match moved.len() {
            1 => "one thing has".to_owned(),
            several => format!("{several} things have"),
        }
    )]
    PlanMoved {
        /// All that is other than planned.
        moved: Vec<Moved>,
    },
    /// No policy of that name.
    #[error("no policy {name} is bound, and none of that name ships")]
    NoPolicy {
        /// The name.
        name: String,
    },
    /// A set in parts, where that of one namespace is wanted.
    #[error("{label} cannot be taken here: {error}")]
    InParts {
        /// Name of the snapshot, as the user gave it.
        label: String,
        /// The parts.
        #[source]
        error: InParts,
    },
    /// The set of one namespace beside one in parts.
    #[error(
        "{one} is the set of one namespace, and {several} one of several, with the parts {}: which \
         of them it is to be compared with cannot be told",
        listed(parts)
    )]
    OneBesideParts {
        /// The set of one namespace, as the user calls it.
        one: String,
        /// The set in parts, as the user calls it.
        several: String,
        /// The parts.
        parts: Vec<PartName>,
    },
    /// No part of that alias.
    #[error("{label}: {error}")]
    NoPart {
        /// Name of the snapshot, as the user gave it.
        label: String,
        /// The parts that there are.
        #[source]
        error: NoSuchPart,
    },
    /// Several namespaces, where one is wanted.
    #[error("several namespaces are named ({}), and this works in one", namespaces.join(", "))]
    SeveralNamespaces {
        /// The namespaces.
        namespaces: Vec<String>,
    },
    /// No namespace has the labels that are asked for.
    #[error("there is no namespace{}", with_labels(labels.as_deref()))]
    NoNamespaces {
        /// The labels, where some are asked for.
        labels: Option<String>,
    },
    /// Namespaces that hold nothing.
    #[error("none of the namespaces holds anything that belongs to a set")]
    NothingThere,
    /// Namespaces that are being deleted.
    #[error(
        "what is in {} is being deleted with it, so it is no part of a set; nothing was captured",
        listed(namespaces)
    )]
    Ending {
        /// The namespaces.
        namespaces: Vec<PartName>,
    },
    /// Namespaces that could not be read, beside others that could.
    #[error(
        "{} cannot be read{}: {first}; the rest is not the whole, so nothing was done with it",
        listed(unread),
        beside(read)
    )]
    Unread {
        /// The namespaces that could not be read.
        unread: Vec<String>,
        /// Those that were read.
        read: Vec<String>,
        /// The reason of the first.
        first: String,
    },
    /// Namespaces that a set goes to, and that are being deleted.
    #[error(
        "{} {} being deleted; nothing was written, in no namespace",
        listed(ending),
        if ending.len() == 1 { "is" } else { "are" }
    )]
    NoTarget {
        /// The namespaces.
        ending: Vec<String>,
    },
    /// Namespaces that a set goes to, and that cannot be read, beside others that can.
    #[error(
        "{} cannot be read{}: {first}; nothing was written, in no namespace",
        listed(unread),
        beside(read)
    )]
    UnreadTarget {
        /// The namespaces that could not be read.
        unread: Vec<String>,
        /// Those that were read.
        read: Vec<String>,
        /// The reason of the first.
        first: String,
    },
    /// Writes that the user has no right to, in some of several namespaces.
    #[error(
        "the right to {} is missing; nothing was written{}",
        missing(namespaces),
        if namespaces.len() > 1 { ", in no namespace" } else { "" }
    )]
    MayNotWrite {
        /// Each namespace with the rights that are missing there.
        namespaces: Vec<(ClusterNamespace, Vec<String>)>,
    },
    /// Namespaces of several stages.
    #[error(
        "the namespaces belong to the stages {}, which have policies of their own",
        listed(stages)
    )]
    SeveralStages {
        /// The stages.
        stages: Vec<StageName>,
    },
    /// A set in parts, and one namespace.
    #[error(
        "{label} is a set of several namespaces, with the parts {}, and {} has one namespace",
        listed(parts),
        place(stage.as_ref())
    )]
    PartsForOne {
        /// The set, as the user calls it.
        label: String,
        /// The parts.
        parts: Vec<PartName>,
        /// The stage, if the place is one.
        stage: Option<StageName>,
    },
    /// The set of one namespace, and a stage that has several.
    #[error(
        "{label} is the set of one namespace, and stage {stage} has one for each of the parts {}: \
         which of them it is for cannot be told",
        listed(parts)
    )]
    OneForParts {
        /// The set, as the user calls it.
        label: String,
        /// The stage.
        stage: StageName,
        /// The parts that the stage has namespaces for.
        parts: Vec<PartName>,
    },
    /// Parts that have no namespace at a place.
    #[error(
        "{} has no namespace for {}, which {label} has; it has some for {}",
        place(stage.as_ref()),
        listed(missing),
        listed(known)
    )]
    NoNamespace {
        /// The set, as the user calls it.
        label: String,
        /// Parts without a namespace.
        missing: Vec<PartName>,
        /// Parts with one.
        known: Vec<PartName>,
        /// The stage, if the place is one.
        stage: Option<StageName>,
    },
    /// Namespaces in which no run is left that has not come to its end.
    #[error("no run has been left half done in {}", listed(namespaces))]
    NothingUnfinished {
        /// The namespaces.
        namespaces: Vec<ClusterNamespace>,
    },
    /// A run that has written to more namespaces than are named.
    #[error(
        "the run that brought {} of {} wrote to {missing}, too, which is not named",
        run.snapshot,
        run.begun
    )]
    RunElsewhere {
        /// The run.
        run: Box<Run>,
        /// A namespace that is not named.
        missing: ClusterNamespace,
    },
    /// A file too large for a policy.
    #[error("policy {} has more than {mebibytes} MiB; at most that much is loaded", file.display())]
    PolicyTooLarge {
        /// The file.
        file: PathBuf,
        /// The limit.
        mebibytes: u64,
    },
}

fn place(stage: Option<&StageName>) -> String {
    stage.map_or_else(|| "the place".to_owned(), |stage| format!("stage {stage}"))
}

/// `patch deployments.apps in kind/pay-prod`.
fn missing(namespaces: &[(ClusterNamespace, Vec<String>)]) -> String {
    let one =
        |(at, rights): &(ClusterNamespace, Vec<String>)| format!("{} in {at}", listed(rights));
    namespaces.iter().map(one).collect::<Vec<_>>().join(", and to ")
}

fn with_labels(labels: Option<&str>) -> String {
    labels.map_or_else(String::new, |labels| format!(" with the labels {labels}"))
}

fn beside(read: &[String]) -> String {
    if read.is_empty() { String::new() } else { format!(", though {} can", listed(read)) }
}

fn and_more(others: usize) -> String {
    match others {
        0 => String::new(),
        others => format!(", and so with {others} more"),
    }
}
