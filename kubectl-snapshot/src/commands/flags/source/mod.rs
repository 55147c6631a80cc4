//! `flags source`: the flag systems that are asked over the network.

mod add;
mod list;
mod remove;

use clap::{Args, Subcommand};

use crate::{
    app::Failure,
    commands::{exit::Exit, session::Session},
};

/// Name the flag systems that serve the flags of stages and namespaces
///
/// A token is never stored: it comes from an environment variable that is called after the
/// source, as below, or from a Secret with the members token, admin-token (to switch in
/// Unleash), and url, the address that they may be sent to.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # The flags of the stage prod live in Unleash, in the environment of its backend token
  kubectl snapshot flags source add prod-unleash --type unleash --url https://unleash.example.com --at prod
  export KUBECTL_SNAPSHOT_TOKEN_PROD_UNLEASH=default:production.SECRET
  export KUBECTL_SNAPSHOT_ADMIN_TOKEN_PROD_UNLEASH=user:SECRET   # to switch

  # Those of the namespace dev live in Flipt; a Secret holds the token
  kubectl snapshot flags source add dev-flipt --type flipt --url https://flipt.example.com --at dev --secret dev/flipt

  # Which are there, and do they answer?
  kubectl snapshot flags source list")]
pub(super) struct SourceArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    Add(add::AddArgs),
    List(list::ListArgs),
    Remove(remove::RemoveArgs),
}

/// Adds, lists or removes flag sources.
pub(super) async fn run(args: SourceArgs, session: &Session) -> Result<Exit, Failure> {
    match args.action {
        Action::Add(args) => add::run(args, session).await,
        Action::List(args) => list::run(args, session).await,
        Action::Remove(args) => remove::run(args, session).await,
    }
}
