//! `policy add`: have a policy asked from now on.

use std::path::PathBuf;

use clap::Args;
use snapshot_core::{
    digest::Digest,
    name::{PolicyName, StageName},
    policy::{Binding, Mode, Settings},
};

use super::settings::{SettingsText, refused_settings};
use crate::{
    app::{Failure, evaluate::FoundPolicy},
    commands::{
        complete, exit::Exit, output::OutputArgs, policy_args::OnePolicyArgs, session::Session,
    },
    policies::SHIPPED,
    render::Change,
    sources::signature::{read_public_key, read_signature, verify},
    store::StoreError,
};

/// Have a policy asked from now on, at every stage or at some
///
/// Stores the policy's bytes, pinned by their digest, so that everybody asks the
/// same one. A policy that is bound already under that name is replaced, together
/// with its settings and its mode. What cannot work is refused: settings that the
/// policy does not take, a stage that is not there, a policy that cannot answer an
/// empty question.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Ask your own policy, whose findings decide
  kubectl snapshot policy add ./our-rules.wasm --name our-rules

  # One that ships, with settings
  kubectl snapshot policy add semver-major --settings '{\"unknown\": \"warn\"}'

  # Only where the platform team has signed it
  kubectl snapshot policy add oci://ghcr.io/shop/rules@sha256:1f3a… --key platform.pem

  # Only show what it says, until everybody has seen it
  kubectl snapshot policy add ./our-rules.wasm --mode warn

  # With the ConfigMap that it reads
  kubectl snapshot policy add ./schema-version.wasm --config-map shop-schema")]
pub(super) struct AddArgs {
    #[command(flatten)]
    one: OnePolicyArgs,
    /// What to call it [default: its own name]
    #[arg(long)]
    name: Option<PolicyName>,
    /// A stage to ask it at, can be repeated [default: everywhere]
    #[arg(long = "stage", value_name = "STAGE", add = complete::stage())]
    stages: Vec<StageName>,
    /// A file with its settings, JSON or YAML, or the settings as JSON
    #[arg(long, value_name = "FILE|JSON", add = complete::file())]
    settings: Option<SettingsText>,
    /// A ConfigMap of snapshots that the policy is told of, can be repeated
    #[arg(long = "config-map", value_name = "NAME")]
    config_maps: Vec<String>,
    /// Bind it although its stage is not there yet, or it cannot answer an empty question
    #[arg(long)]
    force: bool,
    /// Whether its findings decide, or are only shown
    #[arg(long, value_enum, default_value_t = ModeWord::Enforce)]
    mode: ModeWord,
    /// The Ed25519 public key, in PEM, of who has to have signed it: checked now and whenever it is asked
    #[arg(long, value_name = "FILE", add = complete::file())]
    key: Option<PathBuf>,
    /// The signature, where the policy did not come with one from a registry
    #[arg(long, value_name = "FILE", requires = "key", add = complete::file())]
    signature: Option<PathBuf>,
    #[command(flatten)]
    output: OutputArgs,
}

#[derive(Clone, Copy, Debug, clap::ValueEnum)]
enum ModeWord {
    Enforce,
    Warn,
}

