//! Secrets, which are read for nothing but the tokens of flag systems.

use std::collections::BTreeMap;

use k8s_openapi::api::core::v1::Secret;

use super::{Cluster, ClusterError};

/// The texts that a Secret holds; none where there is no such Secret.
pub async fn secret(
    cluster: &Cluster,
    namespace: &str,
    name: &str,
) -> Result<Option<BTreeMap<String, String>>, ClusterError> {
    let path = format!("/api/v1/namespaces/{namespace}/secrets/{name}");
    let Some(text) = cluster.get(&path).await? else { return Ok(None) };
    let secret: Secret =
        serde_json::from_str(&text).map_err(|error| ClusterError::answer(path, error))?;
    let data = secret.data.unwrap_or_default().into_iter();
    let texts = data.filter_map(|(name, value)| Some((name, String::from_utf8(value.0).ok()?)));
    Ok(Some(texts.collect()))
}
