//! `versions`: what a service could run, and who runs what.

use std::num::NonZero;

use clap::Args;
use jiff::Timestamp;
use snapshot_core::{image::ImageReference, reference::Reference};

use super::{exit::Exit, output::OutputArgs, policy_args::RegistryArgs, session::Session};
use crate::{
    advice,
    app::{
        Clock, Failure,
        versions::{KnownVersion, WantedVersions, versions},
    },
    commands::complete,
    render::{Format, VersionList, VersionRow},
};

/// List what a service could run, the newest first, and who runs what
///
/// The tags of its registry are joined with the commits of its git repository. Who runs
/// them is told by what was promoted to stages and by the newest stored snapshots; they
/// also tell which images the service has.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What could tax run, and what runs where?
  kubectl snapshot versions tax

  # Beside what runs in dev now
  kubectl snapshot versions tax --in live:dev

  # All of them, of an image that no set has yet
  kubectl snapshot versions tax --image registry.example/shop/tax --limit 0 -o json")]
pub(super) struct VersionsArgs {
    /// The service
    #[arg(add = complete::service())]
    service: String,
    /// A set to look into, besides those of stages and the newest that are stored; can be repeated
    #[arg(long = "in", value_name = "REF", add = complete::reference())]
    sets: Vec<Reference>,
    /// A repository of images, besides those that the sets name; can be repeated
    #[arg(long = "image", value_name = "REPOSITORY")]
    images: Vec<ImageReference>,
    /// How many to list; 0 for all
    #[arg(long, value_name = "NUMBER", default_value = "20")]
    limit: usize,
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    output: OutputArgs,
}

/// Lists them.
pub(super) async fn run(args: VersionsArgs, session: &Session) -> Result<Exit, Failure> {
    let wanted = WantedVersions {
        service: args.service,
        sets: args.sets,
        images: args.images,
        limit: NonZero::new(args.limit),
        plain_http: args.registry.plain_http,
    };
    let found = versions(&session.app, &wanted).await?;
    let clock = &session.app.clock;
    let list = VersionList {
        service: wanted.service,
        items: found.items.into_iter().map(|one| row(one, clock)).collect(),
        omitted: found.omitted,
    };
    session.show(&list, &args.output.format)?;
    if args.output.format == Format::Table {
        for gap in &found.gaps {
            session.ui.warning(&gap.to_string());
            for hint in advice::for_gap(gap) {
                session.ui.hint(&hint);
            }
        }
    }
    Ok(Exit::Done)
}

fn row(one: KnownVersion, clock: &Clock) -> VersionRow {
    let position = one.position.as_ref();
    let date = position
        .map(|position| Timestamp::from_second(position.at).unwrap_or_default().to_string());
    VersionRow {
        image: one.repository,
        tag: one.tag,
        digest: one.digest,
        commit: position.map(|position| position.commit.clone()).or(one.commit),
        subject: position.map(|position| position.subject.clone()),
        author: position.map(|position| position.author.clone()),
        behind: position.and_then(|position| position.behind),
        ahead: position.and_then(|position| position.ahead),
        age: date.as_ref().or(one.created.as_ref()).map(|at| clock.age(at)),
        date,
        created: one.created,
        runs: one.runs.into_iter().collect(),
        in_registry: one.is_there,
    }
}
