//! Arguments about policies: which are asked, where they come from, and what they may use.

mod bounds;
mod one;

use clap::Args;
use snapshot_core::policy::PolicyReference;

use crate::{app::evaluate::PolicyChoice, commands::complete};

pub use bounds::BoundsArgs;
pub use one::{OnePolicyArgs, PolicySourceArgs};

/// Policies that are asked besides those that are bound.
#[derive(Args, Debug)]
pub struct PolicyArgs {
    /// A policy to ask besides those bound: a file, a name, or a reference into a registry; can be repeated
    #[arg(long = "policy", value_name = "POLICY", add = complete::policy())]
    extra: Vec<PolicyReference>,
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    bounds: BoundsArgs,
}

/// Arguments of the connection to registries.
#[derive(Args, Clone, Debug)]
pub struct RegistryArgs {
    /// Speak HTTP without TLS; a registry on localhost needs no flag
    #[arg(long)]
    pub plain_http: bool,
}

impl PolicyArgs {
    /// The choice of policies.
    pub fn choice(&self) -> PolicyChoice {
        PolicyChoice {
            extra: self.extra.clone(),
            plain_http: self.registry.plain_http,
            bounds: self.bounds.bounds(),
        }
    }
}
