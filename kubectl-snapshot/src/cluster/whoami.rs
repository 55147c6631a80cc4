//! Identity of the user, as the API server sees it.

use serde::Deserialize;
use snapshot_core::promotion::Actor;

use super::{Cluster, ClusterError};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Review {
    #[serde(default)]
    status: Status,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Status {
    #[serde(default)]
    user_info: UserInfo,
}

#[derive(Deserialize, Default)]
struct UserInfo {
    #[serde(default)]
    username: String,
    #[serde(default)]
    groups: Vec<String>,
}

impl Cluster {
    /// The name under which the API server knows the caller, impersonation included.
    pub async fn whoami(&self) -> Result<String, ClusterError> {
        Ok(self.actor().await?.name)
    }

    /// The caller's name and groups, as the API server knows them.
    pub async fn actor(&self) -> Result<Actor, ClusterError> {
        let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
        let body = r#"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"#;
        let answer = self.ask(path, body).await?;
        let review: Review =
            serde_json::from_str(&answer).map_err(|error| ClusterError::answer(path, error))?;
        let UserInfo { username, groups } = review.status.user_info;
        Ok(Actor { name: username, groups })
    }
}
