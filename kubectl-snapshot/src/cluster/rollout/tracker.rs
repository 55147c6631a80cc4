//! Rollout tracker: the state of all rollouts that are waited for.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use snapshot_core::manifest::Kind;
use tokio::time::Instant;

use super::{
    Rollout, RolloutEvent, RolloutOutcome, RolloutTarget,
    failure::{Problem, Severity},
    follow::Observation,
    rules::{self, Progress},
    state::State,
    waiting::Waiting,
};

/// The rollouts that are waited for, and those that need no more waiting.
pub(super) struct RolloutTracker<'a> {
    waiting: BTreeMap<(Kind, String), Item>,
    settled: Vec<Rollout>,
    /// Reason why nothing can be seen for now.
    blind: Option<String>,
    progress: &'a (dyn Fn(RolloutEvent<'_>) + Sync),
}

struct Item {
    target: RolloutTarget,
    state: Option<State>,
    /// Part that is still missing, in words.
    missing: String,
    problem: Option<Problem>,
    /// Since when there has been a problem that counts if it lasts.
    since: Option<Instant>,
    /// Text of the last notification.
    told: String,
}

impl<'a> RolloutTracker<'a> {
    /// Takes what is to be waited for; what has no rollout is done.
    pub(super) fn new(
        targets: Vec<RolloutTarget>,
        progress: &'a (dyn Fn(RolloutEvent<'_>) + Sync),
    ) -> Self {
        let mut tracker =
            Self { waiting: BTreeMap::new(), settled: Vec::new(), blind: None, progress };
        for target in targets {
            let key = (target.kind, target.name.clone());
            if rules::is_watched(target.rule) {
                tracker.waiting.insert(key, Item::new(target));
            } else {
                tracker.settle(key, RolloutOutcome::Done { note: None });
            }
        }
        tracker
    }

    /// True if nothing is waited for any more.
    pub(super) fn is_settled(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The names of what is waited for, by kind.
    pub(super) fn names(&self) -> BTreeMap<Kind, BTreeSet<String>> {
        let mut names: BTreeMap<Kind, BTreeSet<String>> = BTreeMap::new();
        for (kind, name) in self.waiting.keys() {
            names.entry(*kind).or_default().insert(name.clone());
        }
        names
    }

    /// Workloads that wait for their pods. Until a controller has seen the change, what it
    /// says is about pods of the template before.
    pub(super) fn waiting_for_pods(&self) -> Vec<Waiting<'_>> {
        let items = self.waiting.values();
        let seen = items
            .filter_map(|item| Some(Waiting { target: &item.target, state: item.state.as_ref()? }));
        seen.filter(|waiting| waiting.state.is_observed()).collect()
    }

    /// Takes in what was seen of a workload.
    pub(super) fn observe(&mut self, observation: Observation) {
        match observation {
            Observation::Blind(why) => self.blind = Some(why),
            Observation::Gone(kind, name) => {
                self.blind = None;
                let key = (kind, name);
                if self.waiting.contains_key(&key) {
                    let reason = "it was deleted by someone else".to_owned();
                    self.settle(key, RolloutOutcome::Failed { reason });
                }
            }
            Observation::Seen(kind, state) => {
                self.blind = None;
                let key = (kind, state.metadata.name.clone());
                let Some(item) = self.waiting.get_mut(&key) else { return };
                match rules::progress(&item.target, &state) {
                    Progress::Waiting(missing) => {
                        item.missing = missing;
                        item.state = Some(*state);
                        self.notify(&key);
                    }
                    Progress::Done(note) => self.settle(key, RolloutOutcome::Done { note }),
                    Progress::Failed(reason) => {
                        let reason = item.with_problem(&reason);
                        self.settle(key, RolloutOutcome::Failed { reason });
                    }
                }
            }
        }
    }

    /// Takes in what keeps rollouts from their ends, as it was found at `now`.
    pub(super) fn apply(&mut self, mut problems: BTreeMap<(Kind, String), Problem>, now: Instant) {
        let mut failed = Vec::new();
        for (key, item) in &mut self.waiting {
            item.problem = problems.remove(key);
            if let Some(reason) = item.verdict(now) {
                failed.push((key.clone(), reason));
            }
        }
        for (key, reason) in failed {
            self.settle(key, RolloutOutcome::Failed { reason });
        }
        for key in self.waiting.keys().cloned().collect::<Vec<_>>() {
            self.notify(&key);
        }
    }

    /// Ends the wait because `timeout` is over.
    pub(super) fn time_out(&mut self, timeout: Duration) {
        let blind = self.blind.as_ref().map(|why| format!("; {why}")).unwrap_or_default();
        for (key, item) in std::mem::take(&mut self.waiting) {
            let text = item.with_problem(&item.missing);
            let reason = format!("after {} s: {text}{blind}", timeout.as_secs());
            self.settle(key, RolloutOutcome::TimedOut { reason });
        }
    }

    /// Ends the wait because somebody asked to.
    pub(super) fn stop(&mut self) {
        for key in std::mem::take(&mut self.waiting).into_keys() {
            self.settle(key, RolloutOutcome::Stopped);
        }
    }

    /// Ends the wait because nothing can be seen any more.
    pub(super) fn lose(&mut self) {
        for key in std::mem::take(&mut self.waiting).into_keys() {
            self.settle(key, RolloutOutcome::Unknown);
        }
    }

    /// Outcome of each rollout, by kind and name.
    pub(super) fn into_rollouts(mut self) -> Vec<Rollout> {
        self.settled.sort_by(|one, other| (one.kind, &one.name).cmp(&(other.kind, &other.name)));
        self.settled
    }

    fn settle(&mut self, key: (Kind, String), outcome: RolloutOutcome) {
        self.waiting.remove(&key);
        let (kind, name) = key;
        let rollout = Rollout { kind, name, outcome };
        (self.progress)(RolloutEvent::Settled(&rollout));
        self.settled.push(rollout);
    }

    /// Tells what a rollout waits for, where that is news.
    fn notify(&mut self, key: &(Kind, String)) {
        let Some(item) = self.waiting.get_mut(key) else { return };
        let text = item.with_problem(&item.missing);
        if text != item.told {
            (self.progress)(RolloutEvent::Waiting { kind: key.0, name: &key.1, text: &text });
            item.told = text;
        }
    }
}

