//! `stage`: the places that snapshots go to, one after the other.

use clap::{Args, Subcommand};

use super::{exit::Exit, failure::Failure, session::Session};
use crate::{
    domain::{
        name::{SetName, StageName},
        stage::{LadderError, Stage, in_order},
    },
    render::{Format, StageList},
    store::Store,
};

/// Name the namespaces that snapshots go to, one after the other
///
/// A stage has a namespace, perhaps a variable set, and the policies that are
/// bound to it: apply asks them in its namespace, and takes its variables.
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
    List {
        /// How to print it: table, wide, json, yaml, name, jsonpath=TEMPLATE, markdown
        #[arg(
            short,
            long,
            value_name = "FORMAT",
            default_value = "table",
            hide_default_value = true
        )]
        output: Format,
    },
    /// Make a stage, or replace one
    Set {
        /// The stage's name
        stage: StageName,
        /// Its namespace, in the store's cluster or another context's
        #[arg(long, value_name = "[CONTEXT/]NAMESPACE")]
        at: String,
        /// A stage that comes right before it, can be repeated
        #[arg(long, value_name = "STAGE")]
        after: Vec<StageName>,
        /// The variable set that it takes values from
        #[arg(long, value_name = "SET")]
        variables: Option<SetName>,
    },
    /// Remove a stage; its namespace stays as it is
    Remove {
        /// The stage's name
        stage: StageName,
    },
}

/// Lists or changes stages.
pub(super) async fn run(args: StageArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.store().await?;
    match args.action {
        Action::List { output } => {
            let stages = in_order(store.stages().await?)?;
            if stages.is_empty() && output == Format::Table {
                session.ui.status(
                    "no stages yet; make one with: kubectl snapshot stage set STAGE --at NAMESPACE",
                );
                return Ok(Exit::Done);
            }
            session.show(&StageList::new(stages), &output)?;
        }
        Action::Set { stage, at, after, variables } => {
            if let Some(set) = &variables {
                store.variable_set(set).await?;
            }
            let (context, namespace) = match at.rsplit_once('/') {
                Some((context, namespace)) => (Some(context.to_owned()), namespace.to_owned()),
                None => (None, at),
            };
            if namespace.is_empty() || context.as_ref().is_some_and(String::is_empty) {
                return Err(Failure::usage("--at takes NAMESPACE, or CONTEXT/NAMESPACE"));
            }
            let stage = Stage { name: stage, namespace, context, after, variables };
            let mut stages = store.stages().await?;
            stages.retain(|other| other.name != stage.name);
            stages.push(stage.clone());
            in_order(stages)?;
            store.put_stage(&stage).await?;
            session.print(|out| Ok(writeln!(out, "stage/{} set", stage.name)?))?;
        }
        Action::Remove { stage } => {
            let stages = store.stages().await?;
            if let Some(next) = stages.iter().find(|other| other.after.contains(&stage)) {
                return Err(Failure::new(format!("stage {} comes after {stage}", next.name))
                    .hint(format!("set {} after another stage first, or remove it", next.name)));
            }
            store.delete_stage(&stage).await?;
            session.print(|out| Ok(writeln!(out, "stage/{stage} removed")?))?;
        }
    }
    Ok(Exit::Done)
}

impl From<LadderError> for Failure {
    fn from(error: LadderError) -> Self {
        Self::usage(error.to_string())
            .hint("kubectl snapshot stage list shows those that there are")
    }
}

impl Session {
    /// The stage of that name.
    pub(super) async fn stage(&self, name: &StageName) -> Result<Stage, Failure> {
        let store = self.store().await?;
        named(&store.stages().await?, name, &store)
    }
}

/// The stage of that name, of those that there are.
pub(super) fn named(stages: &[Stage], name: &StageName, store: &Store) -> Result<Stage, Failure> {
    if let Some(stage) = stages.iter().find(|stage| stage.name == *name) {
        return Ok(stage.clone());
    }
    let failure = Failure::usage(format!("there is no stage {name} in {}", store.place()));
    Err(if stages.is_empty() {
        failure.hint("make one with: kubectl snapshot stage set STAGE --at NAMESPACE")
    } else {
        let known: Vec<&str> = stages.iter().map(|stage| stage.name.as_ref()).collect();
        failure.hint(format!("there are: {}", known.join(", ")))
    })
}
