//! `delete`: take snapshots out of the store.

use clap::Args;

use super::{exit::Exit, failure::Failure, session::Session};

/// Delete stored snapshots by name
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Delete one
  kubectl snapshot delete rel-41")]
pub(super) struct DeleteArgs {
    /// Names of stored snapshots
    #[arg(required = true, value_name = "NAME")]
    names: Vec<String>,
}

/// Deletes each, or none where one is not there.
pub(super) async fn run(args: DeleteArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.store().await?;
    let mut heads = Vec::new();
    for name in &args.names {
        let head = store.find(name).await?;
        if head.name.as_ref() != name.as_str() {
            return Err(Failure::usage(format!("{name} is a digest; delete takes names"))
                .hint(format!("the snapshot's name is {}", head.name)));
        }
        heads.push(head);
    }
    for head in heads {
        store.delete(&head.name).await?;
        session.print(|out| Ok(writeln!(out, "snapshot/{} deleted", head.name)?))?;
    }
    Ok(Exit::Done)
}
