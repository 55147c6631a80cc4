//! Permissions of the caller, by the API server's answer.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
};

use futures::{StreamExt, TryStreamExt, stream};
use serde::Deserialize;
use serde_json::{Value, json};
use snapshot_core::{
    API_GROUP,
    name::StageName,
    plan::{MayOverride, OverrideRight},
};

use super::{Cluster, ClusterError, resource_path::ResourcePath};

/// The API group of the rights that only this tool and its guard ask for: roles
/// name them, and nothing is ever stored under it.
pub const RIGHTS: &str = API_GROUP;

/// Path of the reviews of the caller's own rights.
const REVIEWS: &str = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

/// Number of concurrent requests.
const CONCURRENCY: usize = 16;

/// Right that a role may grant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Right {
    /// `list`, `create`, `promote`, ….
    pub verb: String,
    /// The API group, empty for the core group.
    pub group: String,
    /// The plural resource: `deployments`.
    pub resource: String,
    /// Namespace.
    pub namespace: String,
    /// The one object that it is for, if it is not for all.
    pub name: Option<String>,
}

impl Right {
    /// Right to use a verb on resources of a namespace.
    #[must_use]
    pub fn new(verb: &str, group: &str, resource: &str, namespace: &str) -> Self {
        let [verb, group, resource, namespace] =
            [verb, group, resource, namespace].map(str::to_owned);
        Self { verb, group, resource, namespace, name: None }
    }

    /// The right to use the verb on one object alone.
    #[must_use]
    pub fn to(self, name: &str) -> Self {
        Self { name: Some(name.to_owned()), ..self }
    }

    /// True if this is `all`, or what it says of one object alone.
    #[must_use]
    pub fn is_of(&self, all: &Self) -> bool {
        Self { name: None, ..self.clone() } == *all
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
    /// Right of the caller to approve a snapshot for a stage of the store in `namespace`
    /// against the policies, if they have it.
    pub async fn may_override(
        &self,
        stage: &StageName,
        namespace: &str,
    ) -> Result<Option<MayOverride>, ClusterError> {
        let right = OverrideRight { stage, namespace };
        let answer = self.review(right.attributes()).await?;
        right.answered(&answer).map_err(unreadable)
    }

    /// Permissions of the caller among these, asked side by side.
    pub async fn which_may(
        &self,
        rights: BTreeSet<Right>,
    ) -> Result<BTreeMap<Right, bool>, ClusterError> {
        let asked = stream::iter(rights).map(|right| async {
            let Right { verb, group, resource, namespace, name } = &right;
            let mut attributes = json!({
                "verb": verb, "group": group, "resource": resource, "namespace": namespace,
            });
            if let Some(name) = name {
                attributes["name"] = name.clone().into();
            }
            let answer = self.review(attributes).await?;
            let review: Review = serde_json::from_str(&answer).map_err(unreadable)?;
            Ok((right, review.status.allowed))
        });
        asked.buffer_unordered(CONCURRENCY).try_collect().await
    }

    /// True if roles allow the caller what a verb does to what a path names; false as well
    /// where that cannot be known.
    pub(super) async fn is_allowed(&self, verb: &str, path: &str) -> bool {
        // Whoever may not even ask has no role at all.
        if path == REVIEWS {
            return false;
        }
        let ResourcePath { group, resource, namespace, name } = ResourcePath::of(path);
        let attributes = json!({
            "verb": verb, "group": group, "resource": resource, "namespace": namespace, "name": name,
        });
        let Ok(answer) = Box::pin(self.review(attributes)).await else { return false };
        serde_json::from_str::<Review>(&answer).is_ok_and(|review| review.status.allowed)
    }

    /// The API server's answer to a review of the caller's rights.
    async fn review(&self, attributes: Value) -> Result<String, ClusterError> {
        let body = json!({
            "apiVersion": "authorization.k8s.io/v1",
            "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": attributes},
        });
        self.ask(REVIEWS, &body.to_string()).await
    }
}

fn unreadable(error: serde_json::Error) -> ClusterError {
    ClusterError::answer(REVIEWS, error)
}
