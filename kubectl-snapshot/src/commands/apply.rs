//! `apply`: make a namespace run a snapshot, touching only what differs.

use std::collections::BTreeSet;

use clap::Args;
use snapshot_core::{
    diff::Side,
    plan::gate,
    reference::Reference,
    verdict::{PolicyReport, verdict},
};

use super::{
    asking::Reach,
    check::exit_of,
    deploying::{
        Carrying, DeployArgs, DryRun, Place, Prepared, Waiting, carry_out, confirm, prepare,
        refuse_blocked,
    },
    exit::Exit,
    failure::Failure,
    session::Session,
};
use crate::commands::complete;
use crate::{
    policies::{Facts, Question},
    render::{ApplyReport, CheckReport},
};

/// Make a namespace run a snapshot, touching only what differs
///
/// Shows the plan, asks the policies and, on a terminal, you; writes only the
/// fields that differ, waits for the rollouts, and captures again to see that
/// what runs is what was asked for. Objects that the snapshot lacks stay. Exits 8
/// where all was written and something else runs, or what runs could not be seen.
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
    /// A stored name, sha256:DIGEST, live:[CONTEXT/]NAMESPACE, stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", add = complete::reference())]
    reference: Reference,
    /// The variable set to take values from [default: the stage's, else the values that are there]
    #[arg(long, value_name = "SET", add = complete::variable_set())]
    variables: Option<String>,
    /// Wait for the rollouts
    #[arg(long, value_name = "BOOL", default_value = "true", hide_default_value = true, action = clap::ArgAction::Set, num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    wait: bool,
    #[command(flatten)]
    deploy: DeployArgs,
}

/// Plans, asks, writes, waits and verifies.
pub(super) async fn run(args: ApplyArgs, session: &Session) -> Result<Exit, Failure> {
    if matches!(args.reference, Reference::Live { context: None, namespace: None }) {
        return Err(Failure::usage(
            "live is the namespace to apply to; name another: live:NAMESPACE",
        ));
    }
    let deploy = &args.deploy;
    let store = session.store().await?;
    let place =
        Place::of_flags(session, &store, &deploy.field_manager, args.variables.as_deref()).await?;
    // Also of files, the values of variables are taken out.
    let found = session.resolve_one(&args.reference, &place.reading, Some(&store)).await?;
    let found = session.as_captured_now(found, &place.reading).await?;
    let prepared = prepare(session, &place, found, &BTreeSet::new()).await?;
    let facts = Facts {
        name: &prepared.found.label,
        candidate: &prepared.found.snapshot,
        running: Some((&place.label, &prepared.running)),
        now: session.clock.unix_seconds(),
    };
    let question = Question::compatibility(&facts);
    let stage = place.stage.as_ref().map(|stage| &stage.name);
    let policies = deploy.policies.ask(session, question, stage, Reach::Needed).await?;
    if deploy.is_table() {
        session.show(&prepared.plan, &deploy.output)?;
    }
    refuse_blocked(&prepared.plan)?;
    report_policies(deploy, &place, &prepared, &policies, session)?;
    let approved = match gate(prepared.plan, policies, None) {
        Ok(approved) => approved,
        Err(refusal) => {
            session.ui.status("nothing was written");
            return Ok(exit_of(refusal.verdict));
        }
    };
    if deploy.dry_run == Some(DryRun::Client) {
        if !deploy.is_table() {
            session.show(approved.plan(), &deploy.output)?;
        }
        return Ok(Exit::Done);
    }
    let trial = deploy.dry_run.is_some();
    let ask = !deploy.yes && !trial && !approved.plan().steps.is_empty();
    if ask && !confirm(approved.plan(), session).await? {
        return Err(Failure::new("nothing was written"));
    }
    let waiting = if args.wait { Waiting::ForWritten } else { Waiting::No };
    let carrying = Carrying { trial, waiting, timeout: deploy.timeout };
    let outcome =
        carry_out(carrying, session, &place, &approved, &prepared.found, async || Ok(())).await?;
    let exit = Exit::from(&outcome);
    deploy.show_below(session, &ApplyReport::from(outcome))?;
    Ok(exit)
}

/// Says what the policies said: on refusal as the result, else where there is something to say.
fn report_policies(
    deploy: &DeployArgs,
    place: &Place,
    prepared: &Prepared,
    policies: &[PolicyReport],
    session: &Session,
) -> Result<(), Failure> {
    let verdict = verdict(policies);
    if exit_of(verdict) == Exit::Done && !deploy.is_table() {
        return Ok(());
    }
    let side = |name: &str, snapshot: &snapshot_core::snapshot::Snapshot| Side {
        name: name.to_owned(),
        digest: snapshot.spec.digest(),
    };
    let report = CheckReport {
        candidate: side(&prepared.found.label, &prepared.found.snapshot),
        against: Some(side(&place.label, &prepared.running)),
        verdict,
        policies: policies.to_vec(),
        requirements: None,
    };
    deploy.show_below(session, &report)
}
