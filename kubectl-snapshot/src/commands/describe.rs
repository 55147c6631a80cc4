//! `describe`: a snapshot for people.

use clap::Args;
use jiff::Timestamp;
use snapshot_core::{
    parts::{Document, Naming, Several, pairs, requirements},
    reference::Reference,
    requirement,
    snapshot::Spec,
};

use super::{exit::Exit, output::FileOutputArgs, part_args::PartArgs, session::Session};
use crate::{
    app::{
        Clock, Failure,
        history::{Histories, Positions},
        resolve::{resolve, service_filter},
        resolved::{ResolvedDocument, ResolvedSnapshot},
    },
    commands::complete,
    render::{CommitRow, Description, PartsDescription},
    sources::git::Counting,
    store::Store,
};

/// Show what a snapshot holds: versions, flags, requirements, variables
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # A stored snapshot
  kubectl snapshot describe rel-42

  # What runs in the namespace qa
  kubectl snapshot describe live:qa

  # One service of it
  kubectl snapshot describe rel-42 --service tax

  # A page for those who test it, to read in a browser
  kubectl snapshot describe rel-42 -o html > rel-42.html")]
pub(super) struct DescribeArgs {
    /// A stored name, sha256:DIGEST, live[:[CONTEXT/]NAMESPACE], stage:STAGE, a file, a folder, or -
    #[arg(value_name = "REF", add = complete::reference())]
    reference: Reference,
    /// Only this service: its workloads, what they read and need, and what needs them; can be repeated
    #[arg(long = "service", value_name = "SERVICE", add = complete::service())]
    services: Vec<String>,
    #[command(flatten)]
    part: PartArgs,
    #[command(flatten)]
    output: FileOutputArgs,
}

/// Describes one snapshot.
pub(super) async fn run(args: DescribeArgs, session: &Session) -> Result<Exit, Failure> {
    let connections = &session.app.connections;
    let only_files = args.reference.is_file() && !connections.store_is_directory();
    let store = if only_files { None } else { connections.store_if_any().await.ok().flatten() };
    for found in args.part.of(resolve(&session.app, &[&args.reference]).await?)? {
        describe(&args, found, store.as_ref(), session).await?;
    }
    Ok(Exit::Done)
}

/// A set in parts, with what git knows of the commits of each.
async fn parts<'a>(
    label: &'a str,
    several: &'a Several,
    store: Option<&Store>,
    session: &Session,
) -> PartsDescription<'a> {
    let pairs = pairs(None, &several.parts);
    let histories = Histories::of_pairs(&session.app, store, &pairs).await;
    let ancestry = histories.ancestry(&pairs, Counting::OrderAlone).await;
    let naming = Naming::of([&several.parts]);
    let requirements = requirements::resolve(&several.parts, &naming, &ancestry);
    let sets: Vec<&Spec> = pairs.iter().map(|(_, set)| *set).collect();
    let positions = histories.positions(&sets).await.into_iter();
    let commits = positions.map(|of_part| commits(of_part, |_| true, &session.app.clock));
    let commits = several.parts.names().zip(commits).collect();
    PartsDescription::new(label, several, requirements).built_from(commits)
}

/// A row for each commit of a service that is shown.
fn commits(
    positions: Positions,
    is_shown: impl Fn(&String) -> bool,
    clock: &Clock,
) -> Vec<CommitRow> {
    let shown = positions.into_iter().filter(|((software, _), _)| is_shown(&software.service));
    let mut rows: Vec<CommitRow> = shown
        .map(|((software, _), position)| {
            let date = Timestamp::from_second(position.at).unwrap_or_default().to_string();
            CommitRow {
                service: software.service,
                image: software.image,
                commit: position.commit,
                subject: position.subject,
                age: clock.age(&date),
                date,
                branch: position.branch,
                behind: position.behind,
                ahead: position.ahead,
            }
        })
        .collect();
    rows.sort_by(|a, b| (&a.service, &a.image, &a.commit).cmp(&(&b.service, &b.image, &b.commit)));
    rows
}

async fn describe(
    args: &DescribeArgs,
    found: ResolvedDocument,
    store: Option<&Store>,
    session: &Session,
) -> Result<(), Failure> {
    let format = &args.output.format;
    if let (Document::Several(several), true) = (&found.document, args.services.is_empty()) {
        return session.show(&parts(&found.label, several, store, session).await, format);
    }
    let found = found.one()?;
    let filter = service_filter(&args.services, &[&found])?;
    let ResolvedSnapshot { label, snapshot } = &found;
    let histories = Histories::of(&session.app, store, &[&snapshot.spec]).await;
    let ancestry = histories.ancestry(&[(None, &snapshot.spec)], Counting::OrderAlone).await;
    let positions = histories.positions(&[&snapshot.spec]).await.pop().unwrap_or_default();
    let is_shown = |name: &String| filter.as_ref().is_none_or(|one| one.names().contains(name));
    let commits = commits(positions, is_shown, &session.app.clock);
    let Some(filter) = &filter else {
        let set = &snapshot.spec;
        let requirements = requirement::resolve_against(set, set, &ancestry);
        let whole = Description::new(label, snapshot, requirements);
        return session.show(&whole.built_from(commits), format);
    };
    let some = filter.filter(snapshot);
    // What they need is looked for in the whole set.
    let requirements = requirement::resolve_against(&some.spec, &snapshot.spec, &ancestry);
    let part = Description::new(label, &some, requirements).part_of(snapshot, filter.names());
    session.show(&part.built_from(commits), format)
}
