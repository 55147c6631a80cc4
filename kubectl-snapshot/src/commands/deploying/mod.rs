//! Deployment of a snapshot to a namespace: what apply, promote and rollback have in common.

mod carry_out;
mod confirm;
mod place;
mod prepare;
mod rollouts;

use std::time::Duration;

use clap::Args;

pub use carry_out::{Carrying, Waiting, carry_out};
pub use confirm::{confirm, refuse_blocked};
pub use place::Place;
pub use prepare::{Prepared, prepare};

use super::{asking::PolicyArgs, failure::Failure, global::duration, session::Session};
use crate::commands::complete;
use crate::render::{Format, Report};

/// Flags of every command that deploys a set.
#[derive(Args, Debug)]
pub struct DeployArgs {
    #[command(flatten)]
    pub policies: PolicyArgs,
    /// Write nothing: client shows the plan, server also has the API server check each write
    #[arg(long, value_name = "WHERE", value_enum)]
    pub dry_run: Option<DryRun>,
    /// Do not ask
    #[arg(short, long)]
    pub yes: bool,
    /// How long the rollouts may take altogether
    #[arg(long, value_name = "DURATION", env = "KUBECTL_SNAPSHOT_TIMEOUT", default_value = "5m", value_parser = duration)]
    pub timeout: Duration,
    /// Who the API server records as the fields' owner
    #[arg(
        long,
        value_name = "NAME",
        env = "KUBECTL_SNAPSHOT_FIELD_MANAGER",
        default_value = "kubectl-snapshot"
    )]
    pub field_manager: String,
    /// How to print the result: table, wide, json, yaml, name, jsonpath=TEMPLATE, markdown
    #[arg(short, long, value_name = "FORMAT", default_value = "table", hide_default_value = true, add = complete::format())]
    pub output: Format,
}

/// Side that checks the writes of a dry run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum DryRun {
    Client,
    Server,
}

impl DeployArgs {
    /// True if people read the result: machines get one document.
    pub fn is_table(&self) -> bool {
        matches!(self.output, Format::Table | Format::Wide)
    }

    /// Shows a report below another, with a blank line between them.
    pub fn show_below<R: Report>(&self, session: &Session, report: &R) -> Result<(), Failure> {
        if self.is_table() {
            session.print(|out| Ok(writeln!(out)?))?;
        }
        session.show(report, &self.output)
    }
}
