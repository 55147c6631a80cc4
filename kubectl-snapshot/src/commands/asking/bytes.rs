//! From what the user calls a policy to its bytes.

use std::{borrow::Cow, fs::File, io::Read, path::Path};

use crate::{
    commands::{failure::Failure, session::Session},
    domain::policy::PolicyReference,
    policies::{SHIPPED, shipped},
    store::StoreError,
};

/// The most bytes of a file that are read: the host loads no more.
const LARGEST: u64 = 64 << 20;

/// A policy's bytes, and what to call it.
#[derive(Debug)]
pub(in crate::commands) struct Found {
    /// What to call it.
    pub(in crate::commands) name: String,
    /// The component.
    pub(in crate::commands) bytes: Cow<'static, [u8]>,
}

/// Finds a policy: a file, a bound one, one that ships, or one in a registry.
pub(in crate::commands) async fn find(
    session: &Session,
    reference: &PolicyReference,
) -> Result<Found, Failure> {
    let name = reference.to_string();
    let bytes = match reference {
        PolicyReference::File(path) => read(path)?.into(),
        PolicyReference::Name(name) => return by_name(session, name).await,
        PolicyReference::Registry(text) => {
            return Err(Failure::usage(format!("{text}: policies cannot be fetched yet")));
        }
    };
    Ok(Found { name, bytes })
}

async fn by_name(session: &Session, name: &str) -> Result<Found, Failure> {
    let found = |bytes: Cow<'static, [u8]>| Found { name: name.to_owned(), bytes };
    match bound(session, name).await {
        Ok(Some(bytes)) => Ok(found(bytes.into())),
        Ok(None) => {
            shipped(name).map(|policy| found(policy.bytes.into())).ok_or_else(|| nobody(name))
        }
        // Looking at what ships needs no cluster.
        Err(failure) => shipped(name).map(|policy| found(policy.bytes.into())).ok_or(failure),
    }
}

/// The bytes of the policy bound under a name.
async fn bound(session: &Session, name: &str) -> Result<Option<Vec<u8>>, Failure> {
    let Ok(name) = name.parse() else { return Ok(None) };
    let store = session.store().await?;
    match store.binding(&name).await {
        Ok(binding) => Ok(Some(store.policy(&binding).await?)),
        Err(StoreError::NotFound { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

fn nobody(name: &str) -> Failure {
    let ships: Vec<&str> = SHIPPED.iter().map(|policy| policy.name).collect();
    Failure::new(format!("no policy {name} is bound, and none of that name ships"))
        .hint("kubectl snapshot policy list shows those that are bound")
        .hint(format!("these ship inside the plugin: {}", ships.join(", ")))
        .hint(format!("for a file, write ./{name}"))
}

/// Reads a file of at most the size that a policy may have.
fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: std::io::Error| {
        Failure::new(format!("policy {} cannot be read: {error}", path.display()))
    };
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(LARGEST + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Failure::new(format!(
            "policy {} has more than {} MiB; at most that much is loaded",
            path.display(),
            LARGEST >> 20
        ))
        .hint("build it for size: optimise, strip, leave out what it does not call"));
    }
    Ok(bytes)
}
