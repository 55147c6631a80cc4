//! Bytes of a policy, found by what the user calls it.

use std::{
    borrow::Cow,
    fs::File,
    io::{ErrorKind, Read},
    path::Path,
};

use snapshot_core::{
    policy::{PolicyReference, Settings},
    signature::Signature,
};

use super::{
    super::{App, AppError, Failure},
    bound,
    fetch::fetch,
};
use crate::{
    blocking::blocking,
    policies::{Shipped, largest, shipped},
    store::StoreError,
};

/// A policy's bytes, and what to call it.
#[derive(Debug)]
pub struct FoundPolicy {
    /// Name of the policy.
    pub name: String,
    /// The component.
    pub bytes: Cow<'static, [u8]>,
    /// The settings that it is bound with, where it is bound.
    pub settings: Option<Settings>,
    /// Names of the ConfigMaps that it is told of, where it is bound.
    pub config_maps: Vec<String>,
    /// Signer, where it came with a signature.
    pub signature: Option<Signature>,
    /// Origin, pinned by its digest where that is possible.
    pub source: String,
}

/// Finds a policy: a file, a bound one, one that ships, or one in a registry.
pub async fn find(
    app: &App,
    reference: &PolicyReference,
    plain_http: bool,
) -> Result<FoundPolicy, Failure> {
    let name = reference.to_string();
    match reference {
        PolicyReference::File(path) => Ok(FoundPolicy::new(name, read(path).await?.into())),
        PolicyReference::Name(text) => by_name(app, text).await,
        PolicyReference::Registry(artifact) => {
            let pulled = fetch(app, artifact, None, plain_http).await?;
            Ok(FoundPolicy {
                signature: pulled.signature,
                source: pulled.pinned.to_string(),
                ..FoundPolicy::new(name, pulled.bytes.into())
            })
        }
    }
}

impl FoundPolicy {
    /// The policy that ships under the name, if it is one's.
    pub fn shipped(reference: &PolicyReference) -> Option<Self> {
        match reference {
            PolicyReference::Name(name) => shipped(name).map(Self::from),
            PolicyReference::File(_) | PolicyReference::Registry(_) => None,
        }
    }

    fn new(name: String, bytes: Cow<'static, [u8]>) -> Self {
        let (source, config_maps) = (name.clone(), Vec::new());
        Self { source, name, bytes, settings: None, config_maps, signature: None }
    }
}

impl From<Shipped> for FoundPolicy {
    fn from(policy: Shipped) -> Self {
        Self::new(policy.name.to_owned(), policy.bytes.into())
    }
}

async fn by_name(app: &App, name: &str) -> Result<FoundPolicy, Failure> {
    match find_bound(app, name).await? {
        Some(found) => Ok(found),
        None => shipped(name)
            .map(FoundPolicy::from)
            .ok_or_else(|| AppError::NoPolicy { name: name.to_owned() }.into()),
    }
}

/// The policy bound under a name. Looking at one that ships needs no cluster.
async fn find_bound(app: &App, name: &str) -> Result<Option<FoundPolicy>, Failure> {
    let Ok(binding) = name.parse() else { return Ok(None) };
    let ships = shipped(name).is_some();
    let store = match app.connections.store_if_any().await {
        Ok(Some(store)) => store,
        Ok(None) => return Ok(None),
        Err(_) if ships => return Ok(None),
        Err(failure) => return Err(failure),
    };
    let binding = match store.binding(&binding).await {
        Ok(binding) => binding,
        Err(StoreError::NotFound { .. }) => return Ok(None),
        Err(StoreError::Cluster(_)) if ships => return Ok(None),
        Err(error) => return Err(error.into()),
    };
    let bytes = bound::bytes(&store, &binding).await?;
    Ok(Some(FoundPolicy {
        settings: Some(binding.settings),
        config_maps: binding.config_maps,
        ..FoundPolicy::new(name.to_owned(), bytes.into())
    }))
}

/// Reads a file of at most the size that a policy may have.
pub async fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let path = path.to_owned();
    blocking(move || read_here(&path)).await
}

fn read_here(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| {
        let path = path.display();
        match error.kind() {
            ErrorKind::NotFound => Failure::new(format!("there is no file {path}")),
            ErrorKind::IsADirectory => {
                Failure::new(format!("{path} is a folder, not a policy's file"))
            }
            _ => Failure::new(format!("policy {path} cannot be read: {error}")).because(error),
        }
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(largest() + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > largest() {
        let (file, mebibytes) = (path.to_owned(), largest() >> 20);
        return Err(AppError::PolicyTooLarge { file, mebibytes }.into());
    }
    Ok(bytes)
}
