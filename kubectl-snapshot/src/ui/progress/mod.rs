//! Progress on stderr while something takes its time; only on a terminal.

mod count;
mod rollout_lines;
mod rollouts;

use std::time::Duration;

/// Delay before progress is shown: for less it would only flicker.
const PATIENCE: Duration = Duration::from_millis(300);
/// Interval of redrawing while nothing happens.
const TICK: Duration = Duration::from_millis(120);
