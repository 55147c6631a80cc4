//! Wait for what happens by itself.

use std::thread;
use std::time::{Duration, Instant};

/// Asks again and again until there is an answer, and returns it.
///
/// # Panics
/// Where there is none after half a minute.
#[track_caller]
pub fn wait_for<T>(what: &str, mut answer: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + Duration::from_secs(30);
    loop {
        if let Some(answer) = answer() {
            return answer;
        }
        assert!(Instant::now() < deadline, "waited in vain for {what}");
        thread::sleep(Duration::from_millis(20));
    }
}
