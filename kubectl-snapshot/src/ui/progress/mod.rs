//! What moves on stderr while something takes its time; only on a terminal.

mod board;
mod count;
mod rollouts;

use std::time::Duration;

/// What is over sooner shows no progress at all: it would only flicker.
const PATIENCE: Duration = Duration::from_millis(300);
/// How often what moves is drawn while nothing happens.
const TICK: Duration = Duration::from_millis(120);
