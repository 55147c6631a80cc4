//! `history`: what was promoted where, by whom, and why.

use clap::Args;
use snapshot_core::record::{Anchor, Chain, RecordReference};

use super::{exit::Exit, output::FileOutputArgs, session::Session};
use crate::{
    app::{Failure, records::attempt, stages},
    commands::complete,
    render::{Format, HistoryReport, RecordReport},
    store::Store,
};

/// Show what was promoted where, by whom, and what the policies said
///
/// With --verify, checks the chain of records of a stage: each record names the
/// digest of the one before, so what was edited, taken away or moved is named.
/// Exits 1 where the chain is invalid.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What happened to production?
  kubectl snapshot history prod

  # All of one decision
  kubectl snapshot history prod/7

  # A page for those who audit
  kubectl snapshot history prod -o html > prod.html

  # Is anything missing or changed, up to the record that we noted elsewhere?
  kubectl snapshot history prod --verify --anchor sha256:1f3a0c7be2d9")]
pub(super) struct HistoryArgs {
    /// A stage, or one of its records [default: every stage]
    #[arg(value_name = "STAGE[/NUMBER]", add = complete::stage())]
    what: Option<RecordReference>,
    /// Check that the chain of records is valid
    #[arg(long)]
    verify: bool,
    /// The digest of a record that has to be there, or its beginning
    #[arg(long, value_name = "DIGEST", requires_all = ["verify", "what"])]
    anchor: Option<String>,
    #[command(flatten)]
    output: FileOutputArgs,
}

/// Shows the records, or sees whether they are whole.
pub(super) async fn run(args: HistoryArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.app.connections.store().await?;
    let age = |at: &str| session.app.clock.age(at);
    let chains = chains(&args, &store, session).await?;
    if let Some(number) = args.what.as_ref().and_then(|what| what.number) {
        let attempt = attempt(&chains[0], number)?;
        session.show(&RecordReport::new(&attempt, age), &args.output.format)?;
        return Ok(Exit::Done);
    }
    let report = HistoryReport::new(&chains, age);
    if args.verify {
        if let Some(anchor) = &args.anchor {
            hold(&chains[0], anchor)?;
        }
        session.show(&report.verified(&chains), &args.output.format)?;
        let whole = chains.iter().all(|chain| chain.faults.is_empty());
        return Ok(if whole { Exit::Done } else { Exit::Failed });
    }
    if chains.iter().all(|chain| chain.links.is_empty()) && args.output.format == Format::Table {
        session
            .ui
            .status("no records yet; promote something: kubectl snapshot promote REF --to STAGE");
        return Ok(Exit::Done);
    }
    session.show(&report, &args.output.format)?;
    Ok(Exit::Done)
}

/// The chains that are asked for, in the order of the ladder.
async fn chains(
    args: &HistoryArgs,
    store: &Store,
    session: &Session,
) -> Result<Vec<Chain>, Failure> {
    if let Some(what) = &args.what {
        let chain = store.chain(&what.stage).await?;
        if chain.links.is_empty() && chain.faults.is_empty() {
            // A stage that is not there is a mistake; one without records is not.
            stages::stage(&session.app, &what.stage).await?;
        }
        return Ok(vec![chain]);
    }
    let ladder = store.stages().await?.ladder();
    let place = |chain: &Chain| ladder.stages().iter().position(|one| one.name == chain.stage);
    let mut chains: Vec<Chain> = store.chains().await?.into_values().collect();
    // What is no stage any more comes last.
    chains.sort_by_key(|chain| place(chain).unwrap_or(usize::MAX));
    Ok(chains)
}

/// Refuses a chain without the record that was noted elsewhere.
fn hold(chain: &Chain, anchor: &str) -> Result<(), Failure> {
    if chain.holds(&anchor.parse::<Anchor>().map_err(Failure::usage)?) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "stage {} has no record with the digest {anchor}: its records were written anew",
        chain.stage
    )))
}
