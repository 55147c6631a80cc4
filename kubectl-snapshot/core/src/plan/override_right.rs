//! The right to let a plan through against the policies, as the API server grants it.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{API_GROUP, name::StageName};

/// The right `override` on a stage, whose records are in a namespace.
#[derive(Clone, Copy, Debug)]
pub struct OverrideRight<'a> {
    /// The stage.
    pub stage: &'a StageName,
    /// The namespace of the store.
    pub namespace: &'a str,
}

/// The API server's word that somebody may let a plan through against the
/// policies. Only [`OverrideRight::answered`] makes one.
#[derive(Clone, Copy, Debug)]
pub struct MayOverride {
    _only_made_here: (),
}

#[derive(Deserialize)]
struct Review {
    spec: ReviewSpec,
    #[serde(default)]
    status: ReviewStatus,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ReviewSpec {
    resource_attributes: Value,
}

#[derive(Deserialize, Default)]
struct ReviewStatus {
    #[serde(default)]
    allowed: bool,
}

impl OverrideRight<'_> {
    /// The `resourceAttributes` of the `SelfSubjectAccessReview` that asks for it.
    #[must_use]
    pub fn attributes(self) -> Value {
        json!({
            "group": API_GROUP,
            "resource": "stages",
            "name": self.stage,
            "namespace": self.namespace,
            "verb": "override",
        })
    }

    /// The permission that an answered `SelfSubjectAccessReview` gives; none where it
    /// denies, or answers another question.
    ///
    /// # Errors
    /// Where the answer is no such review.
    pub fn answered(self, review: &str) -> Result<Option<MayOverride>, serde_json::Error> {
        let review: Review = serde_json::from_str(review)?;
        let granted = review.status.allowed && review.spec.resource_attributes == self.attributes();
        Ok(granted.then_some(MayOverride { _only_made_here: () }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answered(attributes: &Value, status: &Value) -> bool {
        let stage = "prod".parse().unwrap();
        let right = OverrideRight { stage: &stage, namespace: "kubectl-snapshot" };
        let review = json!({"spec": {"resourceAttributes": attributes}, "status": status});
        right.answered(&review.to_string()).unwrap().is_some()
    }

    fn attributes(stage: &str) -> Value {
        json!({
            "group": "kubectl-snapshot.dev",
            "resource": "stages",
            "name": stage,
            "namespace": "kubectl-snapshot",
            "verb": "override",
        })
    }

    #[test]
    fn only_an_allowed_review_of_this_right_permits() {
        assert!(answered(&attributes("prod"), &json!({"allowed": true})));
        assert!(!answered(&attributes("prod"), &json!({"allowed": false})));
        assert!(!answered(&attributes("prod"), &json!({})));
        assert!(!answered(&attributes("qa"), &json!({"allowed": true})));
    }

    #[test]
    fn no_review_is_an_error() {
        let stage = "prod".parse().unwrap();
        let right = OverrideRight { stage: &stage, namespace: "kubectl-snapshot" };
        assert!(right.answered("{}").is_err());
    }
}
