//! `check`: do these versions and flags work together?

use std::collections::BTreeMap;

use clap::Args;
use snapshot_core::{
    ancestry::Ancestry,
    diff::Side,
    name::StageName,
    reference::Reference,
    requirement,
    verdict::{PolicyReport, verdict},
};

use super::{
    alias_args::AliasArgs, exit::Exit, output::FileOutputArgs, part_args::PartArgs,
    policy_args::PolicyArgs, session::Session,
};
use crate::{
    app::{
        Failure,
        evaluate::PolicyLookup,
        history::Histories,
        resolve::resolve_to_compare,
        resolved::{Beside, ResolvedDocument},
        stages,
    },
    commands::complete,
    policies::{Facts, Lookup, PartsFacts, Place, Question},
    render::CheckReport,
    sources::git::Counting,
};

/// Run the compatibility policies over a snapshot
///
/// Exits 0 where nothing speaks against it, 3 where a policy denies it, 4
/// where a policy could not decide.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Do the versions and flags of rel-42 work together?
  kubectl snapshot check rel-42

  # And while they replace what runs in production?
  kubectl snapshot check rel-42 --against live:prod

  # Every requirement with its state, for rendered manifests
  kubectl snapshot check ./rendered.yaml --explain

  # By the rules of production
  kubectl snapshot check rel-42 --stage prod

  # A page for those who ask why
  kubectl snapshot check rel-42 --explain -o html > rel-42.html

  # With a policy of your own
  kubectl snapshot check rel-42 --policy ./our-policy.wasm")]
pub(super) struct CheckArgs {
    /// A stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", add = complete::reference())]
    reference: Reference,
    /// What it would replace: during the rollout both serve
    #[arg(long, value_name = "REF", add = complete::reference())]
    against: Option<Reference>,
    /// The stage that it would go to: also asks the policies that are bound to it
    #[arg(long, add = complete::stage())]
    stage: Option<StageName>,
    /// Show each requirement with its state
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    at: AliasArgs,
    #[command(flatten)]
    part: PartArgs,
    #[command(flatten)]
    policies: PolicyArgs,
    #[command(flatten)]
    output: FileOutputArgs,
}

/// Asks the policies, and says so by the exit code too.
pub(super) async fn run(args: CheckArgs, session: &Session) -> Result<Exit, Failure> {
    let references: Vec<&Reference> = [&args.reference].into_iter().chain(&args.against).collect();
    let found =
        args.part.of(resolve_to_compare(&session.app, &references, &args.at.aliases()).await?)?;
    let sides: Vec<Side> = found.iter().map(side).collect();
    let values = match &args.stage {
        Some(stage) => Some(stages::values(&session.app, stage).await?),
        None => None,
    };
    let no_pins = BTreeMap::new();
    let place = values.as_ref().map(|values| Place { values, pins: &no_pins, written: None });
    let now = session.app.clock.unix_seconds();
    let mut found = found.into_iter();
    let (candidate, against) = (found.next(), found.next());
    let candidate = candidate.ok_or_else(|| Failure::new("there is nothing to check"))?;
    let (policies, requirements) = match Beside::of(candidate, against)? {
        Beside::One(candidate, against) => {
            let (set, before) =
                (&candidate.snapshot.spec, against.as_ref().map(|one| &one.snapshot.spec));
            let store = session.app.connections.store_if_any().await.ok().flatten();
            let sets: Vec<_> = [Some(set), before].into_iter().flatten().collect();
            let histories = Histories::of(&session.app, store.as_ref(), &sets).await;
            let ancestry = histories.ancestry(before, set, Counting::OrderAlone).await;
            let running = against.as_ref().map(|one| &one.snapshot.metadata);
            let facts = Facts {
                name: &candidate.label,
                candidate: &candidate.snapshot,
                running: against.as_ref().map(|one| (one.label.as_str(), &one.snapshot)),
                ancestry: &ancestry,
                now,
                captured: session.app.clock.captured(&candidate.snapshot.metadata, running),
                past: None,
                place,
            };
            let question = Question::compatibility(&facts);
            let requirements =
                args.explain.then(|| requirement::resolve_against(set, set, &ancestry));
            (ask(&args, question, &facts, &references, session).await?, requirements)
        }
        Beside::Parts(candidate, against) => {
            let running = against.as_ref().map(|one| (one.label.as_str(), &one.snapshot));
            // No repository is asked yet for sets in parts.
            let ancestry = Ancestry::default();
            let facts = PartsFacts::new(
                &candidate.label,
                &candidate.snapshot,
                running,
                (now, place),
                &ancestry,
            );
            let clock = &session.app.clock;
            let before = running.map(|(_, running)| &running.metadata);
            let facts = facts.known(clock.captured(&candidate.snapshot.metadata, before), None);
            let requirements = args.explain.then(|| facts.requirements());
            (ask(&args, facts.question(), &facts, &references, session).await?, requirements)
        }
    };
    let mut sides = sides.into_iter();
    let candidate = sides.next().ok_or_else(|| Failure::new("there is nothing to check"))?;
    let verdict = verdict(&policies);
    let report = CheckReport { candidate, against: sides.next(), verdict, policies, requirements };
    session.show(&report, &args.output.format)?;
    Ok(Exit::from(verdict))
}

async fn ask(
    args: &CheckArgs,
    question: Question,
    facts: &dyn Lookup,
    references: &[&Reference],
    session: &Session,
) -> Result<Vec<PolicyReport>, Failure> {
    let only_files = args.stage.is_none() && references.iter().all(|reference| reference.is_file());
    let lookup = if only_files { PolicyLookup::Optional } else { PolicyLookup::Needed };
    let policies = args.policies.choice();
    policies.ask(&session.app, question, facts, args.stage.as_ref(), lookup).await
}

fn side(found: &ResolvedDocument) -> Side {
    Side { name: found.label.clone(), digest: found.document.digest() }
}
