//! `history`: what was promoted where, by whom, and why.

use std::str::FromStr;

use clap::Args;
use snapshot_core::{
    digest::Digest,
    name::StageName,
    record::{Attempt, Chain},
    stage::in_order,
};

use super::{exit::Exit, failure::Failure, session::Session};
use crate::commands::complete;
use crate::{
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
    /// How to print it: table, wide, json, yaml, name, jsonpath=TEMPLATE, markdown, html
    #[arg(short, long, value_parser = Format::or_html, value_name = "FORMAT", default_value = "table", hide_default_value = true, add = complete::format_or_html())]
    output: Format,
}

/// A stage, or one record of it: `prod`, `prod/7`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct RecordReference {
    /// The stage.
    pub(super) stage: StageName,
    /// The record's number.
    pub(super) number: Option<u64>,
}

impl FromStr for RecordReference {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (stage, number) = match text.split_once('/') {
            None => (text, None),
            Some((stage, number)) => (
                stage,
                Some(number.parse().map_err(|_| format!("{number:?} is not a record's number"))?),
            ),
        };
        Ok(Self { stage: stage.parse().map_err(|error| format!("{error}"))?, number })
    }
}

/// Shows the records, or sees whether they are whole.
pub(super) async fn run(args: HistoryArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.store().await?;
    let age = |at: &str| session.clock.age(at);
    let chains = chains(&args, &store, session).await?;
    if let Some(number) = args.what.as_ref().and_then(|what| what.number) {
        let attempt = find(&chains[0], number)?;
        session.show(&RecordReport::new(&attempt, age), &args.output)?;
        return Ok(Exit::Done);
    }
    let report = HistoryReport::new(&chains, age);
    if args.verify {
        if let Some(anchor) = &args.anchor {
            hold(&chains[0], anchor)?;
        }
        session.show(&report.verified(&chains), &args.output)?;
        let whole = chains.iter().all(|chain| chain.faults.is_empty());
        return Ok(if whole { Exit::Done } else { Exit::Failed });
    }
    if chains.iter().all(|chain| chain.links.is_empty()) && args.output == Format::Table {
        session
            .ui
            .status("no records yet; promote something: kubectl snapshot promote REF --to STAGE");
        return Ok(Exit::Done);
    }
    session.show(&report, &args.output)?;
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
            session.stage(&what.stage).await?;
        }
        return Ok(vec![chain]);
    }
    let stages = in_order(store.stages().await?)?;
    let place = |chain: &Chain| stages.iter().position(|one| one.name == chain.stage);
    let mut chains: Vec<Chain> = store.chains().await?.into_values().collect();
    // What is no stage any more comes last.
    chains.sort_by_key(|chain| place(chain).unwrap_or(usize::MAX));
    Ok(chains)
}

/// The decision that a record is, or is the end of.
pub(super) fn find(chain: &Chain, number: u64) -> Result<Attempt<'_>, Failure> {
    let is_it = |attempt: &Attempt<'_>| {
        attempt.link.record.number == number
            || attempt.ended.is_some_and(|(link, _)| link.record.number == number)
    };
    chain.attempts().into_iter().find(is_it).ok_or_else(|| {
        Failure::new(format!("stage {} has no record {number}", chain.stage))
            .hint(format!("kubectl snapshot history {} shows those that there are", chain.stage))
    })
}

/// Fails if the record that was noted elsewhere is gone.
fn hold(chain: &Chain, anchor: &str) -> Result<(), Failure> {
    const FEWEST: usize = "sha256:".len() + 8;
    if anchor.len() < FEWEST || !anchor.starts_with("sha256:") {
        return Err(Failure::usage("--anchor takes sha256: and at least 8 digits"));
    }
    let is_it = |digest: &Digest| digest.to_string().starts_with(anchor);
    if chain.links.iter().any(|link| is_it(&link.digest)) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "stage {} has no record with the digest {anchor}: its records were written anew",
        chain.stage
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_named_by_its_stage_and_number() {
        let read = |text: &str| text.parse::<RecordReference>();
        assert_eq!(read("prod").unwrap().number, None);
        assert_eq!(read("prod/7").unwrap().number, Some(7));
        assert_eq!(read("prod/x").unwrap_err(), "\"x\" is not a record's number");
        assert!(read("Prod/7").is_err());
    }
}
