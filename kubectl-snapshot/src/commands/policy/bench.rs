//! `policy bench`: what a policy costs.

use clap::Args;
use snapshot_core::policy::{Decision, Settings};

use super::{decision::decision, settings::SettingsText};
use crate::{
    app::Failure,
    commands::{
        complete, exit::Exit, output::OutputArgs, policy_args::OnePolicyArgs, session::Session,
    },
    policies::{BenchPlan, bench},
};

/// Measure how long a policy takes, and how much memory
///
/// Compiling, starting and asking are measured apart. Each question is about so
/// many services of about a kilobyte each, on both sides, of which one in a
/// hundred changes.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  # Will it do for ten thousand services?
  kubectl snapshot policy bench ./our-rules.wasm

  # At other sizes, for a pipeline
  kubectl snapshot policy bench ./our-rules.wasm --services 50,500 --rounds 5 -o json")]
pub(super) struct BenchArgs {
    #[command(flatten)]
    one: OnePolicyArgs,
    /// How many services to ask about
    #[arg(long, value_name = "N", value_delimiter = ',', default_values_t = [10, 1_000, 10_000])]
    services: Vec<usize>,
    /// How often to do each thing; compiling, three times at most
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u16).range(1..=1000))]
    rounds: u16,
    /// What to ask, where the policy decides both
    #[arg(long, value_parser = decision())]
    decision: Option<Decision>,
    /// A file with its settings, JSON or YAML, or the settings as JSON
    #[arg(long, value_name = "FILE|JSON", add = complete::file())]
    settings: Option<SettingsText>,
    #[command(flatten)]
    output: OutputArgs,
}

/// Measures, and prints.
pub(super) async fn run(args: BenchArgs, session: &Session) -> Result<Exit, Failure> {
    if let Some(services) = args.services.iter().find(|services| **services > 100_000) {
        return Err(Failure::usage(format!(
            "{services} services are too many; use 100000 at most"
        )));
    }
    let found = args.one.find(session).await?;
    let settings = match &args.settings {
        Some(text) => text.read().await?,
        None => Settings::default(),
    };
    let loaded = args.one.engine().await?.load(&found.name, found.bytes.clone()).await?;
    let decision = match args.decision {
        Some(decision) => decision,
        None if loaded.decisions().contains(&Decision::Compatibility) => Decision::Compatibility,
        None => Decision::Promotion,
    };
    let plan = BenchPlan {
        name: found.name,
        decision,
        settings,
        sizes: args.services,
        rounds: args.rounds.into(),
        bounds: args.one.bounds(),
    };
    let progress = session.ui.count("measuring", Some(2 + plan.sizes.len()));
    let measured = bench(plan, found.bytes, &|done| progress.set(done)).await;
    let report = measured?;
    drop(progress);
    session.show(&report, &args.output.format)?;
    Ok(Exit::Done)
}
