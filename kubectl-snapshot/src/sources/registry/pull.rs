//! Pull of a policy from a registry.

use std::time::Duration;

use futures::StreamExt as _;
use oci_client::{RegistryOperation, errors::DigestError};
use snapshot_core::{artifact::ArtifactReference, digest::Digest, signature::Signature};
use tokio::time::timeout;

use super::{
    RegistryError, RegistryOptions,
    connection::Connection,
    credentials::Credentials,
    layout::{self, Layer},
    trace::traced,
};

/// The largest manifest that is taken, in bytes: registries keep no larger ones.
const LARGEST_MANIFEST: usize = 4 << 20;
/// Time without data after which a download is given up.
const SILENCE: Duration = Duration::from_secs(30);
/// Time limit of a whole component, however steadily it comes.
const WHOLE: Duration = Duration::from_mins(5);

/// A policy from a registry.
#[derive(Clone, Debug)]
pub struct Pulled {
    /// The component.
    pub bytes: Vec<u8>,
    /// Pinned reference: with the manifest's digest.
    pub pinned: ArtifactReference,
    /// The component's digest: what the policy is known by.
    pub digest: Digest,
    /// The signature it came with, checked by nobody yet.
    pub signature: Option<Signature>,
}

/// Pulls a policy of at most `limit` bytes, and verifies each digest on the way.
///
/// Nothing is downloaded but the manifest before that shows a policy of a size
/// that may be.
pub async fn pull(
    reference: &ArtifactReference,
    limit: u64,
    options: &RegistryOptions,
) -> Result<Pulled, RegistryError> {
    let operations = [RegistryOperation::Pull];
    let credentials = Credentials::default();
    let connection =
        Connection::open(reference, options, &credentials, &operations, SILENCE).await?;
    let (manifest, pinned) = manifest(&connection).await?;
    let named = || Box::new(reference.clone());
    let layer = layout::read(&manifest)
        .map_err(|found| RegistryError::NotAPolicy { reference: named(), found })?;
    if layer.size > limit {
        return Err(RegistryError::TooLarge {
            part: "component",
            reference: named(),
            size: layer.size,
            limit,
        });
    }
    let pulling = component(&connection, &layer);
    let size = usize::try_from(layer.size).unwrap_or(usize::MAX);
    let bytes = timeout(WHOLE, traced("pull component", reference, size, pulling))
        .await
        .map_err(|_| connection.asked.timed_out())??;
    Ok(Pulled { bytes, pinned, digest: layer.digest, signature: layer.signature })
}

/// The manifest, and the reference that names exactly it.
async fn manifest(connection: &Connection) -> Result<(Vec<u8>, ArtifactReference), RegistryError> {
    let Connection { client, auth, image, asked, patience, .. } = connection;
    // The client reads it to its end before its size can be seen: time is what bounds it.
    let pulling = client.pull_manifest_raw(image, auth, &layout::ACCEPTED);
    let (manifest, _) = timeout(*patience, traced("pull manifest", &asked.reference, 0, pulling))
        .await
        .map_err(|_| asked.timed_out())?
        .map_err(|error| asked.failed(error))?;
    if manifest.len() > LARGEST_MANIFEST {
        return Err(RegistryError::TooLarge {
            part: "manifest",
            reference: Box::new(asked.reference.clone()),
            size: manifest.len() as u64,
            limit: LARGEST_MANIFEST as u64,
        });
    }
    // The client has compared them as well; what all trust rests on is worth a second look.
    let digest = Digest::of(&manifest);
    match asked.reference.digest() {
        Some(expected) if expected != digest => Err(asked.differs("manifest", &expected, &digest)),
        _ => Ok((manifest.to_vec(), asked.reference.pinned(digest))),
    }
}

/// The layer's bytes: as many as the manifest says, and exactly those.
async fn component(connection: &Connection, layer: &Layer) -> Result<Vec<u8>, RegistryError> {
    let Connection { client, image, asked, .. } = connection;
    let mut stream = client
        .pull_blob_stream(image, layer.digest.to_string().as_str())
        .await
        .map_err(|error| asked.failed(error))?;
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|error| match error.get_ref() {
            Some(inner) if inner.is::<DigestError>() => {
                asked.differs("component", &layer.digest, &Digest::of(&bytes))
            }
            Some(inner) => asked.unreachable(inner),
            None => asked.unreachable(&error),
        })?;
        bytes.extend_from_slice(&chunk);
        if bytes.len() as u64 > layer.size {
            break;
        }
    }
    let digest = Digest::of(&bytes);
    if digest == layer.digest {
        Ok(bytes)
    } else {
        Err(asked.differs("component", &layer.digest, &digest))
    }
}
