//! `variables`: the values that belong to a place, not to a set.

mod learn;

use std::collections::BTreeMap;

use clap::{Args, Subcommand};

use super::{exit::Exit, failure::Failure, session::Session};
use crate::{
    domain::name::SetName,
    render::{Format, VariableSets},
};

/// Name the environment values that belong to a place, such as a database's address
///
/// A name that any variable set defines is a variable everywhere: captured
/// without its value, shown apart in diff, and chosen by apply --variables.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # DB_HOST belongs to the place
  kubectl snapshot variables set dev DB_HOST=orders-db.dev
  kubectl snapshot variables set prod DB_HOST=orders-db.prod

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
    List {
        /// How to print it: table, json, yaml, name, jsonpath=TEMPLATE, markdown
        #[arg(
            short,
            long,
            value_name = "FORMAT",
            default_value = "table",
            hide_default_value = true
        )]
        output: Format,
    },
    /// Give variables of a set their values
    Set {
        /// The set's name
        set: SetName,
        /// NAME=VALUE, can be repeated
        #[arg(required = true, value_name = "NAME=VALUE", value_parser = assignment)]
        values: Vec<(String, String)>,
    },
    Learn(learn::LearnArgs),
    /// Remove variables from a set, or the whole set
    Remove {
        /// The set's name
        set: SetName,
        /// The variables' names; all of them where none is named
        names: Vec<String>,
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
            let items = session.store().await?.variable_sets().await?;
            if items.is_empty() && output == Format::Table {
                session.ui.status("no variable sets yet; make one with: kubectl snapshot variables set SET NAME=VALUE");
                return Ok(Exit::Done);
            }
            session.show(
                &VariableSets::new(items.into_iter().map(|set| (set.name.to_string(), set.values))),
                &output,
            )?;
        }
        Action::Set { set, values } => {
            let values: BTreeMap<String, String> = values.into_iter().collect();
            session.store().await?.put_variables(&set, &values).await?;
            session.print(|out| Ok(writeln!(out, "variables/{set} set")?))?;
        }
        Action::Learn(args) => return learn::run(args, session).await,
        Action::Remove { set, names } => {
            let store = session.store().await?;
            if names.is_empty() {
                let stages = store.stages().await?;
                if let Some(stage) = stages.iter().find(|one| one.variables.as_ref() == Some(&set))
                {
                    return Err(Failure::new(format!(
                        "stage {} takes its values from variable set {set}",
                        stage.name
                    ))
                    .hint(format!(
                        "give {} another set first: kubectl snapshot stage set",
                        stage.name
                    )));
                }
                store.delete_variables(&set).await?;
            } else {
                store.remove_variables(&set, &names).await?;
            }
            session.print(|out| Ok(writeln!(out, "variables/{set} removed")?))?;
        }
    }
    Ok(Exit::Done)
}
