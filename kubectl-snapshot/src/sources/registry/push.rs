//! Push of a policy to a registry.

use std::time::Duration;

use futures::stream;
use oci_client::{
    RegistryOperation,
    errors::{OciDistributionError, OciEnvelope, OciErrorCode},
};
use snapshot_core::{artifact::ArtifactReference, digest::Digest};

use super::{
    Package, RegistryError, RegistryOptions,
    connection::Connection,
    credentials::Credentials,
    layout::{Config, MANIFEST},
    trace::traced,
};

/// Time without an answer after which a push is given up: the registry says nothing while
/// it is sent a component.
const SILENCE: Duration = Duration::from_mins(5);

/// A policy that is in a registry now.
#[derive(Clone, Debug)]
pub struct Pushed {
    /// Pinned reference: with the manifest's digest.
    pub pinned: ArtifactReference,
    /// The registry refused a Wasm artifact, and took it for a container image.
    pub as_image: bool,
}

/// Pushes a policy, and makes the reference's tag name it.
///
/// The manifest's digest depends on the package alone, and not on the time or
/// the place. A registry that refuses Wasm's media types gets the same component
/// behind a container image's config; [`Pushed::as_image`] tells.
pub async fn push(
    reference: &ArtifactReference,
    package: &Package,
    options: &RegistryOptions,
) -> Result<Pushed, RegistryError> {
    let operations = [RegistryOperation::Push, RegistryOperation::Pull];
    let credentials = Credentials::default();
    let connection =
        Connection::open(reference, options, &credentials, &operations, SILENCE).await?;
    let layer = Digest::of(&package.bytes);
    upload(&connection, &layer, package.bytes.clone()).await?;
    let (digest, as_image) = match describe(&connection, package, &layer, Config::Wasm).await? {
        Ok(digest) => (digest, false),
        Err(refusal) => match describe(&connection, package, &layer, Config::Image).await? {
            Ok(digest) => (digest, true),
            // Then it was not for the media type.
            Err(_) => return Err(connection.asked.failed(refusal)),
        },
    };
    let pinned = reference.pinned(digest);
    confirm(&connection, &digest).await?;
    Ok(Pushed { pinned, as_image })
}

/// Pushes config and manifest. The inner error is a refusal that may be due to
/// the media type.
async fn describe(
    connection: &Connection,
    package: &Package,
    layer: &Digest,
    kind: Config,
) -> Result<Result<Digest, OciDistributionError>, RegistryError> {
    let config = kind.text(package, layer);
    upload(connection, &Digest::of(config.as_bytes()), config.clone().into_bytes()).await?;
    let manifest = kind.manifest(package, layer, &config);
    let digest = Digest::of(manifest.as_bytes());
    let Connection { client, image, asked, .. } = connection;
    let media_type = MANIFEST.parse().map_err(|_| asked.senseless(MANIFEST))?;
    let size = manifest.len();
    let pushing = client.push_manifest_raw(image, manifest, media_type);
    match traced("push manifest", &asked.reference, size, pushing).await {
        Ok(_) => Ok(Ok(digest)),
        Err(error) if may_be_for_the_type(&error) => Ok(Err(error)),
        Err(error) => Err(asked.failed(error)),
    }
}

/// Uploads bytes that are not there yet.
async fn upload(
    connection: &Connection,
    digest: &Digest,
    bytes: Vec<u8>,
) -> Result<(), RegistryError> {
    let Connection { client, image, asked, .. } = connection;
    let digest = digest.to_string();
    let looking = client.blob_exists(image, &digest);
    let there = traced("look for blob", &asked.reference, 0, looking).await;
    if there.map_err(|error| asked.failed(error))? {
        return Ok(());
    }
    let size = bytes.len();
    let whole = stream::iter([Ok(bytes.into())]);
    let pushing = client.push_blob_stream(image, whole, &digest, Some(size as u64));
    match traced("push blob", &asked.reference, size, pushing).await {
        Ok(_) => Ok(()),
        // Some registries take a blob and do not say where it is: it is where it belongs, or not.
        Err(unsaid @ OciDistributionError::RegistryNoLocationError) => {
            let looking = client.blob_exists(image, &digest);
            match traced("look for blob", &asked.reference, 0, looking).await {
                Ok(true) => Ok(()),
                Ok(false) | Err(_) => Err(asked.failed(unsaid)),
            }
        }
        Err(error) => Err(asked.failed(error)),
    }
}

/// Asks for what was pushed, as those will who pull it.
async fn confirm(connection: &Connection, digest: &Digest) -> Result<(), RegistryError> {
    let Connection { client, auth, image, asked, .. } = connection;
    let pushed = image.clone_with_digest(digest.to_string());
    let looking = client.fetch_manifest_digest(&pushed, auth);
    traced("look for manifest", &asked.reference, 0, looking)
        .await
        .map_err(|error| asked.failed(error))?;
    Ok(())
}

/// True if a manifest may have been refused for its config's media type: there is no code
/// for exactly that.
fn may_be_for_the_type(error: &OciDistributionError) -> bool {
    let OciDistributionError::ServerError { code, message, .. } = error else {
        return false;
    };
    let said = serde_json::from_str::<OciEnvelope>(message);
    let codes = said.into_iter().flat_map(|said| said.errors).map(|error| error.code);
    *code == 415
        || ((400..500).contains(code)
            && codes.into_iter().any(|code| {
                matches!(code, OciErrorCode::ManifestInvalid | OciErrorCode::Unsupported)
            }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(code: u16, message: &str) -> bool {
        may_be_for_the_type(&OciDistributionError::ServerError {
            code,
            url: String::new(),
            message: message.to_owned(),
        })
    }

    #[test]
    fn only_a_refusal_of_the_manifest_is_tried_again() {
        let with = |code: &str| format!(r#"{{"errors":[{{"code":"{code}"}}]}}"#);
        assert!(refused(415, "") && refused(415, "<html>"));
        assert!(refused(400, &with("MANIFEST_INVALID")));
        assert!(refused(404, &with("UNSUPPORTED")));
        assert!(!refused(400, &with("NAME_INVALID")));
        assert!(!refused(403, &with("DENIED")));
        assert!(!refused(500, &with("UNSUPPORTED")));
        assert!(!refused(400, "not JSON"));
    }
}
