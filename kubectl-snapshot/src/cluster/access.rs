//! What the caller may do, by the API server's word.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Cluster, ClusterError};
use crate::domain::{name::StageName, plan::MayOverride};

/// The API group of the rights that only this tool and its guard ask for: roles
/// name them, and nothing is ever stored under it.
pub const RIGHTS: &str = "kubectl-snapshot.dev";

/// How many questions are under way at a time.
const CONCURRENCY: usize = 16;

/// Something that a role may allow.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Right {
    /// `list`, `create`, `promote`, ….
    pub verb: String,
    /// The API group, empty for the core group.
    pub group: String,
    /// The plural resource: `deployments`.
    pub resource: String,
    /// Where.
    pub namespace: String,
}

impl Right {
    /// To do something with resources of a namespace.
    #[must_use]
    pub fn new(verb: &str, group: &str, resource: &str, namespace: &str) -> Self {
        let [verb, group, resource, namespace] =
            [verb, group, resource, namespace].map(str::to_owned);
        Self { verb, group, resource, namespace }
    }
}

impl fmt::Display for Right {
    /// `list deployments.apps`, as roles name it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.verb, self.resource)?;
        if self.group.is_empty() { Ok(()) } else { write!(f, ".{}", self.group) }
    }
}

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
        let override_it = json!({
            "group": RIGHTS,
            "resource": "stages",
            "name": stage,
            "namespace": namespace,
            "verb": "override",
        });
        Ok(self.review(override_it).await?.then(MayOverride::by_the_server))
    }

    /// Which of these the caller may do, asked side by side.
    pub async fn which_may(
        &self,
        rights: BTreeSet<Right>,
    ) -> Result<BTreeMap<Right, bool>, ClusterError> {
        let asked = stream::iter(rights).map(|right| async {
            let Right { verb, group, resource, namespace } = &right;
            let attributes = json!({
                "verb": verb, "group": group, "resource": resource, "namespace": namespace,
            });
            let allowed = self.review(attributes).await?;
            Ok((right, allowed))
        });
        asked.buffer_unordered(CONCURRENCY).try_collect().await
    }

    async fn review(&self, attributes: Value) -> Result<bool, ClusterError> {
        let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";
        let body = json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": attributes},
        });
        let answer = self.ask(path, &body.to_string()).await?;
        let review: Review = serde_json::from_str(&answer).map_err(|error| {
            ClusterError::Answer { what: path.to_owned(), cause: error.to_string() }
        })?;
        Ok(review.status.allowed)
    }
}