impl Item {
    fn new(target: RolloutTarget) -> Self {
        let missing = "nothing was seen of it yet".to_owned();
        Self { target, state: None, told: String::new(), missing, problem: None, since: None }
    }

    fn with_problem(&self, text: &str) -> String {
        match &self.problem {
            Some(problem) => format!("{text}; {}", problem.text),
            None => text.to_owned(),
        }
    }

    /// Reason of the failure, if the rollout's problem counts as one.
    fn verdict(&mut self, now: Instant) -> Option<String> {
        let lasts = self.since.take();
        let problem = self.problem.as_ref()?;
        let counts = match problem.severity {
            Severity::Hint => false,
            Severity::Lasting(patience) => {
                let since = *self.since.insert(lasts.unwrap_or(now));
                now.duration_since(since) >= patience
            }
            Severity::Final => true,
        };
        counts.then(|| problem.text.clone())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use serde_json::json;

    use super::*;

    const TAX: (Kind, &str) = (Kind::Deployment, "tax");

    fn seen(observed: i64, available: i64) -> Observation {
        let state = json!({
            "metadata": {"name": "tax", "generation": 2},
            "spec": {"replicas": 1},
            "status": {"observedGeneration": observed, "replicas": 1, "updatedReplicas": 1,
                       "availableReplicas": available},
        });
        Observation::Seen(TAX.0, serde_json::from_value(state).unwrap())
    }

    fn problem(severity: Severity) -> BTreeMap<(Kind, String), Problem> {
        BTreeMap::from([((TAX.0, TAX.1.to_owned()), Problem { text: "no image".into(), severity })])
    }

    /// Notifications and outcome of the Deployment, given what is done to the tracker.
    fn tracker(act: impl FnOnce(&mut RolloutTracker<'_>)) -> (Vec<String>, Option<RolloutOutcome>) {
        let told = Mutex::new(Vec::new());
        let progress = |event: RolloutEvent<'_>| {
            if let RolloutEvent::Waiting { text, .. } = event {
                told.lock().unwrap().push(text.to_owned());
            }
        };
        let mut tracker =
            RolloutTracker::new(vec![RolloutTarget::new(TAX.0, TAX.1, 2).unwrap()], &progress);
        act(&mut tracker);
        let outcome = tracker.into_rollouts().pop().map(|rollout| rollout.outcome);
        (told.into_inner().unwrap(), outcome)
    }

    #[test]
    fn what_has_no_rollout_is_done_at_once() {
        let tracker = RolloutTracker::new(
            vec![RolloutTarget::new(Kind::CronJob, "report", 1).unwrap()],
            &|_| {},
        );
        assert!(tracker.is_settled());
        assert_eq!(tracker.into_rollouts()[0].outcome, RolloutOutcome::Done { note: None });
    }

    #[test]
    fn only_news_is_told() {
        let (told, outcome) = tracker(|tracker| {
            tracker.observe(seen(1, 0));
            tracker.observe(seen(1, 0));
            tracker.observe(seen(2, 0));
            tracker.observe(seen(2, 1));
        });
        assert_eq!(
            told,
            ["its controller has not seen the change yet", "0 of 1 new replicas are available"]
        );
        assert_eq!(outcome, Some(RolloutOutcome::Done { note: None }));
    }

    #[test]
    fn pods_are_looked_at_once_the_change_is_seen() {
        tracker(|tracker| {
            tracker.observe(seen(1, 0));
            assert!(tracker.waiting_for_pods().is_empty());
            tracker.observe(seen(2, 0));
            assert_eq!(tracker.waiting_for_pods().len(), 1);
        });
    }

    #[test]
    fn a_lasting_problem_counts_when_it_lasts_without_a_break() {
        let now = Instant::now();
        let lasting = Severity::Lasting(Duration::from_secs(10));
        let at = |seconds| now + Duration::from_secs(seconds);
        let (_, outcome) = tracker(|tracker| {
            tracker.apply(problem(lasting), at(0));
            tracker.apply(BTreeMap::new(), at(9));
            tracker.apply(problem(lasting), at(12));
            tracker.apply(problem(Severity::Hint), at(20));
            tracker.apply(problem(lasting), at(24));
            tracker.apply(problem(lasting), at(33));
            assert!(!tracker.is_settled());
            tracker.apply(problem(lasting), at(34));
        });
        assert_eq!(outcome, Some(RolloutOutcome::Failed { reason: "no image".into() }));
    }

    #[test]
    fn a_final_problem_counts_at_once() {
        let (_, outcome) =
            tracker(|tracker| tracker.apply(problem(Severity::Final), Instant::now()));
        assert_eq!(outcome, Some(RolloutOutcome::Failed { reason: "no image".into() }));
    }

    #[test]
    fn running_out_of_time_tells_all_that_is_known() {
        let (_, outcome) = tracker(|tracker| {
            tracker.observe(seen(2, 0));
            tracker.apply(problem(Severity::Hint), Instant::now());
            tracker.observe(Observation::Blind("the server does not answer".into()));
            tracker.time_out(Duration::from_secs(90));
        });
        let reason =
            "after 90 s: 0 of 1 new replicas are available; no image; the server does not answer"
                .into();
        assert_eq!(outcome, Some(RolloutOutcome::TimedOut { reason }));
    }

    #[test]
    fn what_is_settled_stays_so() {
        let (_, outcome) = tracker(|tracker| {
            tracker.observe(seen(2, 1));
            tracker.observe(Observation::Gone(TAX.0, TAX.1.into()));
            tracker.apply(problem(Severity::Final), Instant::now());
            assert_eq!(tracker.settled.len(), 1);
        });
        assert_eq!(outcome, Some(RolloutOutcome::Done { note: None }));
    }

    #[test]
    fn what_is_deleted_has_failed() {
        let (_, outcome) =
            tracker(|tracker| tracker.observe(Observation::Gone(TAX.0, TAX.1.into())));
        assert_eq!(
            outcome,
            Some(RolloutOutcome::Failed { reason: "it was deleted by someone else".into() })
        );
    }
}
