//! A policy from a registry, for any command that takes one.

use clap::Args;
use snapshot_core::{artifact::ArtifactReference, signature::PublicKey};

use crate::{
    commands::{failure::Failure, session::Session},
    policies::largest,
    sources::{
        registry::{self, Pulled, RegistryOptions},
        signature,
    },
};

/// Connection flags for registries.
#[derive(Args, Clone, Debug)]
pub struct RegistryArgs {
    /// Speak HTTP without TLS; a registry on localhost needs no flag
    #[arg(long)]
    plain_http: bool,
}

impl RegistryArgs {
    /// These and the global flags.
    pub fn options(&self, session: &Session) -> RegistryOptions {
        RegistryOptions { plain_http: self.plain_http, patience: session.request_timeout() }
    }
}

/// Fetches a policy, verified by its digests, and by its signature where a key
/// is given. A reference that somebody can move to other bytes earns a warning,
/// unless the signature vouches for them.
pub async fn fetch(
    reference: &ArtifactReference,
    key: Option<&PublicKey>,
    registry: &RegistryArgs,
    session: &Session,
) -> Result<Pulled, Failure> {
    let pulled = registry::pull(reference, largest(), &registry.options(session)).await?;
    if let Some(key) = key {
        let name = reference.to_string();
        signature::verify(&name, key, &pulled.digest, pulled.signature.as_ref())?;
    } else if reference.digest().is_none() {
        session.ui.warning(&format!(
            "{reference} is not pinned: whoever may push can change what it names; pinned it is {}",
            pulled.pinned
        ));
    }
    Ok(pulled)
}
