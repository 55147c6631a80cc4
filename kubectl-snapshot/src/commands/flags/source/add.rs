//! `flags source add`: a flag system, and whose flags it has.

use clap::Args;
use snapshot_core::{
    flag_source::{FlagSource, FlagsUrl, Place, SecretRef, SystemType},
    name::{FlagSourceName, StageName},
};

use crate::{
    app::{Failure, FailureKind, read_source},
    commands::{complete, exit::Exit, output::OutputArgs, session::Session},
    render::Change,
};

/// Add a flag system, for the flags of stages or namespaces
///
/// It is asked at once whether it answers; it is added even if it does not.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Unleash for the stage prod
  kubectl snapshot flags source add prod-unleash --type unleash --url https://unleash.example.com --at prod

  # A namespace of Flipt for two namespaces of the cluster
  kubectl snapshot flags source add flipt --type flipt --url https://flipt.example.com --flipt-namespace shop --at dev,qa")]
pub(super) struct AddArgs {
    /// What to call it
    #[arg(value_name = "NAME", add = complete::flag_source())]
    name: FlagSourceName,
    /// The flag system: unleash, or flipt (version 2)
    #[arg(long = "type", value_name = "TYPE", value_parser = ["unleash", "flipt"])]
    system: String,
    /// Its address, in front of /api
    #[arg(long)]
    url: String,
    /// The stages and [CONTEXT/]namespaces whose flags it has: prod, stage:prod, kind-b/shop
    #[arg(long, value_name = "PLACE,PLACE", value_delimiter = ',', required = true, add = complete::namespace())]
    at: Vec<String>,
    /// The environment of the flag system [default: that of Unleash's token, Flipt's default one]
    #[arg(long)]
    environment: Option<String>,
    /// A project of Unleash [default: all that its token may read]
    #[arg(long)]
    project: Option<String>,
    /// A namespace of Flipt [default: default]
    #[arg(long, value_name = "NAME")]
    flipt_namespace: Option<String>,
    /// The Secret with its token, and the url that it may be sent to; in the store's namespace,
    /// where none is named
    #[arg(long, value_name = "[NAMESPACE/]NAME")]
    secret: Option<SecretRef>,
    /// Replace one of that name
    #[arg(long)]
    force: bool,
    #[command(flatten)]
    output: OutputArgs,
}

/// Stores the source, and asks it once.
pub(super) async fn run(args: AddArgs, session: &Session) -> Result<Exit, Failure> {
    let store = session.app.connections.store().await?;
    let output = args.output.format.clone();
    let (force, at) = (args.force, args.at.clone());
    let mut source = source(args)?;
    let stages = store.stages().await?;
    for text in at {
        source.at.push(place(&text, |stage| stages.has(stage))?);
    }
    let known = store.flag_sources().await?.readable;
    let before = known.iter().find(|one| one.name == source.name);
    if !force && before.is_some_and(|before| *before != source) {
        let taken = format!("there is a flag source {} already", source.name);
        return Err(Failure::new(taken)
            .with_kind(FailureKind::Conflict)
            .hint("choose another name, or replace it with --force"));
    }
    store.put_flag_source(&source).await?;
    session.tell(Change::new("flag source", source.name.to_string(), "added"), &output)?;
    match read_source(&session.app, &source).await {
        Ok(served) => {
            let of = served.environment.map_or_else(String::new, |name| format!(" of {name}"));
            let flags = match served.flags.len() {
                1 => "1 flag".to_owned(),
                flags => format!("{flags} flags"),
            };
            session.ui.status(&format!("it serves {flags}{of}"));
        }
        Err(failure) => {
            session.app.observer.failure("its flags are unknown until it answers", &failure);
        }
    }
    Ok(Exit::Done)
}

/// The source of the arguments, without its places. The address is read here, for an error of the
/// arguments would repeat a secret in it.
fn source(args: AddArgs) -> Result<FlagSource, Failure> {
    let usage = |text: &str| Err(Failure::usage(text.to_owned()));
    let system: SystemType = args.system.parse().map_err(Failure::of)?;
    match (system, &args.project, &args.flipt_namespace) {
        (SystemType::Flipt, Some(_), _) => return usage("Flipt has no projects"),
        (SystemType::Unleash, _, Some(_)) => return usage("Unleash has no namespaces"),
        _ => {}
    }
    let url: FlagsUrl =
        args.url.parse().map_err(|error| Failure::of(error).with_kind(FailureKind::Usage))?;
    Ok(FlagSource {
        name: args.name,
        system,
        url,
        at: Vec::new(),
        environment: args.environment,
        project: args.project,
        namespace: args.flipt_namespace,
        secret: args.secret,
    })
}

/// A place as it was typed: a stage, where there is one of that name, else a namespace.
fn place(text: &str, is_stage: impl Fn(&StageName) -> bool) -> Result<Place, Failure> {
    let usage = |error| Failure::of(error).with_kind(FailureKind::Usage);
    let place: Place = text.parse().map_err(usage)?;
    match &place {
        Place::Stage(stage) if !is_stage(stage) => {
            Err(Failure::usage(format!("there is no stage {stage}")))
        }
        Place::Namespace(namespace) if namespace.context.is_none() => {
            let stage = text.parse().ok().filter(is_stage);
            Ok(stage.map_or(place, Place::Stage))
        }
        _ => Ok(place),
    }
}
