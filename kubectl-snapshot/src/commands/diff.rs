//! `diff`: how two snapshots differ.

use clap::Args;
use snapshot_core::{
    diff::{self, Diff, Gaps, Side},
    evidence::{self, EvidenceDiff},
    parts::pairs,
    reference::Reference,
};

use super::{
    alias_args::AliasArgs, exit::Exit, output::FileOutputArgs, part_args::PartArgs,
    session::Session,
};
use crate::{
    advice,
    app::{
        Failure, FailureKind,
        evidence::left_out,
        history::Histories,
        resolve::{refuse_missing, resolve_to_compare, service_filter},
        resolved::Sides,
    },
    commands::complete,
    render::Format,
    sources::git::Counting,
    store::Store,
};

/// Compare two snapshots, from the first to the second
///
/// Exits 0 where they are the same, 1 where they differ, 2 on an error.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What changed between two releases
  kubectl snapshot diff rel-41 rel-42

  # What would change in production
  kubectl snapshot diff live:prod rel-42

  # Has the namespace moved away from what was captured?
  kubectl snapshot diff rel-42 live:qa -o json

  # What differs in two namespaces, part by part; and where they have other names
  kubectl snapshot diff live:shop,payments rel-42
  kubectl snapshot diff live rel-42 --at shop=shop-prod,payments=pay-prod

  # A page for those who decide, to read in a browser
  kubectl snapshot diff live:prod rel-42 -o html > rel-42.html

  # What of it is ours?
  kubectl snapshot diff live:prod rel-42 --service tax --service cart

  # What was changed in the code? For a merge request, in markdown
  kubectl snapshot diff live:prod rel-42 --log
  kubectl snapshot diff live:prod rel-42 --log -o markdown

  # And how do the measurements of the two compare?
  kubectl snapshot diff rel-41 rel-42 --evidence")]
pub(super) struct DiffArgs {
    /// The first: a stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "A", add = complete::reference())]
    from: Reference,
    /// The second
    #[arg(value_name = "B", default_value = "live", add = complete::reference())]
    to: Reference,
    /// Only this service: its workloads, what they read and need, and what needs them; can be repeated
    #[arg(long = "service", value_name = "SERVICE", add = complete::service())]
    services: Vec<String>,
    /// List the commits between the two sides of each service, as release notes do
    #[arg(long)]
    log: bool,
    /// Compare what is known about both as well: metrics, tests, approvals
    #[arg(long)]
    evidence: bool,
    #[command(flatten)]
    at: AliasArgs,
    #[command(flatten)]
    part: PartArgs,
    #[command(flatten)]
    output: FileOutputArgs,
}

/// Compares, and says so by the exit code too.
pub(super) async fn run(args: DiffArgs, session: &Session) -> Result<Exit, Failure> {
    compare(args, session).await.map_err(|failure| match failure.kind {
        // kubectl's meaning: 1 is "different", so every error is more than 1.
        FailureKind::Failed | FailureKind::Conflict => failure.with_kind(FailureKind::Usage),
        _ => failure,
    })
}

async fn compare(args: DiffArgs, session: &Session) -> Result<Exit, Failure> {
    if args.from == Reference::Stdin && args.to == Reference::Stdin {
        return Err(Failure::usage("both sides are standard input, which can be read only once"));
    }
    let found =
        resolve_to_compare(&session.app, &[&args.from, &args.to], &args.at.aliases()).await?;
    let Ok(found) = <[_; 2]>::try_from(args.part.of(found)?) else {
        return Err(Failure::new("a comparison takes two sides"));
    };
    let is_same = match Sides::of(found)? {
        Sides::One(sides) => {
            let [from, to] = &*sides;
            let (names, sides) = ([from.label.as_str(), &to.label], [&from.snapshot, &to.snapshot]);
            let mut diff = match service_filter(&args.services, &[from, to])? {
                None => diff::compare(names, sides[0], sides[1]),
                Some(filter) => diff::compare_some(names, sides[0], sides[1], &filter),
            };
            if let Some(store) = store_of(&args, session).await? {
                let pairs = [(Some(&sides[0].spec), &sides[1].spec)];
                let histories = Histories::of_pairs(&session.app, Some(&store), &pairs).await;
                diff = diff.ordered_by(&histories.ancestry(&pairs, Counting::Counted).await);
                if args.log {
                    diff.notes = histories.notes(&[&diff]).await.pop().unwrap_or_default();
                }
            }
            diff.evidence = evidence_of(&args, &diff.from, &diff.to, session).await?;
            session.show(&diff, &args.output.format)?;
            if args.output.format == Format::Table {
                hint_at_gaps(&diff.gaps(), session);
            }
            diff.summary.is_same()
        }
        Sides::Parts(sides) => {
            let [from, to] = &*sides;
            refuse_missing(&args.services, [from, to])?;
            let names = [from.label.as_str(), &to.label];
            let mut diff = diff::compare_parts(names, &from.snapshot, &to.snapshot, &args.services);
            if let Some(store) = store_of(&args, session).await? {
                let pairs = pairs(Some(&from.snapshot.parts), &to.snapshot.parts);
                let histories = Histories::of_pairs(&session.app, Some(&store), &pairs).await;
                diff = diff.ordered_by(&histories.ancestry(&pairs, Counting::Counted).await);
                if args.log {
                    let of_parts: Vec<&Diff> = diff.parts.iter().map(|one| &one.diff).collect();
                    let notes = histories.notes(&of_parts).await;
                    for (one, notes) in diff.parts.iter_mut().zip(notes) {
                        one.diff.notes = notes;
                    }
                }
            }
            diff.evidence = evidence_of(&args, &diff.from, &diff.to, session).await?;
            session.show(&diff, &args.output.format)?;
            if args.output.format == Format::Table {
                hint_at_gaps(&diff.gaps(), session);
            }
            diff.summary.is_same()
        }
    };
    Ok(if is_same { Exit::Done } else { Exit::Failed })
}

/// The comparison of what is known about both sides, where that is asked for.
async fn evidence_of(
    args: &DiffArgs,
    from: &Side,
    to: &Side,
    session: &Session,
) -> Result<Option<EvidenceDiff>, Failure> {
    if !args.evidence {
        return Ok(None);
    }
    let store = session.app.connections.store().await?;
    let (before, after) = (store.evidence(&from.digest).await?, store.evidence(&to.digest).await?);
    for warning in left_out(&before).into_iter().chain(left_out(&after)) {
        session.ui.warning(&warning);
    }
    Ok(Some(evidence::compare(&before.facts, &after.facts)))
}

/// The store that names the repositories; none where two files are compared without a cluster.
async fn store_of(args: &DiffArgs, session: &Session) -> Result<Option<Store>, Failure> {
    let connections = &session.app.connections;
    let only_files = args.from.is_file() && args.to.is_file();
    if only_files && !connections.store_is_directory() && !args.log {
        return Ok(None);
    }
    connections.store().await.map(Some)
}

/// Says what to do about orders that are not known: once for each kind of reason.
fn hint_at_gaps(gaps: &[Gaps<'_>], session: &Session) {
    for gaps in gaps {
        for hint in advice::for_gap(gaps.first) {
            session.ui.hint(&hint);
        }
    }
}
