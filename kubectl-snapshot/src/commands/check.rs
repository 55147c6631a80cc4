//! `check`: do these versions and flags work together?

use std::collections::BTreeMap;

use clap::Args;
use snapshot_core::{
    diff::Side, name::StageName, reference::Reference, requirement, snapshot::Spec,
    verdict::verdict,
};

use super::{exit::Exit, output::FileOutputArgs, policy_args::PolicyArgs, session::Session};
use crate::{
    app::{
        Failure, evaluate::PolicyLookup, history::Histories, resolve::resolve_to_compare,
        resolved::ResolvedSnapshot, stages,
    },
    commands::complete,
    policies::{Facts, Place, Question},
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
    policies: PolicyArgs,
    #[command(flatten)]
    output: FileOutputArgs,
}

/// Asks the policies, and says so by the exit code too.
pub(super) async fn run(args: CheckArgs, session: &Session) -> Result<Exit, Failure> {
    let references: Vec<&Reference> = [&args.reference].into_iter().chain(&args.against).collect();
    let found = resolve_to_compare(&session.app, &references).await?;
    let (candidate, against) = (&found[0], found.get(1));
    let running = against.map(|against| (against.label.as_str(), &against.snapshot));
    let values = match &args.stage {
        Some(stage) => Some(stages::values(&session.app, stage).await?),
        None => None,
    };
    let sets: Vec<&Spec> = found.iter().map(|one| &one.snapshot.spec).collect();
    let store = session.app.connections.store_if_any().await.ok().flatten();
    let histories = Histories::of(&session.app, store.as_ref(), &sets).await;
    let before = sets.get(1).copied();
    let ancestry = histories.ancestry(before, sets[0], Counting::OrderAlone).await;
    let no_pins = BTreeMap::new();
    let facts = Facts {
        name: &candidate.label,
        candidate: &candidate.snapshot,
        running,
        ancestry: &ancestry,
        now: session.app.clock.unix_seconds(),
        captured: session
            .app
            .clock
            .captured(&candidate.snapshot, against.map(|against| &against.snapshot)),
        past: None,
        place: values.as_ref().map(|values| Place { values, pins: &no_pins, written: None }),
    };
    let only_files = args.stage.is_none() && references.iter().all(|reference| reference.is_file());
    let lookup = if only_files { PolicyLookup::Optional } else { PolicyLookup::Needed };
    let question = Question::compatibility(&facts);
    let policies = args
        .policies
        .choice()
        .ask(&session.app, question, &facts, args.stage.as_ref(), lookup)
        .await?;
    let verdict = verdict(&policies);
    let side = |found: &ResolvedSnapshot| Side {
        name: found.label.clone(),
        digest: found.snapshot.spec.digest(),
    };
    let report = CheckReport {
        candidate: side(candidate),
        against: against.map(side),
        verdict,
        policies,
        requirements: args.explain.then(|| {
            let set = &candidate.snapshot.spec;
            requirement::resolve_against(set, set, &ancestry)
        }),
    };
    session.show(&report, &args.output.format)?;
    Ok(Exit::from(verdict))
}
