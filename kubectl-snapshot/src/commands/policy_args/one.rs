//! One policy, for the commands that deal with a single one.

use clap::Args;
use snapshot_core::policy::PolicyReference;

use super::{BoundsArgs, RegistryArgs};
use crate::{
    app::{
        Failure,
        evaluate::{FoundPolicy, find},
    },
    commands::{complete, session::Session},
    policies::{Bounds, Engine},
};

/// One policy, and what it may use.
#[derive(Args, Debug)]
pub struct OnePolicyArgs {
    /// A file, a name, or a reference into a registry
    #[arg(value_name = "POLICY", add = complete::policy())]
    pub policy: PolicyReference,
    #[command(flatten)]
    source: PolicySourceArgs,
}

/// Flags for a policy's source and limits.
#[derive(Args, Debug)]
pub struct PolicySourceArgs {
    #[command(flatten)]
    registry: RegistryArgs,
    #[command(flatten)]
    bounds: BoundsArgs,
}

impl OnePolicyArgs {
    /// Finds the policy's bytes.
    pub async fn find(&self, session: &Session) -> Result<FoundPolicy, Failure> {
        self.source.find(session, &self.policy).await
    }

    /// Engine with its limits.
    pub async fn engine(&self) -> Result<Engine, Failure> {
        self.source.engine().await
    }

    /// Limits of the policy.
    pub fn bounds(&self) -> Bounds {
        self.source.bounds.bounds()
    }
}

impl PolicySourceArgs {
    /// A policy's bytes.
    pub async fn find(
        &self,
        session: &Session,
        policy: &PolicyReference,
    ) -> Result<FoundPolicy, Failure> {
        find(&session.app, policy, self.registry.plain_http).await
    }

    /// Engine with its limits.
    pub async fn engine(&self) -> Result<Engine, Failure> {
        Ok(Engine::start(self.bounds.bounds()).await?)
    }
}
