//! The end of a promotion, as it is recorded.

use serde::{Deserialize, Serialize};

/// The end of what was let through.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Stored", into = "Stored")]
pub struct Ended {
    /// The number of the decision.
    pub decision: u64,
    /// End of what was let through.
    pub result: Completion,
    /// Problems, a line each.
    pub details: Vec<String>,
}

/// The ways in which a promotion ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completion {
    /// The snapshot was seen to run.
    Succeeded,
    /// All was written, and something else runs.
    Different,
    /// Written, and nobody could see whether it runs.
    Unverified,
    /// Failure: the snapshot does not run, or not all of it.
    Failed,
    /// Conflict: somebody else was at it, or changed something.
    Conflict,
    /// Time-out: the snapshot did not run in time.
    TimedOut,
    /// Interruption: somebody asked to stop.
    Interrupted,
    /// Failure, or whatever else ended it; what ran before was seen to run again.
    RolledBack,
}

impl Completion {
    /// The word that history has for it.
    #[must_use]
    pub fn in_words(self) -> &'static str {
        match self {
            Self::Succeeded => "succeeded",
            Self::Different => "different",
            Self::Unverified => "unverified",
            Self::Failed => "failed",
            Self::Conflict => "conflict",
            Self::TimedOut => "timed out",
            Self::Interrupted => "interrupted",
            Self::RolledBack => "failed and rolled back",
        }
    }
}

/// The stored form, which programs before this one can read: to them, what was
/// not verified has failed. A word that they do not know would make the record
/// unreadable, and its whole chain with it.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Stored {
    decision: u64,
    result: StoredResult,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    verification: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    details: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum StoredResult {
    Succeeded,
    Failed,
    Conflict,
    TimedOut,
    Interrupted,
}

/// Beside `failed`: something else runs.
const DIFFERENT: &str = "different";

/// Beside `failed`: what runs could not be seen.
const UNKNOWN: &str = "unknown";

/// Beside `failed`: what ran before runs again.
const ROLLED_BACK: &str = "rolled-back";

impl From<Ended> for Stored {
    fn from(ended: Ended) -> Self {
        let (result, verification) = match ended.result {
            Completion::Succeeded => (StoredResult::Succeeded, None),
            Completion::Different => (StoredResult::Failed, Some(DIFFERENT.to_owned())),
            Completion::Unverified => (StoredResult::Failed, Some(UNKNOWN.to_owned())),
            Completion::Failed => (StoredResult::Failed, None),
            Completion::Conflict => (StoredResult::Conflict, None),
            Completion::TimedOut => (StoredResult::TimedOut, None),
            Completion::Interrupted => (StoredResult::Interrupted, None),
            Completion::RolledBack => (StoredResult::Failed, Some(ROLLED_BACK.to_owned())),
        };
        Self { decision: ended.decision, result, verification, details: ended.details }
    }
}

impl From<Stored> for Ended {
    fn from(stored: Stored) -> Self {
        let result = match (stored.result, stored.verification.as_deref()) {
            (StoredResult::Failed, Some(DIFFERENT)) => Completion::Different,
            (StoredResult::Failed, Some(UNKNOWN)) => Completion::Unverified,
            (StoredResult::Failed, Some(ROLLED_BACK)) => Completion::RolledBack,
            (StoredResult::Succeeded, _) => Completion::Succeeded,
            (StoredResult::Failed, _) => Completion::Failed,
            (StoredResult::Conflict, _) => Completion::Conflict,
            (StoredResult::TimedOut, _) => Completion::TimedOut,
            (StoredResult::Interrupted, _) => Completion::Interrupted,
        };
        Self { decision: stored.decision, result, details: stored.details }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const ALL: [Completion; 8] = [
        Completion::Succeeded,
        Completion::Different,
        Completion::Unverified,
        Completion::Failed,
        Completion::Conflict,
        Completion::TimedOut,
        Completion::Interrupted,
        Completion::RolledBack,
    ];

    #[test]
    fn each_end_is_read_as_it_was_written() {
        for result in ALL {
            let ended = Ended { decision: 3, result, details: vec!["why".to_owned()] };
            let stored = serde_json::to_value(&ended).unwrap();
            assert_eq!(serde_json::from_value::<Ended>(stored).unwrap(), ended);
        }
    }

    #[test]
    fn programs_before_this_one_read_of_a_failure() {
        let known = ["succeeded", "failed", "conflict", "timed-out", "interrupted"];
        for result in ALL {
            let stored =
                serde_json::to_value(Ended { decision: 3, result, details: Vec::new() }).unwrap();
            let word = stored["result"].as_str().unwrap().to_owned();
            assert!(known.contains(&word.as_str()), "{word}");
            assert_eq!(word == "succeeded", result == Completion::Succeeded);
        }
        let different = Ended { decision: 3, result: Completion::Different, details: Vec::new() };
        assert_eq!(
            serde_json::to_value(different).unwrap(),
            json!({"decision": 3, "result": "failed", "verification": "different"})
        );
        let back = Ended { decision: 3, result: Completion::RolledBack, details: Vec::new() };
        assert_eq!(
            serde_json::to_value(back).unwrap(),
            json!({"decision": 3, "result": "failed", "verification": "rolled-back"})
        );
    }

    #[test]
    fn what_programs_before_this_one_wrote_is_read() {
        let old = json!({"decision": 3, "result": "failed", "details": ["no image"]});
        let ended: Ended = serde_json::from_value(old).unwrap();
        assert_eq!((ended.result, ended.details.len()), (Completion::Failed, 1));
        let old = json!({"decision": 3, "result": "timed-out"});
        let ended: Ended = serde_json::from_value(old).unwrap();
        assert_eq!((ended.result, ended.details.len()), (Completion::TimedOut, 0));
        // What a later program has found out beside a failure is a failure here.
        let later = json!({"decision": 3, "result": "failed", "verification": "half"});
        let ended: Ended = serde_json::from_value(later).unwrap();
        assert_eq!(ended.result, Completion::Failed);
    }
}
