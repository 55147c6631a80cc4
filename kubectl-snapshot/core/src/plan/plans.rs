//! Plans: the writes to each of the namespaces that a set goes to.

use serde::Serialize;

use super::{Blocked, Plan};
use crate::{cluster_namespace::ClusterNamespace, digest::Digest, parts::PartName};

/// The writes that make a place run a set: a plan for each of its namespaces, one at least.
#[derive(Clone, Debug, Serialize)]
pub struct Plans {
    /// The set's name.
    pub snapshot: String,
    /// The set's digest.
    pub digest: Digest,
    /// The plans, by alias.
    pub(super) parts: Vec<PartPlan>,
}

/// The plan for one of the namespaces.
#[derive(Clone, Debug, Serialize)]
pub struct PartPlan {
    /// The part's alias; none where the set is of one namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<PartName>,
    /// The plan.
    #[serde(flatten)]
    pub plan: Plan,
}

impl From<Plan> for Plans {
    /// The plan of a set of one namespace.
    fn from(plan: Plan) -> Self {
        Self {
            snapshot: plan.snapshot.clone(),
            digest: plan.digest,
            parts: vec![PartPlan { part: None, plan }],
        }
    }
}

impl Plans {
    /// The plan of a set in parts, in the order of their aliases.
    #[must_use]
    pub fn of_parts(
        snapshot: String,
        digest: Digest,
        parts: impl IntoIterator<Item = (PartName, Plan)>,
    ) -> Self {
        let part = |(part, plan)| PartPlan { part: Some(part), plan };
        let mut parts: Vec<PartPlan> = parts.into_iter().map(part).collect();
        parts.sort_by(|a, b| a.part.cmp(&b.part));
        Self { snapshot, digest, parts }
    }

    /// The plans without their writes, where somebody else makes them.
    #[must_use]
    pub fn without_writes(&self) -> Self {
        let mut plans = self.clone();
        for one in &mut plans.parts {
            one.plan.steps.clear();
            one.plan.switches.clear();
        }
        plans
    }

    /// The plan, where the set is of one namespace.
    #[must_use]
    pub fn one(&self) -> Option<&Plan> {
        match self.parts.as_slice() {
            [PartPlan { part: None, plan }] => Some(plan),
            _ => None,
        }
    }

    /// The plan for each of the namespaces.
    #[must_use]
    pub fn parts(&self) -> &[PartPlan] {
        &self.parts
    }

    /// Number of the waves that the writes are made in, one at least.
    #[must_use]
    pub fn waves(&self) -> usize {
        self.parts.iter().map(|one| one.plan.waves.count()).max().unwrap_or(1)
    }

    /// Number of writes in all namespaces.
    #[must_use]
    pub fn writes(&self) -> usize {
        self.parts.iter().map(|one| one.plan.steps.len()).sum()
    }

    /// Number of flags that are switched for all namespaces.
    #[must_use]
    pub fn switches(&self) -> usize {
        self.parts.iter().map(|one| one.plan.switches.len()).sum()
    }

    /// True where nothing is written, and no flag switched.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.writes() == 0 && self.switches() == 0
    }

    /// Sentences about flags that cannot be switched, each with its part.
    pub fn unswitchable(&self) -> impl Iterator<Item = (Option<&PartName>, &String)> {
        self.parts.iter().flat_map(|one| {
            one.plan.unswitchable.iter().map(move |reason| (one.part.as_ref(), reason))
        })
    }

    /// The namespaces, by alias.
    pub fn targets(&self) -> impl Iterator<Item = &ClusterNamespace> {
        self.parts.iter().map(|one| &one.plan.target)
    }

    /// Changes that the API would refuse, each with its part.
    pub fn blocked(&self) -> impl Iterator<Item = (Option<&PartName>, &Blocked)> {
        self.parts.iter().flat_map(|one| {
            one.plan.blocked.iter().map(move |blocked| (one.part.as_ref(), blocked))
        })
    }
}
