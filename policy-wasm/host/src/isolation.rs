//! Isolation of a policy: all of WASI 0.2, and none of it leads outside.
//!
//! Interpreters and standard libraries do not start without a clock, a standard
//! error or a source of randomness, so they get them: a wall clock that stands
//! at the question's time, a monotonic clock that counts its readings, random
//! numbers that follow from the question, an output that is kept and shown. There
//! is no file, no variable, no argument and no network behind the rest.

mod clock;
mod entropy;
mod output;

pub(crate) use clock::{MICROSECOND, MonotonicClock, StandingClock};
pub(crate) use entropy::{Entropy, Seed};
pub(crate) use output::Output;