/// Loads it, checks its settings, and binds it.
pub(super) async fn run(args: AddArgs, session: &Session) -> Result<Exit, Failure> {
    let found = args.newest(session).await?;
    let key = match &args.key {
        Some(file) => Some(read_public_key(file).await?),
        None => None,
    };
    let signature = match &args.signature {
        Some(file) => Some(read_signature(file).await?),
        None => found.signature,
    };
    let digest = Digest::of(&found.bytes);
    if let Some(key) = &key {
        verify(&found.name, key, &digest, signature.as_ref())?;
    }
    let settings = match &args.settings {
        Some(text) => text.read().await?,
        None => Settings::default(),
    };
    let loaded = args.one.engine().await?.load(&found.name, found.bytes.clone()).await?;
    loaded.check(&settings).await.map_err(|error| refused_settings(&args.one.policy, &error))?;
    let store = session.app.connections.store().await?;
    let known = store.stages().await?;
    for stage in &args.stages {
        if !known.has(stage) {
            refuse_unless(
                args.force,
                session,
                format!("there is no stage {stage}"),
                format!(
                    "make it first: kubectl snapshot stage set {stage} --at NAMESPACE; or use --force"
                ),
            )?;
        }
    }
    let now = session.app.clock.unix_seconds();
    if let Err(refusal) = loaded.try_out(&settings, args.stages.first(), now).await {
        let hint = format!("{}; --force binds it all the same", refusal.hint());
        refuse_unless(args.force, session, format!("policy {}: {refusal}", args.one.policy), hint)?;
    }
    let about = loaded.about();
    let name = match args.name {
        Some(name) => name,
        None => about.name.parse().map_err(|error| {
            Failure::usage(format!("the policy's own name cannot be used: {error}"))
                .because(error)
                .hint("name it with --name")
        })?,
    };
    let binding = Binding {
        name,
        policy: digest,
        stages: args.stages,
        mode: match args.mode {
            ModeWord::Enforce => Mode::Enforce,
            ModeWord::Warn => Mode::Warn,
        },
        settings,
        config_maps: args.config_maps,
        key,
        signature,
        about,
        source: Some(found.source),
    };
    let before = match store.binding(&binding.name).await {
        Ok(before) => Some(before),
        Err(StoreError::NotFound { .. } | StoreError::BrokenBinding { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let word = match &before {
        None => "added",
        Some(before) if *before == binding => "unchanged",
        Some(_) => "replaced",
    };
    store.bind(&binding, &found.bytes).await?;
    let default = SHIPPED.iter().any(|one| one.by_default && one.name == binding.name.as_ref());
    if default && before.is_none() && !binding.stages.is_empty() {
        session.ui.warning(&format!(
            "{} was asked at every stage, and is now asked at {} alone",
            binding.name,
            stages_of(&binding)
        ));
    }
    let shipped = SHIPPED.iter().find(|one| one.name == binding.name.as_ref());
    if let Some(shipped) = shipped.filter(|one| Digest::of(one.bytes) != binding.policy) {
        session.ui.warning(&format!(
            "it is asked in place of the shipped policy {}, which is not asked any more; --name \
             binds it beside that one",
            shipped.name
        ));
    }
    for change in before.iter().flat_map(|before| changes(before, &binding)) {
        session.ui.status(&change);
    }
    let told = format!("policy/{} {word} ({})", binding.name, binding.policy.short());
    let change = Change::new("policy", binding.name, word).of(binding.policy).saying(told);
    session.tell(change, &args.output.format)?;
    Ok(Exit::Done)
}

/// Refuses what cannot work, unless the user means it.
fn refuse_unless(
    forced: bool,
    session: &Session,
    message: String,
    hint: String,
) -> Result<(), Failure> {
    if forced {
        session.ui.warning(&message);
        return Ok(());
    }
    Err(Failure::usage(message).hint(hint))
}

impl AddArgs {
    /// The policy's bytes. A name that ships means what ships with this plugin,
    /// and not what was bound under it before.
    async fn newest(&self, session: &Session) -> Result<FoundPolicy, Failure> {
        match FoundPolicy::shipped(&self.one.policy) {
            Some(found) => Ok(found),
            None => self.one.find(session).await,
        }
    }
}

/// Changes that somebody who binds a policy again may not have meant.
fn changes(before: &Binding, after: &Binding) -> Vec<String> {
    let members = [
        ("mode", before.mode.to_string(), after.mode.to_string()),
        ("settings", before.settings.to_json(), after.settings.to_json()),
        ("asked", stages_of(before), stages_of(after)),
        ("ConfigMaps", before.config_maps.join(", "), after.config_maps.join(", ")),
    ];
    let changed = members.into_iter().filter(|(_, before, after)| before != after);
    changed.map(|(member, before, after)| format!("{member}: {before} → {after}")).collect()
}

/// Stages of a binding, in words.
fn stages_of(binding: &Binding) -> String {
    let names: Vec<&str> = binding.stages.iter().map(AsRef::as_ref).collect();
    if names.is_empty() { "everywhere".to_owned() } else { names.join(", ") }
}
