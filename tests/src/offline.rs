//! Guard of the offline tests: what only a control plane can give is refused to them.

use std::sync::atomic::{AtomicBool, Ordering};

static OFFLINE: AtomicBool = AtomicBool::new(false);

/// Forbids all tests of this process from now on to build or start anything of a control
/// plane.
pub(crate) fn begin() {
    OFFLINE.store(true, Ordering::Relaxed);
}

/// Fails an offline test that asks for a control plane, or for anything that Go builds.
#[track_caller]
pub(crate) fn assert_allowed(what: &str) {
    let offline = OFFLINE.load(Ordering::Relaxed);
    assert!(!offline, "an offline test asks for {what}: such a test belongs into tests/e2e");
}
