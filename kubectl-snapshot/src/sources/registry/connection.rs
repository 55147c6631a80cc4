//! A way to one repository of a registry, as somebody.

use std::time::Duration;

use oci_client::{
    Client, Reference, RegistryOperation,
    client::{ClientConfig, ClientProtocol},
    secrets::RegistryAuth,
};
use rustls::crypto::ring;
use snapshot_core::artifact::ArtifactReference;
use tokio::time::timeout;

use super::{
    RegistryError, RegistryOptions, credentials::Credentials, error::Asked, trace::traced,
};

/// Timeout of connecting.
const CONNECT: Duration = Duration::from_secs(10);
/// Timeout of a request with a short answer, unless the user sets another.
const PATIENCE: Duration = Duration::from_secs(30);

/// A way to one repository, for [`pull`](super::pull) and [`push`](super::push).
pub(super) struct Connection {
    pub(super) client: Client,
    pub(super) auth: RegistryAuth,
    pub(super) image: Reference,
    pub(super) asked: Asked,
    pub(super) patience: Duration,
    /// True where no TLS is spoken.
    pub(super) plain: bool,
    /// The token that requests bear, where the registry gave one.
    pub(super) token: Option<String>,
}

impl Connection {
    /// Logs in, to do these things there. `silence` is how long the registry may
    /// say nothing, unless the user says.
    pub(super) async fn open(
        reference: &ArtifactReference,
        options: &RegistryOptions,
        credentials: &Credentials,
        operations: &[RegistryOperation],
        silence: Duration,
    ) -> Result<Self, RegistryError> {
        let patience = options.patience.unwrap_or(PATIENCE);
        let (auth, login) = credentials.of(reference.registry(), patience).await;
        let asked = Asked { reference: reference.clone(), login };
        let plain = options.plain_http || reference.is_local();
        let client = client(plain, options.patience.unwrap_or(silence))
            .map_err(|error| asked.unreachable(&error))?;
        let image = place(reference);
        let mut connection = Self { client, auth, image, asked, patience, plain, token: None };
        for operation in operations {
            connection.token = timeout(patience, connection.log_in(*operation))
                .await
                .map_err(|_| connection.asked.timed_out())??;
        }
        Ok(connection)
    }

    /// Gets the token that further requests bear.
    async fn log_in(&self, operation: RegistryOperation) -> Result<Option<String>, RegistryError> {
        let token = self.client.auth(&self.image, &self.auth, operation);
        let token = traced("log in", &self.asked.reference, 0, token).await;
        let token = token.map_err(|error| self.asked.failed(error))?;
        // The client would not survive a token that cannot stand in a header.
        if token.as_ref().is_some_and(|token| !token.bytes().all(|byte| byte.is_ascii_graphic())) {
            return Err(self.asked.senseless("its token has characters that no token has"));
        }
        Ok(token)
    }
}

fn client(
    plain: bool,
    silence: Duration,
) -> Result<Client, oci_client::errors::OciDistributionError> {
    // The HTTP client takes the process's provider; another that is there does as well.
    let _ = ring::default_provider().install_default();
    Client::try_from(ClientConfig {
        protocol: if plain { ClientProtocol::Http } else { ClientProtocol::Https },
        // One request for the whole component: more registries can do that than take it in pieces.
        use_monolithic_push: true,
        read_timeout: Some(silence),
        connect_timeout: Some(silence.min(CONNECT)),
        user_agent: concat!("kubectl-snapshot/", env!("CARGO_PKG_VERSION")),
        ..ClientConfig::default()
    })
}

/// The reference in the client's words.
pub(super) fn place(reference: &ArtifactReference) -> Reference {
    let (registry, repository) =
        (reference.registry().to_owned(), reference.repository().to_owned());
    match reference.digest() {
        Some(digest) => Reference::with_digest(registry, repository, digest.to_string()),
        None => Reference::with_tag(registry, repository, reference.tag().to_owned()),
    }
}
