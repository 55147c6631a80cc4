//! The ledger of an execution: what is known of each write while it is under way.

use std::sync::{Mutex, MutexGuard, PoisonError};

use snapshot_core::{
    manifest::Kind,
    outcome::{ApplyOutcome, FlagReturn, Outcome, SwitchState, Write, WriteFailure},
    plan::{FlagSwitch, Plans, Removed, Trace, Traces},
};

use crate::cluster::{Back, BackError, WriteError, Written};

/// Notes of each write, as the answers come.
pub(super) struct Ledger {
    outcome: Mutex<Outcome>,
    traces: Mutex<Vec<Traces>>,
    /// The objects that are to be removed, of each namespace.
    removed: Vec<Removed>,
}

impl Ledger {
    /// The ledger of plans of which nothing has happened yet.
    pub(super) fn new(plans: &Plans, dry_run: bool, removed: Vec<Removed>) -> Self {
        let traces = plans.parts().iter().map(|_| Traces::new()).collect();
        Self {
            outcome: Mutex::new(Outcome::new(plans, dry_run)),
            traces: Mutex::new(traces),
            removed,
        }
    }

    /// The outcome so far.
    pub(super) fn outcome(&self) -> MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The objects that were written, or may have been, in each namespace.
    pub(super) fn traces(&self) -> Vec<Traces> {
        self.traces.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The outcome, at the end.
    pub(super) fn into_outcome(self) -> Outcome {
        self.outcome.into_inner().unwrap_or_else(PoisonError::into_inner)
    }

    /// Notes what became of a write.
    pub(super) fn wrote(&self, part: usize, result: &Result<Written, WriteError>) {
        let (kind, name, uid) = match result {
            Ok(one) => (one.kind, one.name.as_str(), one.uid.clone()),
            Err(error) => (error.object().0, error.object().1, None),
        };
        let mut whole = self.outcome();
        let outcome = &mut whole.parts[part].outcome;
        if matches!(result, Ok(_) | Err(WriteError::Unknown { .. }))
            && let Some(trace) = self.trace(part, outcome, (kind, name), uid)
        {
            let mut traces = self.traces.lock().unwrap_or_else(PoisonError::into_inner);
            traces[part].insert((kind, name.to_owned()), trace);
        }
        match result {
            Ok(_) => outcome.written(kind, name),
            Err(error) => {
                let moved = matches!(error, WriteError::Moved { .. });
                outcome.failed(kind, name, WriteFailure { reason: error.to_string(), moved });
            }
        }
    }

    fn trace(
        &self,
        part: usize,
        outcome: &ApplyOutcome,
        (kind, name): (Kind, &str),
        uid: Option<String>,
    ) -> Option<Trace> {
        Some(match outcome.planned(kind, name)? {
            Write::Changed => Trace::Changed,
            Write::Created => Trace::Created { uid },
            Write::Removed => Trace::Removed {
                was: self.removed.get(part)?.get(&(kind, name.to_owned()))?.clone(),
            },
        })
    }

    /// Notes what became of a flag's switch.
    pub(super) fn switched(&self, part: usize, flag: &str, state: SwitchState) {
        let mut outcome = self.outcome();
        let mut switches = outcome.parts[part].outcome.switches.iter_mut();
        if let Some(one) = switches.find(|one| one.switch.flag == flag) {
            one.state = state;
        }
    }

    /// The switches that were made, or may have been, in their order.
    pub(super) fn switches_made(&self, part: usize) -> Vec<FlagSwitch> {
        let outcome = self.outcome();
        let made = outcome.parts[part].outcome.switches.iter();
        made.filter(|one| one.has_left_a_trace()).map(|one| one.switch.clone()).collect()
    }

    /// Notes what became of a flag on the way back.
    pub(super) fn switched_back(&self, part: usize, flag: FlagReturn) {
        let mut outcome = self.outcome();
        let Some(way_back) = &mut outcome.parts[part].outcome.way_back else { return };
        match way_back.flags.iter_mut().find(|one| one.flag == flag.flag) {
            Some(one) => *one = flag,
            None => way_back.flags.push(flag),
        }
    }

    /// Notes what became of an object on the way back.
    pub(super) fn went_back(&self, part: usize, result: &Result<Back, BackError>) {
        let mut outcome = self.outcome();
        let Some(way_back) = &mut outcome.parts[part].outcome.way_back else { return };
        match result {
            Ok(one) => way_back.back(one.kind, &one.name),
            Err(error) => {
                let (kind, name) = error.object();
                let moved = matches!(error, BackError::Moved { .. });
                way_back.left(kind, name, WriteFailure { reason: error.to_string(), moved });
            }
        }
    }
}
