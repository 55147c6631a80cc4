//! `flags`: feature flags where they live.

mod get;
mod list;
mod set;
mod source;

use clap::{Args, Subcommand};

use super::{exit::Exit, session::Session};
use crate::app::Failure;

/// Show and switch feature flags wherever they live, and name the systems that serve them
///
/// Flags come from flagd's definitions in ConfigMaps, from FeatureFlag resources, from
/// environment variables, and from the Unleash and Flipt that flags source names.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Which flags are on here, and from where do they come?
  kubectl snapshot flags list

  # One flag: who reads it, what it needs, and what needs it
  kubectl snapshot flags get tax-call

  # Switch it, if the policies let it through
  kubectl snapshot flags set tax-call=on --at prod

  # The flags of prod live in Unleash
  kubectl snapshot flags source add prod-unleash --type unleash --url https://unleash.example.com --at prod")]
pub(super) struct FlagsArgs {
    #[command(subcommand)]
    action: Action,
}

#[derive(Subcommand, Debug)]
enum Action {
    List(list::ListArgs),
    Get(get::GetArgs),
    Set(set::SetArgs),
    Source(source::SourceArgs),
}

/// Shows or switches flags, or names the systems that serve them.
pub(super) async fn run(args: FlagsArgs, session: &Session) -> Result<Exit, Failure> {
    match args.action {
        Action::List(args) => list::run(args, session).await,
        Action::Get(args) => get::run(args, session).await,
        Action::Set(args) => set::run(args, session).await,
        Action::Source(args) => source::run(args, session).await,
    }
}
