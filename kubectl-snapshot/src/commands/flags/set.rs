//! `flags set`: switching a flag where it lives.

use clap::Args;
use snapshot_core::name::StageName;

use crate::{
    app::{
        Failure,
        deploy::{Candidate, Destination},
    },
    commands::{
        complete,
        deploying::{self, DeployArgs},
        exit::Exit,
        flag_value,
        session::Session,
    },
};

/// Switch a flag where it lives: in Unleash, Flipt, a ConfigMap, a FeatureFlag or a variable
///
/// What runs, with the flag switched, is planned, checked by the policies and applied as any
/// other set, so that a switch that breaks a requirement is refused. It is verified by what
/// services are told, and taken back where that fails.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # On, in the namespace prod
  kubectl snapshot flags set tax-call=on -n prod

  # At a stage, with its policies, and without being asked
  kubectl snapshot flags set tax-call=off --at prod --yes

  # Look at what would be done
  kubectl snapshot flags set layout=compact --dry-run client")]
pub(super) struct SetArgs {
    /// The flag with what it is to serve: on, off, or a variant
    #[arg(value_name = "KEY=VALUE", value_parser = flag_value)]
    flag: (String, String),
    /// The stage whose namespaces are meant; nothing is recorded there [default: the namespace]
    #[arg(long, value_name = "STAGE", add = complete::stage())]
    at: Option<StageName>,
    #[command(flatten)]
    deploy: DeployArgs,
}

/// Switches it.
pub(super) async fn run(args: SetArgs, session: &Session) -> Result<Exit, Failure> {
    if args.deploy.kept.is_asked_for() {
        return Err(Failure::usage("a switched flag has no plan to keep: it is made of what runs"));
    }
    if args.at.is_some() && !session.app.connections.named_namespaces().is_empty() {
        return Err(Failure::usage(
            "--at names the namespaces of a stage, so --namespace names none",
        ));
    }
    let (flag, value) = args.flag;
    let destination = match args.at {
        Some(stage) => Destination::NamespacesOf(stage),
        None => Destination::Namespaces { variables: None, places: None },
    };
    let what = (Candidate::Switched { flag, value }, destination);
    deploying::run(&args.deploy, what, None, true, session).await
}
