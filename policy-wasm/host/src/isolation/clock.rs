//! Clocks that say the same in every replay.

use std::time::Duration;
use wasmtime_wasi::HostWallClock;

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

/// Nanoseconds by which the clock moves on.
pub(crate) const MICROSECOND: u64 = 1_000;

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

    /// The time, later than at any reading before.
    pub(crate) fn read(&mut self) -> u64 {
        self.nanoseconds = self.nanoseconds.saturating_add(MICROSECOND);
        self.nanoseconds
    }

    /// Goes on from an instant, unless that is past.
    pub(crate) fn jump_to(&mut self, instant: u64) {
        self.nanoseconds = self.nanoseconds.max(instant);
    }
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
