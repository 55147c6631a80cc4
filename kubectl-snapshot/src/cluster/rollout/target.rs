//! Target of a rollout: the state that it has to reach.

use snapshot_core::manifest::{Kind, RolloutRule};

use super::state::{Condition, State};

/// A workload, and the state of its spec that its rollout has to reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RolloutTarget {
    /// The workload's kind.
    pub kind: Kind,
    /// The workload's name.
    pub name: String,
    /// The rule by which the rollout is judged.
    pub(super) rule: RolloutRule,
    /// The generation that the write made; what ran before does not count.
    pub generation: i64,
    /// Condition of the Deployment's progress before the write. A controller leaves that in
    /// place for a while, and an earlier rollout's failure is not this one's.
    judged: Option<Condition>,
    /// The resource version that the write made: events before it are old news.
    version: Option<u64>,
}

impl RolloutTarget {
    /// A workload that must reach `generation`, with nothing known of its past; none for a kind
    /// that runs no containers.
    #[must_use]
    pub fn new(kind: Kind, name: &str, generation: i64) -> Option<Self> {
        let rule = kind.workload()?.rollout;
        Some(Self { kind, name: name.to_owned(), rule, generation, judged: None, version: None })
    }

    /// Target in the server's answer to a write.
    pub fn from_answer(
        kind: Kind,
        name: &str,
        answer: &str,
    ) -> Result<Option<Self>, serde_json::Error> {
        let Some(target) = Self::new(kind, name, 0) else { return Ok(None) };
        let state: State = serde_json::from_str(answer)?;
        let judged = state.condition("Progressing").cloned();
        let version = state.metadata.resource_version.parse().ok();
        Ok(Some(Self { generation: state.metadata.generation, judged, version, ..target }))
    }

    /// Condition of this rollout's progress, not of an earlier one's.
    pub(super) fn progress<'a>(&self, state: &'a State) -> Option<&'a Condition> {
        let condition = state.condition("Progressing")?;
        (self.judged.as_ref() != Some(condition)).then_some(condition)
    }

    /// True if an object of that resource version was written after the target.
    pub(super) fn is_before(&self, version: &str) -> bool {
        let later = |own| version.parse().is_ok_and(|version: u64| version > own);
        self.version.is_some_and(later)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_written_after_the_target_is_news() {
        let answer = r#"{"metadata": {"generation": 2, "resourceVersion": "900"}}"#;
        let target = RolloutTarget::from_answer(Kind::DaemonSet, "agent", answer).unwrap().unwrap();
        assert_eq!(target.generation, 2);
        assert!(target.is_before("1000") && !target.is_before("900") && !target.is_before("?"));
        assert!(!RolloutTarget::new(Kind::DaemonSet, "agent", 2).unwrap().is_before("1000"));
        assert_eq!(RolloutTarget::new(Kind::ConfigMap, "agent", 2), None);
    }
}
