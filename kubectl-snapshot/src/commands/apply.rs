//! `apply`: make a namespace run a snapshot, touching only what differs.

use clap::Args;
use snapshot_core::{parts::PartNamespaces, reference::Reference};

use super::{
    deploying::{self, DeployArgs},
    exit::Exit,
    part_args::PartArgs,
    session::Session,
};
use crate::{
    app::{
        Failure,
        deploy::{Candidate, Destination},
    },
    commands::complete,
};

/// Make a namespace run a snapshot, touching only what differs
///
/// A snapshot of several namespaces goes to as many, all at once: --namespace names
/// them where they are called like the parts, else --at. Shows the plan, asks the policies and, on a terminal, you; writes only the
/// fields that differ, waits for the rollouts, and captures again to see that
/// what runs is what was asked for. Objects that the snapshot lacks stay. Where
/// something fails, everything that was written is made what it was: exits 6. Exits 8
/// where all was written and something else runs, or what runs could not be seen.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Apply rel-42 to the namespace prod, with the variables of prod
  kubectl snapshot apply rel-42 -n prod --variables prod

  # Only look at the plan and at what the policies say
  kubectl snapshot apply rel-42 -n prod --dry-run=client

  # A snapshot of several namespaces, where they have other names
  kubectl snapshot apply rel-42 --at shop=shop-qa,payments=pay-qa

  # What a snapshot of several namespaces holds of one of them
  kubectl snapshot apply rel-42 --part payments -n payments-prod

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
    if matches!(&args.reference, Reference::Live { context: None, namespaces } if namespaces.is_empty())
    {
        return Err(Failure::usage(
            "live is the namespace to apply to; name another: live:NAMESPACE",
        ));
    }
    let candidate = Candidate::Named { reference: args.reference, part: args.part.part };
    if args.at.is_some() && !session.app.connections.named_namespaces().is_empty() {
        return Err(Failure::usage(
            "--at names the namespace of each part already, so --namespace names none",
        ));
    }
    let destination = Destination::Namespaces { variables: args.variables, places: args.at };
    deploying::run(&args.deploy, candidate, destination, args.wait, session).await
}
