//! Clocks that say the same in every replay.

use crate::sandbox::State;
use std::time::Duration;
use wasmtime::Result;
use wasmtime::component::Resource;
use wasmtime_wasi::p2::bindings::clocks::monotonic_clock;
use wasmtime_wasi::p2::{DynPollable, Pollable, subscribe};
use wasmtime_wasi::{HostWallClock, async_trait};

/// A wall clock that stands still.
pub(crate) struct StandingClock(pub(crate) Duration);

impl HostWallClock for StandingClock {
    fn resolution(&self) -> Duration {
        Duration::from_secs(1)
    }

    fn now(&self) -> Duration {
        self.0
    }
}

const MICROSECOND: u64 = 1_000;

/// A monotonic clock that moves on by a microsecond each time it is read, and
/// jumps to the end of every sleep.
///
/// It has to move: a guest that waits until it does would spin for ever. And it
/// starts past zero: some runtimes take zero for "not set".
#[derive(Debug)]
pub(crate) struct MonotonicClock {
    nanoseconds: u64,
}

impl MonotonicClock {
    pub(crate) fn new() -> Self {
        Self { nanoseconds: 1_000_000_000 }
    }

    fn read(&mut self) -> u64 {
        self.nanoseconds = self.nanoseconds.saturating_add(MICROSECOND);
        self.nanoseconds
    }

    fn jump_to(&mut self, instant: u64) {
        self.nanoseconds = self.nanoseconds.max(instant);
    }
}

impl monotonic_clock::Host for &mut State {
    fn now(&mut self) -> Result<u64> {
        Ok(self.monotonic.read())
    }

    fn resolution(&mut self) -> Result<u64> {
        Ok(MICROSECOND)
    }

    fn subscribe_instant(&mut self, when: u64) -> Result<Resource<DynPollable>> {
        self.monotonic.jump_to(when);
        let over = self.table.push(Over)?;
        subscribe(&mut self.table, over)
    }

    fn subscribe_duration(&mut self, duration: u64) -> Result<Resource<DynPollable>> {
        let now = self.monotonic.read();
        self.subscribe_instant(now.saturating_add(duration))
    }
}

/// A sleep that is over as soon as it began. Deadlines interrupt WebAssembly,
/// not the host: while a guest waits inside the host, nothing could stop it.
struct Over;

#[async_trait]
impl Pollable for Over {
    async fn ready(&mut self) {}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reading_moves_it_on_and_sleeping_never_back() {
        let mut clock = MonotonicClock::new();
        let first = clock.read();
        assert!(first > 0);
        assert_eq!(clock.read(), first + MICROSECOND);
        clock.jump_to(first);
        assert_eq!(clock.read(), first + 2 * MICROSECOND);
        clock.jump_to(u64::MAX);
        assert_eq!(clock.read(), u64::MAX);
    }
}
