//! The time limit: one thread that raises the engine's epoch when a call's
//! time is over.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::fmt;
use std::io;
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::Instant;
use wasmtime::{Engine, Store, UpdateDeadline};

/// The deadlines of all calls that run in one engine.
#[derive(Debug)]
pub(crate) struct Deadlines {
    /// Dropping it ends the thread.
    calls: Sender<Instant>,
}

/// The error that ends a call whose time is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TimeExceeded;

impl Deadlines {
    pub(crate) fn keep(engine: &Engine) -> io::Result<Self> {
        let (calls, deadlines) = mpsc::channel();
        let engine = engine.clone();
        thread::Builder::new()
            .name("policy-deadlines".to_owned())
            .spawn(move || raise_when_over(&engine, &deadlines))?;
        Ok(Self { calls })
    }

    /// Ends what runs in `store` once `deadline` is past.
    ///
    /// Every raise of the epoch asks every running call; those with time left go on.
    pub(crate) fn set<T>(&self, store: &mut Store<T>, deadline: Instant) {
        store.set_epoch_deadline(1);
        store.epoch_deadline_callback(move |_| {
            if Instant::now() >= deadline {
                Err(TimeExceeded.into())
            } else {
                Ok(UpdateDeadline::Continue(1))
            }
        });
        self.calls.send(deadline).expect("the thread ends after its sender");
    }
}

fn raise_when_over(engine: &Engine, calls: &Receiver<Instant>) {
    let mut pending: BinaryHeap<Reverse<Instant>> = BinaryHeap::new();
    loop {
        let next = match pending.peek() {
            None => calls.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(Reverse(next)) => {
                calls.recv_timeout(next.saturating_duration_since(Instant::now()))
            }
        };
        match next {
            Ok(deadline) => pending.push(Reverse(deadline)),
            Err(RecvTimeoutError::Disconnected) => return,
            Err(RecvTimeoutError::Timeout) => {
                let now = Instant::now();
                if pending.peek().is_some_and(|Reverse(deadline)| *deadline <= now) {
                    pending.pop();
                    engine.increment_epoch();
                }
            }
        }
    }
}

impl fmt::Display for TimeExceeded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ran longer than it may")
    }
}

impl std::error::Error for TimeExceeded {}
