//! Deployment history of a stage, read from its chain.

use std::collections::BTreeSet;

use super::{Chain, Completion, Decided, Ended, Event, Link, Operation, Ruling, SnapshotRef};
use crate::{
    digest::Digest,
    promotion::{Deployment, Standing},
};

/// A decision with what became of it.
#[derive(Clone, Copy, Debug)]
pub struct Attempt<'a> {
    /// The record of the decision.
    pub link: &'a Link,
    /// The decision.
    pub decided: &'a Decided,
    /// The record of its end, and the end; none while it is under way, or
    /// where whoever carried it out was killed.
    pub ended: Option<(&'a Link, &'a Ended)>,
}

/// A set that was deployed to a stage, by the records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deployed {
    /// The set.
    pub snapshot: SnapshotRef,
    /// The number of the decision.
    pub record: u64,
    /// The reason for which it may not be what runs, a sentence.
    pub doubt: Option<String>,
}

impl Attempt<'_> {
    /// True if the snapshot was seen to run in the end.
    #[must_use]
    pub fn succeeded(&self) -> bool {
        self.result() == Some(Completion::Succeeded)
    }

    /// True if all of the snapshot was written, and it could not be seen if it runs.
    #[must_use]
    pub fn is_unverified(&self) -> bool {
        self.result() == Some(Completion::Unverified)
    }

    /// The end, in history's words.
    #[must_use]
    pub fn result_in_words(&self) -> &'static str {
        self.result().map_or("not ended", Completion::in_words)
    }

    fn result(&self) -> Option<Completion> {
        self.ended.map(|(_, ended)| ended.result)
    }

    /// True if what ran before it was seen to run again in the end.
    #[must_use]
    pub fn has_gone_back(&self) -> bool {
        self.result() == Some(Completion::RolledBack)
    }

    /// True if anything may have been written.
    #[must_use]
    pub fn was_let_through(&self) -> bool {
        self.decided.decision != Ruling::Refused
    }

    /// True if what it wrote may still be there.
    #[must_use]
    pub fn has_left_traces(&self) -> bool {
        self.was_let_through() && !self.has_gone_back()
    }
}

