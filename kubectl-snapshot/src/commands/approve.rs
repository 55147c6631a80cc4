//! `approve`: a person's word for or against a promotion.

use clap::Args;
use snapshot_core::{
    evidence::{APPROVAL, Evidence, Outcome},
    name::StageName,
    reference::Reference,
};

use super::{exit::Exit, output::OutputArgs, session::Session, subject::Subject};
use crate::{
    app::{Failure, recorder, stages},
    commands::complete,
};

/// Name of the evidence of an approval.
const PROMOTION: &str = "promotion";

/// Approve the promotion of a snapshot to a stage, or refuse it
///
/// It is evidence, of the digest: a set that changes has to be approved again.
/// Of what one person says the newest counts.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # rel-42 may go to prod
  kubectl snapshot approve rel-42 --to prod --reason \"load test looked at\"

  # Better not
  kubectl snapshot approve rel-42 --to prod --refuse --reason \"tax is wrong in AT\"")]
pub(super) struct ApproveArgs {
    /// A stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", add = complete::reference())]
    reference: Reference,
    /// The stage that it may go to
    #[arg(long, value_name = "STAGE", add = complete::stage())]
    to: StageName,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Say no instead
    #[arg(long)]
    refuse: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Records the word, and says of which digest.
pub(super) async fn run(args: ApproveArgs, session: &Session) -> Result<Exit, Failure> {
    let to = args.to;
    stages::stage(&session.app, &to).await?;
    let store = session.app.connections.store().await?;
    let subject = Subject::of(&session.app, &store, &args.reference).await?;
    let by = recorder(&session.app).await?;
    let fact = Evidence {
        kind: APPROVAL.to_owned(),
        name: PROMOTION.to_owned(),
        outcome: if args.refuse { Outcome::Failed } else { Outcome::Passed },
        value: None,
        stage: Some(to.clone()),
        actor: by.name,
        groups: by.groups,
        at: session.app.clock.unix_seconds(),
        detail: args.reason,
        link: None,
    };
    fact.check()?;
    store.add_evidence(&subject.digest, &fact).await?;
    let (label, digest, ended) = (&subject.label, &subject.digest, fact.ended());
    let told = format!("{label} {ended} for {to}: {digest}, by {}", fact.actor);
    subject.tell(vec![fact], &[told], &args.output.format, session)?;
    Ok(Exit::Done)
}
