//! Installation of the guard's objects, as often as one likes.

use std::fmt;

use serde_json::Value;

use super::Manifest;
use crate::cluster::{Cluster, ClusterError};

/// Result of installing an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Installed {
    /// Created.
    Created,
    /// Updated.
    Configured,
    /// Unchanged.
    Unchanged,
}

impl fmt::Display for Installed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Created => "created",
            Self::Configured => "configured",
            Self::Unchanged => "unchanged",
        })
    }
}

/// Makes the object, or makes the one that is there what it should be.
pub async fn install(cluster: &Cluster, manifest: &Manifest) -> Result<Installed, ClusterError> {
    let path = manifest.path();
    let before = cluster.get(&path).await?;
    let after = cluster.apply(&path, &manifest.object().to_string()).await?;
    let Some(before) = before else { return Ok(Installed::Created) };
    let content =
        |text: &str| content(text).map_err(|error| ClusterError::answer(path.clone(), error));
    let same = content(&before)? == content(&after)?;
    Ok(if same { Installed::Unchanged } else { Installed::Configured })
}

/// An object without what tells who wrote it and how often.
fn content(text: &str) -> Result<Value, serde_json::Error> {
    let mut object: Value = serde_json::from_str(text)?;
    if let Some(object) = object.as_object_mut() {
        object.remove("status");
    }
    if let Some(metadata) = object["metadata"].as_object_mut() {
        for member in ["managedFields", "resourceVersion", "generation"] {
            metadata.remove(member);
        }
    }
    Ok(object)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_wrote_it_is_no_difference() {
        let read = |text: &str| content(text).unwrap();
        let one = r#"{"metadata": {"name": "a", "resourceVersion": "1", "managedFields": [{}]}, "spec": {"b": 1}}"#;
        let two = r#"{"metadata": {"name": "a", "resourceVersion": "2"}, "spec": {"b": 1}, "status": {}}"#;
        assert_eq!(read(one), read(two));
        assert_ne!(read(one), read(&two.replace("\"b\": 1", "\"b\": 2")));
    }
}
