//! `policy list`: which policies are asked.

use clap::Args;
use snapshot_core::{
    digest::Digest,
    policy::{Binding, Mode, Settings},
};

use crate::{
    app::{Failure, evaluate::warn_of_astray},
    commands::{exit::Exit, output::OutputArgs, session::Session},
    policies::{Bounds, Engine, SHIPPED},
    render::{PolicyList, PolicyRow},
};

/// List the policies that are asked, and those that could be
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # What decides whether a set may run?
  kubectl snapshot policy list")]
pub(super) struct ListArgs {
    #[command(flatten)]
    output: OutputArgs,
}

/// Lists bindings, then what ships and is not bound.
pub(super) async fn run(args: ListArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.app.connections.store().await?;
    let bindings = store.bindings().await?;
    warn_of_astray(&session.app, &store, &bindings.bound).await?;
    let engine = Engine::start(Bounds::default()).await?;
    let mut rows: Vec<PolicyRow> = Vec::new();
    for policy in SHIPPED {
        if bindings.has(policy.name) {
            continue;
        }
        let loaded = engine.load(policy.name, policy.bytes.into()).await?;
        let binding = Binding {
            name: policy.name.parse().map_err(Failure::of)?,
            policy: Digest::of(policy.bytes),
            stages: Vec::new(),
            mode: Mode::Enforce,
            settings: Settings::default(),
            config_maps: Vec::new(),
            key: None,
            signature: None,
            about: loaded.about(),
            source: None,
        };
        rows.push(if policy.by_default {
            PolicyRow::by_default(binding)
        } else {
            PolicyRow::available(binding)
        });
    }
    rows.extend(bindings.bound.into_iter().map(PolicyRow::bound));
    for broken in bindings.broken {
        let failure = Failure::from(broken.error);
        session.app.observer.failure("what it would be asked about is undecided", &failure);
    }
    session.show(&PolicyList::new(rows), &args.output.format)?;
    Ok(Exit::Done)
}