impl Chain {
    /// Every decision, the oldest first.
    #[must_use]
    pub fn attempts(&self) -> Vec<Attempt<'_>> {
        let mut attempts: Vec<Attempt<'_>> = Vec::new();
        for link in &self.links {
            match &link.record.event {
                Event::Decided(decided) => attempts.push(Attempt { link, decided, ended: None }),
                Event::Ended(ended) => {
                    let decision =
                        attempts.iter_mut().rfind(|one| one.link.record.number == ended.decision);
                    if let Some(attempt) = decision.filter(|one| one.ended.is_none()) {
                        attempt.ended = Some((link, ended));
                    }
                }
            }
        }
        attempts
    }

    /// Snapshot that was last seen to run.
    #[must_use]
    pub fn running(&self) -> Option<SnapshotRef> {
        let attempts = self.attempts();
        let last = attempts.iter().rfind(|attempt| attempt.succeeded())?;
        Some(last.decided.snapshot.clone())
    }

    /// Snapshot that was last deployed here whole, with the doubts that it is what runs:
    /// that nobody could see it run, or that something was begun since and did not end
    /// well. Where a later one has gone back, what ran before that was seen, whatever it is.
    #[must_use]
    pub fn deployed(&self) -> Option<Deployed> {
        let whole = self.last_whole();
        let seen_again = || {
            let last = self.attempts().into_iter().rfind(Attempt::was_let_through)?;
            let record = last.link.record.number;
            let snapshot = last.decided.before.clone();
            last.has_gone_back().then_some(Deployed { snapshot, record, doubt: None })
        };
        match whole {
            Some(whole) if whole.doubt.is_none() => Some(whole),
            doubtful => seen_again().or(doubtful),
        }
    }

    /// The last decision where no set was ever deployed whole, in a sentence; none where one was, or
    /// where nothing was decided.
    #[must_use]
    pub fn never_whole(&self) -> Option<String> {
        let last = self.last_attempt().filter(|_| self.deployed().is_none())?;
        Some(format!(
            "record {}/{} let {} through, and that ended: {}",
            self.stage,
            last.link.record.number,
            called(&last.decided.snapshot),
            last.result_in_words()
        ))
    }

    fn last_whole(&self) -> Option<Deployed> {
        let attempts = self.attempts();
        let is_whole = |attempt: &&Attempt<'_>| attempt.succeeded() || attempt.is_unverified();
        let whole = attempts.iter().rfind(is_whole)?;
        let record = whole.link.record.number;
        let stage = &self.stage;
        let doubt = match self.last_attempt().filter(|last| last.link.record.number > record) {
            Some(later) => Some(format!(
                "record {stage}/{} let {} through since, and that ended: {}",
                later.link.record.number,
                called(&later.decided.snapshot),
                later.result_in_words()
            )),
            None if whole.is_unverified() => Some(format!(
                "record {stage}/{record} wrote {}, and whether it runs could not be seen",
                called(&whole.decided.snapshot)
            )),
            None => None,
        };
        Some(Deployed { snapshot: whole.decided.snapshot.clone(), record, doubt })
    }

    /// Snapshot that was last deployed here whole, with its record. `seconds` reads a time as
    /// records write it.
    #[must_use]
    pub fn standing(&self, seconds: impl Fn(&str) -> Option<u64>) -> Option<Standing> {
        let deployed = self.deployed()?;
        let link = self.links.iter().find(|link| link.record.number == deployed.record)?;
        Some(Standing {
            snapshot: deployed.snapshot.digest,
            name: deployed.snapshot.name,
            record: deployed.record,
            record_digest: link.digest,
            actor: link.record.actor.name.clone(),
            at: seconds(&link.record.at).unwrap_or_default(),
            doubt: deployed.doubt.or_else(|| self.distrust()),
        })
    }

    /// The last decision, where what it wrote is still there and it was never brought to its end:
    /// nobody wants to go back to that. What was waited for has written nothing.
    #[must_use]
    pub fn half_done(&self) -> Option<Attempt<'_>> {
        let has_written = |one: &Attempt<'_>| !one.decided.awaited || one.succeeded();
        let attempts = self.attempts().into_iter();
        let last = attempts.filter(Attempt::has_left_traces).rfind(has_written)?;
        let is_half_done = match last.result() {
            Some(
                Completion::Failed
                | Completion::Conflict
                | Completion::TimedOut
                | Completion::Interrupted,
            )
            | None => true,
            Some(
                Completion::Succeeded
                | Completion::Different
                | Completion::Unverified
                | Completion::RolledBack,
            ) => false,
        };
        is_half_done.then_some(last)
    }

    /// The last decision by which something may have been written that is still there.
    #[must_use]
    pub fn last_attempt(&self) -> Option<Attempt<'_>> {
        self.attempts().into_iter().rfind(Attempt::has_left_traces)
    }

    /// True if rollouts that an earlier attempt began are to be waited for as well, where
    /// `candidate` goes here: what need not be written again may still be on its way.
    ///
    /// That is not so of a set that ran before: what it shares with what was begun since was
    /// not written since.
    #[must_use]
    pub fn has_open_rollouts(&self, candidate: &Digest) -> bool {
        let ran_before = [self.running(), self.way_back()];
        let is_candidate = |named: &SnapshotRef| named.digest == *candidate;
        self.last_attempt().is_some_and(|last| !last.succeeded())
            && !ran_before.iter().flatten().any(is_candidate)
    }

    /// Snapshot to roll back to: the one before the last that succeeded, or that one itself
    /// where something failed since.
    ///
    /// Going back takes a step off, so that the next one does not return to
    /// what was left; before the first promotion there is what ran before it.
    #[must_use]
    pub fn way_back(&self) -> Option<SnapshotRef> {
        let attempts = self.attempts();
        let mut stack: Vec<SnapshotRef> = Vec::new();
        for attempt in attempts.iter().filter(|attempt| attempt.has_left_traces()) {
            if stack.is_empty() {
                stack.push(attempt.decided.before.clone());
            }
            if !attempt.succeeded() {
                continue;
            }
            let snapshot = &attempt.decided.snapshot;
            let before = stack.iter().rposition(|one| one.digest == snapshot.digest);
            match (attempt.decided.operation, before) {
                (Operation::Rollback, Some(place)) => stack.truncate(place + 1),
                // Promoted once more: nothing to come back from.
                (Operation::Promotion, Some(place)) if place + 1 == stack.len() => {}
                _ => stack.push(snapshot.clone()),
            }
        }
        let last = attempts.iter().rfind(|attempt| attempt.has_left_traces())?;
        if last.succeeded() {
            stack.pop();
        }
        stack.pop()
    }

    /// The sets that were deployed here since a set last ran, that set included:
    /// what they added is this stage's to remove. What its own deployer has brought is not.
    #[must_use]
    pub fn deployed_digests(&self) -> Vec<Digest> {
        let attempts = self.attempts();
        let let_through = attempts.iter().filter(|attempt| attempt.has_left_traces());
        let mut deployed = Vec::new();
        for attempt in let_through {
            if attempt.succeeded() {
                deployed.clear();
            }
            if !attempt.decided.awaited {
                deployed.push(attempt.decided.snapshot.digest);
            }
        }
        deployed
    }

    /// Past deployments with their times, the oldest first. `seconds` reads a time as
    /// records write it.
    #[must_use]
    pub fn deployments(&self, seconds: impl Fn(&str) -> Option<u64>) -> Vec<Deployment> {
        let mut deployments: Vec<Deployment> = Vec::new();
        let mut unrecorded: Vec<Deployment> = Vec::new();
        // What was tried here and never seen to run did not run because it was found here later.
        let mut never_whole: BTreeSet<Digest> = BTreeSet::new();
        // What somebody has changed tells nothing.
        let is_believed = |attempt: &&Attempt<'_>| {
            let ended = attempt.ended.is_none_or(|(link, _)| self.is_believed(link.record.number));
            attempt.was_let_through() && ended && self.is_believed(attempt.link.record.number)
        };
        for attempt in self.attempts().iter().filter(is_believed) {
            let running = deployments.last_mut().filter(|last| last.until.is_none());
            let since = attempt.ended.and_then(|(link, _)| seconds(&link.record.at));
            let digest = attempt.decided.snapshot.digest;
            let before = attempt.decided.before.digest;
            // What ran there without a record did run, though nobody knows since when.
            if let Some(at) = seconds(&attempt.link.record.at)
                && running.as_ref().is_none_or(|one| one.snapshot != before)
                && before != digest
                && !never_whole.contains(&before)
            {
                let stage = self.stage.clone();
                unrecorded.push(Deployment { stage, snapshot: before, since: at, until: Some(at) });
            }
            if attempt.succeeded() || attempt.is_unverified() {
                never_whole.remove(&digest);
            } else {
                never_whole.insert(digest);
            }
            if attempt.succeeded() && running.as_ref().is_some_and(|one| one.snapshot == digest) {
                // The same once more: it never stopped running.
                continue;
            }
            // From the first write on, what ran does not run whole any more.
            let ran = running.as_ref().map(|one| one.snapshot);
            if let Some(running) = running {
                running.until = seconds(&attempt.link.record.at);
            }
            // Until it was seen again.
            if let (true, Some(snapshot), Some(since)) = (attempt.has_gone_back(), ran, since) {
                let stage = self.stage.clone();
                deployments.push(Deployment { stage, snapshot, since, until: None });
            }
            if attempt.succeeded()
                && let Some(since) = since
            {
                let stage = self.stage.clone();
                deployments.push(Deployment { stage, snapshot: digest, since, until: None });
            }
        }
        deployments.extend(unrecorded);
        deployments.sort_by_key(|one| one.since);
        deployments
    }
}

/// The set's name, or the beginning of its digest.
fn called(snapshot: &SnapshotRef) -> String {
    snapshot.name.clone().unwrap_or_else(|| snapshot.digest.short())
}
