//! `policy remove`: stop asking a policy.

use clap::Args;
use snapshot_core::name::PolicyName;

use crate::{
    app::Failure,
    commands::{complete, exit::Exit, output::OutputArgs, session::Session},
    policies::shipped,
    render::Change,
    store::StoreError,
};

/// Stop asking a policy
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Whatever our-rules says does not matter any more
  kubectl snapshot policy remove our-rules")]
pub(super) struct RemoveArgs {
    /// The name that it is bound under
    #[arg(add = complete::bound_policy())]
    name: PolicyName,
    #[command(flatten)]
    output: OutputArgs,
}

/// Deletes the binding.
pub(super) async fn run(args: RemoveArgs, session: &Session) -> Result<Exit, Failure> {
    match session.app.connections.store().await?.unbind(&args.name).await {
        Ok(()) => {}
        Err(error @ StoreError::NotFound { .. }) => {
            let failure = Failure::from(error);
            let default = shipped(args.name.as_ref()).is_some_and(|policy| policy.by_default);
            return Err(if default {
                failure.hint(format!(
                    "{0} is asked by default; to have it only warn: kubectl snapshot policy add {0} --mode warn",
                    args.name
                ))
            } else {
                failure.hint("kubectl snapshot policy list shows those that are bound")
            });
        }
        Err(error) => return Err(error.into()),
    }
    session.tell(Change::new("policy", args.name, "removed"), &args.output.format)?;
    Ok(Exit::Done)
}
