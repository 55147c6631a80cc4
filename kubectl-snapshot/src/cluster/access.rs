//! What the caller may do, by the API server's word.

use serde::Deserialize;
use serde_json::json;

use super::{Cluster, ClusterError};
use crate::domain::{name::StageName, plan::MayOverride};

/// The API group of the rights that only this tool and its guard ask for: roles
/// name them, and nothing is ever stored under it.
pub const RIGHTS: &str = "kubectl-snapshot.dev";

#[derive(Deserialize)]
struct Review {
    #[serde(default)]
    status: Status,
}

#[derive(Deserialize, Default)]
struct Status {
    #[serde(default)]
    allowed: bool,
}

impl Cluster {
    /// Whether the caller may let a snapshot go to a stage of the store in
    /// `namespace`, although the policies refuse it.
    pub async fn may_override(
        &self,
        stage: &StageName,
        namespace: &str,
    ) -> Result<Option<MayOverride>, ClusterError> {
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        let body = json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": {
                "group": RIGHTS,
                "resource": "stages",
                "name": stage,
                "namespace": namespace,
                "verb": "override",
            }},
        });
        let answer = self.ask(path, &body.to_string()).await?;
        let review: Review = serde_json::from_str(&answer).map_err(|error| {
            ClusterError::Answer { what: path.to_owned(), cause: error.to_string() }
        })?;
        Ok(review.status.allowed.then(MayOverride::by_the_server))
    }
}
