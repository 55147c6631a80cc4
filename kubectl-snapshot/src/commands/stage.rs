//! `stage`: the places that snapshots go to, one after the other.

use clap::{Args, Subcommand};
use snapshot_core::{
    name::{SetName, StageName},
    parts::Namespaces,
    pin::Pin,
    stage::Stage,
    via::Via,
};

use super::{
    deploying::{pin, via},
    exit::Exit,
    output::OutputArgs,
    session::Session,
};
use crate::{
    app::{App, Failure, stages},
    commands::complete,
    render::{Change, Format, StageList},
    store::Stages,
};

/// Name the namespaces that snapshots go to, one after the other
///
/// A stage has a namespace, or one for each part of what goes there, perhaps a
/// variable set, and the policies that are bound to it: apply asks them in its
/// namespaces, and takes its variables.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # dev, then qa, then prod
  kubectl snapshot stage set dev --at dev
  kubectl snapshot stage set qa --at qa --after dev --variables qa
  kubectl snapshot stage set prod --at shop --after qa --variables prod

  # Which are there?
  kubectl snapshot stage list")]
pub(super) struct StageArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// List the stages, each after those before it
    #[command(after_help = "\
Examples:
  # The ladder, with its namespaces and variable sets
  kubectl snapshot stage list

  # Their names alone
  kubectl snapshot stage list -o name")]
    List {
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Make a stage, or replace one
    #[command(after_help = "\
Examples:
  # qa comes after dev, in the namespace qa, with the variables of qa
  kubectl snapshot stage set qa --at qa --after dev --variables qa

  # prod is in another cluster
  kubectl snapshot stage set prod --at eu-west/shop --after qa

  # Argo CD or Flux brings snapshots to prod by a commit; promote waits for that
  kubectl snapshot stage set prod --at shop --after qa --via export

  # Snapshots of several namespaces go to others there
  kubectl snapshot stage set prod --at shop=shop-prod,payments=pay-prod --after qa")]
    Set {
        /// The stage's name
        #[arg(add = complete::stage())]
        stage: StageName,
        /// Its namespace, in the store's cluster or another context's; or one for each part: shop=shop-prod,payments=pay-prod
        #[arg(long, value_name = "[CONTEXT/]NAMESPACE", add = complete::place())]
        at: Namespaces,
        /// A stage that comes right before it, can be repeated
        #[arg(long, value_name = "STAGE", add = complete::stage())]
        after: Vec<StageName>,
        /// The variable set that it takes values from
        #[arg(long, value_name = "SET", add = complete::variable_set())]
        variables: Option<SetName>,
        /// Write images there as repository:tag@digest: auto, always or never, as --pin of promote
        #[arg(long, value_name = "WHICH", value_parser = pin())]
        pin: Option<Pin>,
        /// The way by which snapshots come there: apply, this tool writes them; export, its own deployer brings them by a commit, and promote waits for that
        #[arg(long, value_name = "WAY", value_parser = via())]
        via: Option<Via>,
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Remove a stage; its namespace stays as it is
    #[command(after_help = "\
Examples:
  # Nothing goes to qa any more
  kubectl snapshot stage remove qa")]
    Remove {
        /// The stage's name
        #[arg(add = complete::stage())]
        stage: StageName,
        #[command(flatten)]
        output: OutputArgs,
    },
}

/// Lists or changes stages.
pub(super) async fn run(args: StageArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.app.connections.store().await?;
    match args.action {
        Action::List { output } => {
            let mut stages = store.stages().await?;
            let ladder = stages.ladder();
            for (stage, fault) in ladder.faults() {
                session.ui.warning(&format!("promotions to {stage} are undecided: {fault}"));
            }
            let is_none = stages.is_empty();
            stages::warn_of_broken(&session.app, &mut stages);
            if is_none && output.format == Format::Table {
                session.ui.status(
                    "no stages yet; make one with: kubectl snapshot stage set STAGE --at NAMESPACE",
                );
                return Ok(Exit::Done);
            }
            session.show(&StageList::new(ladder.stages().to_vec()), &output.format)?;
        }
        Action::Set { stage, at, after, variables, pin, via, output } => {
            if let Some(set) = &variables {
                store.variable_set(set).await?;
            }
            let stage = Stage { name: stage, namespaces: at, after, variables, pin, via };
            let mut stages = store.stages().await?;
            stages.readable.retain(|other| other.name != stage.name);
            stages.broken.retain(|other| other.name != stage.name.as_ref());
            refuse_rival(&session.app, &stage, &stages).await?;
            stages.readable.push(stage.clone());
            if let Some(fault) = stages.ladder().fault_of(&stage.name) {
                return Err(fault.clone().into());
            }
            store.put_stage(&stage).await?;
            session.tell(Change::new("stage", stage.name, "set"), &output.format)?;
        }
        Action::Remove { stage, output } => {
            let stages = store.stages().await?;
            if let Some(next) = stages.readable.iter().find(|other| other.after.contains(&stage)) {
                return Err(Failure::new(format!("stage {} comes after {stage}", next.name))
                    .hint(format!("set {} after another stage first, or remove it", next.name)));
            }
            let bindings = store.bindings().await?.bound;
            if let Some(bound) = bindings.iter().find(|binding| binding.stages.contains(&stage)) {
                let text = format!(
                    "policy {} is asked at {stage}, and would be asked no more",
                    bound.name
                );
                return Err(Failure::new(text).hint(format!(
                    "bind it elsewhere with: kubectl snapshot policy add POLICY --name {0} --stage \
                     STAGE; or remove it: kubectl snapshot policy remove {0}",
                    bound.name
                )));
            }
            store.delete_stage(&stage).await?;
            session.tell(Change::new("stage", stage, "removed"), &output.format)?;
        }
    }
    Ok(Exit::Done)
}

/// Refuses a stage at a namespace of another: which of them asks its policies there?
async fn refuse_rival(app: &App, stage: &Stage, others: &Stages) -> Result<(), Failure> {
    let cluster = app.connections.cluster().await.ok();
    let is_here = |context: &Option<String>| {
        let is_it = |it: &String| cluster.as_ref().and_then(|one| one.is_context(it)) == Some(true);
        context.as_ref().is_none_or(is_it)
    };
    for (_, at) in stage.namespaces.iter() {
        let is_rival = |other: &&Stage| {
            other.namespaces.iter().any(|(_, its)| {
                let is_same = its.context == at.context;
                its.namespace == at.namespace
                    && (is_same || is_here(&its.context) && is_here(&at.context))
            })
        };
        let known = others.readable.iter().find(is_rival).map(|other| other.name.to_string());
        let broken = others.broken.iter().find(|other| other.names(&at.namespace));
        let (other, says) = match (known, broken) {
            (Some(name), _) => (name.clone(), format!("is stage {name}'s")),
            (None, Some(other)) => {
                let name = other.name.clone();
                (name.clone(), format!("is named by stage {name}, which cannot be read"))
            }
            (None, None) => continue,
        };
        let text = format!("namespace {} {says}", at.namespace);
        return Err(Failure::new(text).hint(format!(
            "name another namespace, or remove the other first: kubectl snapshot stage remove {other}"
        )));
    }
    Ok(())
}
