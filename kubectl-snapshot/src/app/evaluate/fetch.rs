//! A policy from a registry.

use snapshot_core::{artifact::ArtifactReference, signature::PublicKey};

use super::super::{App, Failure};
use crate::{
    policies::largest,
    sources::{
        registry::{self, Pulled, RegistryOptions},
        signature,
    },
};

/// Options of speaking to a registry.
#[must_use]
pub fn registry_options(app: &App, plain_http: bool) -> RegistryOptions {
    RegistryOptions { plain_http, patience: app.connections.request_timeout() }
}

/// Fetches a policy, verified by its digests, and by its signature where a key
/// is given. A reference that somebody can move to other bytes earns a warning,
/// unless the signature vouches for them.
pub async fn fetch(
    app: &App,
    reference: &ArtifactReference,
    key: Option<&PublicKey>,
    plain_http: bool,
) -> Result<Pulled, Failure> {
    let options = registry_options(app, plain_http);
    let pulled = registry::pull(reference, largest(), &options).await?;
    if let Some(key) = key {
        let name = reference.to_string();
        signature::verify(&name, key, &pulled.digest, pulled.signature.as_ref())?;
    } else if reference.digest().is_none() {
        app.observer.warning(&format!(
            "{reference} is not pinned: whoever may push can change what it names; pinned it is {}",
            pulled.pinned
        ));
    }
    Ok(pulled)
}
