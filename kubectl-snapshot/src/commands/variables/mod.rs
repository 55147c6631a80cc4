//! `variables`: the values that belong to a place, not to a set.

mod learn;

use std::collections::BTreeMap;

use clap::{Args, Subcommand};
use snapshot_core::name::SetName;

use super::{exit::Exit, output::OutputArgs, session::Session};
use crate::{
    app::{Failure, read::variable_sets},
    commands::complete,
    render::{Change, Format, VariableSets},
};

/// Name the environment values that belong to a place, such as a database's address
///
/// A name that any variable set defines is a variable everywhere: captured
/// without its value, shown apart in diff, and chosen by apply --variables.
/// label:NAME and annotation:NAME are labels and annotations of the place: an
/// apply leaves those that are there alone, and what it creates gets the set's.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # DB_HOST belongs to the place
  kubectl snapshot variables set dev DB_HOST=orders-db.dev
  kubectl snapshot variables set prod DB_HOST=orders-db.prod

  # The label env belongs to the place as well
  kubectl snapshot variables set prod label:env=prod

  # Or have them told from what runs
  kubectl snapshot variables learn live:dev live:prod

  # Which sets are there?
  kubectl snapshot variables list")]
pub(super) struct VariablesArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    /// List the variable sets with their values
    #[command(after_help = "\
Examples:
  # Every set with its values
  kubectl snapshot variables list

  # To keep them in Git
  kubectl snapshot variables list -o yaml > variables.yaml")]
    List {
        #[command(flatten)]
        output: OutputArgs,
    },
    /// Give variables of a set their values
    #[command(after_help = "\
Examples:
  # Two variables of prod; the others stay as they are
  kubectl snapshot variables set prod DB_HOST=orders-db.prod LOG_LEVEL=warn")]
    Set {
        /// The set's name
        #[arg(add = complete::variable_set())]
        set: SetName,
        /// NAME=VALUE, can be repeated
        #[arg(required = true, value_name = "NAME=VALUE", value_parser = assignment)]
        values: Vec<(String, String)>,
        #[command(flatten)]
        output: OutputArgs,
    },
    Learn(learn::LearnArgs),
    /// Remove variables from a set, or the whole set
    #[command(after_help = "\
Examples:
  # LOG_LEVEL belongs to the set again, not to the place
  kubectl snapshot variables remove prod LOG_LEVEL

  # The whole set
  kubectl snapshot variables remove prod")]
    Remove {
        /// The set's name
        #[arg(add = complete::variable_set())]
        set: SetName,
        /// The variables' names; all of them where none is named
        names: Vec<String>,
        #[command(flatten)]
        output: OutputArgs,
    },
}

fn assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".to_owned()),
    }
}

/// Lists or changes variable sets.
pub(super) async fn run(args: VariablesArgs, session: &Session) -> Result<Exit, Failure> {
    match args.action {
        Action::List { output } => {
            let store = session.app.connections.store().await?;
            let items = variable_sets(&session.app, &store).await?;
            if items.is_empty() && output.format == Format::Table {
                session.ui.status("no variable sets yet; make one with: kubectl snapshot variables set SET NAME=VALUE");
                return Ok(Exit::Done);
            }
            session.show(
                &VariableSets::new(items.into_iter().map(|set| (set.name.to_string(), set.values))),
                &output.format,
            )?;
        }
        Action::Set { set, values, output } => {
            let values: BTreeMap<String, String> = values.into_iter().collect();
            session.app.connections.store().await?.put_variables(&set, &values).await?;
            session.tell(Change::new("variables", set, "set"), &output.format)?;
        }
        Action::Learn(args) => return learn::run(args, session).await,
        Action::Remove { set, names, output } => {
            let store = session.app.connections.store().await?;
            if names.is_empty() {
                let stages = store.stages().await?;
                let readable = stages.readable.iter();
                let takers = readable.filter(|one| one.variables.as_ref() == Some(&set));
                let broken = stages.broken.iter().filter(|one| one.takes(&set));
                let names = takers.map(|one| one.name.as_ref());
                if let Some(stage) = names.chain(broken.map(|one| one.name.as_str())).next() {
                    return Err(Failure::new(format!(
                        "stage {stage} takes its values from variable set {set}"
                    ))
                    .hint(format!("give {stage} another set first: kubectl snapshot stage set")));
                }
                store.delete_variables(&set).await?;
            } else {
                store.remove_variables(&set, &names).await?;
            }
            session.tell(Change::new("variables", set, "removed"), &output.format)?;
        }
    }
    Ok(Exit::Done)
}
