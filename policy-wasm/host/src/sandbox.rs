//! One call of a policy: a fresh instance, within the limits.

use crate::deadline::Deadlines;
use crate::isolation::Seed;
use crate::limits::Limits;
use crate::records::LookUps;
use crate::sets::Sets;
use crate::state::State;
use snapshot_core::digest::Digest;
use std::panic;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};
use wasmtime::component::{Instance, InstancePre};
use wasmtime::{Result, Store};

/// More than the half megabyte that WebAssembly may use of it.
const STACK: usize = 4 << 20;
/// Time limit in place of none: long enough, and not past the end of the clock.
const LONGEST: Duration = Duration::from_hours(24 * 365);

/// A policy that is ready to be instantiated.
#[derive(Clone)]
pub(crate) struct Sandbox {
    pub(crate) policy: Digest,
    pub(crate) instance: InstancePre<State>,
    pub(crate) limits: Limits,
    pub(crate) deadlines: Arc<Deadlines>,
}

/// Everything of a question that an instance meets outside of its arguments.
pub(crate) struct Setting {
    /// Time at which the clocks stand, in seconds since 1970.
    pub(crate) now: u64,
    pub(crate) seed: Seed,
    /// Details that it may look up.
    pub(crate) told: LookUps,
    /// Sets that it may look up part by part.
    pub(crate) sets: Sets,
}

/// Result of a call, with its cost.
pub(crate) struct Run<R> {
    pub(crate) result: Result<R>,
    pub(crate) output: String,
    pub(crate) duration: Duration,
    pub(crate) peak_memory: usize,
}

impl Sandbox {
    /// Instantiates the policy for a question and calls it, while `meanwhile` runs here.
    ///
    /// The guest has a thread of its own. Blocking calls of wasmtime-wasi panic
    /// on a thread that drives an asynchronous runtime, and no caller should have
    /// to know; and its stack is large enough wherever the caller's is not.
    pub(crate) fn run<R: Send, M>(
        &self,
        setting: Setting,
        call: impl FnOnce(&mut Store<State>, &Instance) -> Result<R> + Send,
        meanwhile: impl FnOnce() -> M,
    ) -> (Run<R>, M) {
        thread::scope(|scope| {
            let guest = thread::Builder::new()
                .name("policy".to_owned())
                .stack_size(STACK)
                .spawn_scoped(scope, || self.run_here(setting, call));
            let meanwhile = meanwhile();
            let run = match guest.map(thread::ScopedJoinHandle::join) {
                Ok(Ok(run)) => run,
                Ok(Err(panic)) => panic::resume_unwind(panic),
                Err(error) => Run {
                    result: Err(error.into()),
                    output: String::new(),
                    duration: Duration::ZERO,
                    peak_memory: 0,
                },
            };
            (run, meanwhile)
        })
    }

    fn run_here<R>(
        &self,
        setting: Setting,
        call: impl FnOnce(&mut Store<State>, &Instance) -> Result<R>,
    ) -> Run<R> {
        let started = Instant::now();
        let mut store = self.store(setting);
        self.deadlines.set(&mut store, started + self.limits.time.min(LONGEST));
        let result = self.instance.instantiate(&mut store).and_then(|it| call(&mut store, &it));
        Run {
            result,
            duration: started.elapsed(),
            output: store.data().output.text(),
            peak_memory: store.data().memory.peak(),
        }
    }

    fn store(&self, setting: Setting) -> Store<State> {
        let Setting { now, seed, told, sets } = setting;
        let state = State::new(self.policy, &self.limits, now, seed, told, sets);
        let mut store = Store::new(self.instance.engine(), state);
        store.limiter(|state| &mut state.memory);
        store.set_hostcall_fuel(self.limits.answer);
        store
    }
}
