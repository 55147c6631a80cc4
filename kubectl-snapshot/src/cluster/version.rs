//! Version of the API server.

use serde::Deserialize;

use super::{Cluster, ClusterError, Query};

/// The API server's version.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServerVersion {
    /// Full version: `v1.33.1`.
    pub git_version: String,
    #[serde(default)]
    major: String,
    #[serde(default)]
    minor: String,
}

impl ServerVersion {
    /// True if it is that minor version of Kubernetes 1, or a later one; none where the
    /// version is unknown.
    #[must_use]
    pub fn is_at_least(&self, minor: u32) -> Option<bool> {
        // Some vendors write "30+".
        let number = |text: &str| text.trim_end_matches('+').parse::<u32>().ok();
        Some((number(&self.major)?, number(&self.minor)?) >= (1, minor))
    }
}

impl Cluster {
    /// The API server's version, which everybody may ask for.
    pub async fn version(&self) -> Result<ServerVersion, ClusterError> {
        let path = "/version";
        let text = self.list(path, &Query::default()).await?;
        serde_json::from_str(&text).map_err(|error| ClusterError::answer(path, error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vendors_write_a_plus() {
        let of = |major: &str, minor: &str| ServerVersion {
            git_version: String::new(),
            major: major.to_owned(),
            minor: minor.to_owned(),
        };
        assert_eq!(of("1", "30+").is_at_least(30), Some(true));
        assert_eq!(of("1", "29").is_at_least(30), Some(false));
        assert_eq!(of("", "").is_at_least(30), None);
    }
}
