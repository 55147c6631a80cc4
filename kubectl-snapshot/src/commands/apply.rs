//! `apply`: make a namespace run a snapshot, touching only what differs.

use clap::Args;
use snapshot_core::{parts::PartNamespaces, record::Operation, reference::Reference};

use super::{
    deploying::{self, DeployArgs},
    exit::Exit,
    part_args::PartArgs,
    session::Session,
    undoing,
};
use crate::{
    app::{
        Failure,
        deploy::{Candidate, Destination, StageRequest, unfinished_run},
    },
    commands::complete,
};

/// Make a namespace run a snapshot, touching only what differs
///
/// A snapshot of several namespaces goes to as many, all at once: --namespace names
/// them where they are called like the parts, else --at. Shows the plan, asks the policies and, on a terminal, you; writes only the
/// fields that differ, waits for the rollouts, and captures again to see that
/// what runs is what was asked for. Objects that the snapshot lacks stay, but for those
/// that this tool has created, with --prune. Where
/// something fails, everything that was written is made what it was: exits 6. Exits 8
/// where all was written and something else runs, or what runs could not be seen.
///
/// What is there before the first write is kept in the namespace until the end. A run
/// that was killed, or was told to leave what it wrote, is named by the next one:
/// --resume goes on with it, --undo makes what it wrote what it was.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Apply rel-42 to the namespace prod, with the variables of prod
  kubectl snapshot apply rel-42 -n prod --variables prod

  # Only look at the plan and at what the policies say
  kubectl snapshot apply rel-42 -n prod --dry-run=client

  # Have the plan looked at, and carry out exactly that, or refuse
  kubectl snapshot apply rel-42 -n prod --plan-out plan.json
  kubectl snapshot apply --plan plan.json -n prod

  # A snapshot of several namespaces, where they have other names
  kubectl snapshot apply rel-42 --at shop=shop-qa,payments=pay-qa

  # What a snapshot of several namespaces holds of one of them
  kubectl snapshot apply rel-42 --part payments -n payments-prod

  # Take back what a run has written that was killed in prod, or go on with it
  kubectl snapshot apply --undo -n prod
  kubectl snapshot apply --resume -n prod

  # In a pipeline
  kubectl snapshot apply rel-42 -n prod --yes --timeout 10m -o json")]
pub(super) struct ApplyArgs {
    /// The set; with --plan that of the plan, where it is stored: a stored name, sha256:DIGEST, live:[CONTEXT/]NAMESPACE, stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", required_unless_present_any = ["plan", "unfinished"], add = complete::reference())]
    reference: Option<Reference>,
    /// Go on with the run that has not come to its end here: bring its stored set once more, to a stage by promoting it
    #[arg(long, group = "unfinished", conflicts_with_all = ["reference", "part", "plan"])]
    resume: bool,
    /// Take back what the run has written that has not come to its end here
    #[arg(long, group = "unfinished", conflicts_with_all = ["reference", "part", "plan", "plan_out", "variables", "wait", "pin", "prune", "no_rollback", "keep_going"])]
    undo: bool,
    /// The variable set to take values from [default: the stage's, else the values that are there]
    #[arg(long, value_name = "SET", add = complete::variable_set())]
    variables: Option<String>,
    /// Wait for the rollouts
    #[arg(long, value_name = "BOOL", default_value = "true", hide_default_value = true, action = clap::ArgAction::Set, num_args = 0..=1, default_missing_value = "true", require_equals = true)]
    wait: bool,
    /// The namespace that each part goes to: shop=shop-prod,payments=CONTEXT/pay-prod
    #[arg(long, value_name = "PART=NAMESPACE,PART=NAMESPACE")]
    at: Option<PartNamespaces>,
    #[command(flatten)]
    part: PartArgs,
    #[command(flatten)]
    deploy: DeployArgs,
}

/// Plans, asks, writes, waits and verifies.
pub(super) async fn run(args: ApplyArgs, session: &Session) -> Result<Exit, Failure> {
    if matches!(&args.reference, Some(Reference::Live { context: None, namespaces }) if namespaces.is_empty())
    {
        return Err(Failure::usage(
            "live is the namespace to apply to; name another: live:NAMESPACE",
        ));
    }
    if args.at.is_some() && !session.app.connections.named_namespaces().is_empty() {
        return Err(Failure::usage(
            "--at names the namespace of each part already, so --namespace names none",
        ));
    }
    if args.undo {
        return undoing::run(&args.deploy, args.at, session).await;
    }
    let planned = args.deploy.kept.read().await?;
    let (candidate, stage) = if args.resume {
        let (manager, places) = (&args.deploy.field_manager, args.at.as_ref());
        let run = unfinished_run(&session.app, manager, places).await?;
        let (set, writer) = (&run.snapshot, &run.writer);
        session.ui.status(&format!("going on with {set}, which {writer} was bringing"));
        (Some(Candidate::Planned(run.digest)), run.stage)
    } else {
        let named = args.reference.map(|reference| (reference, args.part.part));
        (deploying::candidate(named, planned.as_ref()), None)
    };
    let candidate = candidate.ok_or_else(|| Failure::usage("a REF is missing"))?;
    let destination = match stage {
        None => Destination::Namespaces { variables: args.variables, places: args.at },
        // It was let through once, and is asked for again: as a promotion, whatever it was.
        Some(stage) => Destination::Stage(StageRequest {
            stage,
            operation: Operation::Promotion,
            reason: Some("goes on with a run that did not come to its end".to_owned()),
            overriding: false,
            evidence_wait: None,
            awaits: false,
        }),
    };
    let what = (candidate, destination);
    deploying::run(&args.deploy, what, planned, args.wait, session).await
}
