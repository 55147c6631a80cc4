//! `apply`: make a namespace run a snapshot, touching only what differs.

mod carry_out;
mod prepare;

use std::time::Duration;

use clap::Args;

use super::{
    asking::{PolicyArgs, Reach},
    check::exit_of,
    exit::Exit,
    failure::Failure,
    global::duration,
    session::Session,
};
use crate::{
    domain::{
        diff::Side,
        plan::{Plan, gate},
        reference::Reference,
        verdict::{PolicyReport, verdict},
    },
    policies::{Facts, Question},
    render::{CheckReport, Format, Report},
};
use carry_out::carry_out;
use prepare::{Prepared, prepare};

/// Make a namespace run a snapshot, touching only what differs
///
/// Shows the plan, asks the policies and, on a terminal, you; writes only the
/// fields that differ, waits for the rollouts, and captures again to see that
/// what runs is what was asked for. Objects that the snapshot lacks stay.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Apply rel-42 to the namespace prod, with the variables of prod
  kubectl snapshot apply rel-42 -n prod --variables prod

  # Only look at the plan and at what the policies say
  kubectl snapshot apply rel-42 -n prod --dry-run=client

  # In a pipeline
  kubectl snapshot apply rel-42 -n prod --yes --timeout 10m -o json")]
pub(super) struct ApplyArgs {
    /// A stored name, sha256:DIGEST, live:[CONTEXT/]NAMESPACE, a file, a folder, or -
    #[arg(value_name = "REF")]
    reference: Reference,
    /// The variable set to take values from [default: the stage's, else the values that are there]
    #[arg(long, value_name = "SET")]
    variables: Option<String>,
    #[command(flatten)]
    policies: PolicyArgs,
    /// Write nothing: client shows the plan, server also has the API server check each write
    #[arg(long, value_name = "WHERE", value_enum)]
    dry_run: Option<DryRun>,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// Wait for the rollouts
    #[arg(long, value_name = "BOOL", default_value = "true", hide_default_value = true, action = clap::ArgAction::Set, num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    wait: bool,
    /// How long the rollouts may take altogether
    #[arg(long, value_name = "DURATION", default_value = "5m", value_parser = duration)]
    timeout: Duration,
    /// Who the API server records as the fields' owner
    #[arg(long, value_name = "NAME", default_value = "kubectl-snapshot")]
    field_manager: String,
    /// How to print the result: table, wide, json, yaml, name, jsonpath=TEMPLATE, markdown
    #[arg(short, long, value_name = "FORMAT", default_value = "table", hide_default_value = true)]
    output: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum DryRun {
    Client,
    Server,
}

/// Plans, asks, writes, waits and verifies.
pub(super) async fn run(args: ApplyArgs, session: &Session) -> Result<Exit, Failure> {
    let prepared = prepare(&args, session).await?;
    let facts = Facts {
        name: &prepared.found.label,
        candidate: &prepared.found.snapshot,
        running: Some((&prepared.target, &prepared.running)),
        now: session.clock.unix_seconds(),
    };
    let question = Question::compatibility(&facts);
    let stage = prepared.stage.as_ref().map(|stage| &stage.name);
    let policies = args.policies.ask(session, question, stage, Reach::Needed).await?;
    let table = is_table(&args.output);
    if table {
        session.show(&prepared.plan, &args.output)?;
    }
    refuse_blocked(&prepared.plan)?;
    report_policies(&prepared, &policies, table, &args.output, session)?;
    let Prepared { found, cluster, running: _, target, stage: _, plan, reading } = prepared;
    let approved = match gate(plan, policies) {
        Ok(approved) => approved,
        Err(refusal) => {
            session.ui.status("nothing was written");
            return Ok(exit_of(refusal.verdict));
        }
    };
    if args.dry_run == Some(DryRun::Client) {
        if !table {
            session.show(approved.plan(), &args.output)?;
        }
        return Ok(Exit::Done);
    }
    let ask = !args.yes && args.dry_run.is_none() && !approved.plan().steps.is_empty();
    if ask && !confirm(approved.plan(), session).await? {
        return Err(Failure::new("nothing was written"));
    }
    carry_out(
        &args,
        session,
        &cluster,
        &approved,
        carry_out::Goal { found: &found, target: &target, reading: &reading },
    )
    .await
}

fn refuse_blocked(plan: &Plan) -> Result<(), Failure> {
    if plan.blocked.is_empty() {
        return Ok(());
    }
    let failure = Failure::new(format!(
        "{} of the changes cannot be made, so nothing was written",
        plan.blocked.len()
    ));
    Err(plan.blocked.iter().fold(failure, |failure, blocked| {
        failure.hint(format!("{} {}: {}", blocked.kind, blocked.name, blocked.reason))
    }))
}

/// Says what the policies said: on refusal as the result, else where there is something to say.
fn report_policies(
    prepared: &Prepared,
    policies: &[PolicyReport],
    table: bool,
    format: &Format,
    session: &Session,
) -> Result<(), Failure> {
    let verdict = verdict(policies);
    if exit_of(verdict) == Exit::Done && !table {
        return Ok(());
    }
    let side = |name: &str, snapshot: &crate::domain::snapshot::Snapshot| Side {
        name: name.to_owned(),
        digest: snapshot.spec.digest(),
    };
    let report = CheckReport {
        candidate: side(&prepared.found.label, &prepared.found.snapshot),
        against: Some(side(&prepared.target, &prepared.running)),
        verdict,
        policies: policies.to_vec(),
        requirements: None,
    };
    show_below(session, &report, format)
}

/// Shows a report below the plan, with a blank line between them. For machines
/// the plan was not printed: they get one document.
fn show_below<R: Report>(session: &Session, report: &R, format: &Format) -> Result<(), Failure> {
    if is_table(format) {
        session.print(|out| Ok(writeln!(out)?))?;
    }
    session.show(report, format)
}

fn is_table(format: &Format) -> bool {
    matches!(format, Format::Table | Format::Wide)
}

/// Asks on a thread of its own, so that Ctrl-C is heard while a person thinks.
async fn confirm(plan: &Plan, session: &Session) -> Result<bool, Failure> {
    let question = format!("Make these {} writes to {}?", plan.steps.len(), plan.target);
    let ui = session.ui.clone();
    let asked = tokio::task::spawn_blocking(move || ui.confirm(&question));
    tokio::select! {
        answer = asked => answer
            .map_err(|error| Failure::new(error.to_string()))?
            .map_err(|error| Failure::usage(error.to_string())),
        () = session.stop.wait() => Err(Failure::new("interrupted, nothing was written").with_exit(Exit::Interrupted)),
    }
}
