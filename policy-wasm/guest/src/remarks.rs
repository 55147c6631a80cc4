//! Remarks about a finding beyond its record.

use crate::Finding;

#[cfg(target_family = "wasm")]
use crate::bindings::lookup::snapshot::policy::remarks as imported;
#[cfg(not(target_family = "wasm"))]
use kept as imported;
#[cfg(not(target_family = "wasm"))]
pub use kept::Remark;

impl Finding {
    /// Finding that may pass by itself: with what others still record, such as an approval. `promote --wait`
    /// waits for it. Of undecided findings only; said last, once its code and message stand.
    #[must_use]
    pub fn may_pass(self) -> Self {
        imported::may_pass(&self.code, &self.message, None);
        self
    }

    /// Finding that passes by itself at that time, in seconds since 1970.
    #[must_use]
    pub fn passes_at(self, at: u64) -> Self {
        imported::may_pass(&self.code, &self.message, Some(at));
        self
    }

    /// Remark about this finding in a native test.
    #[cfg(not(target_family = "wasm"))]
    #[must_use]
    pub fn remark(&self) -> Option<Remark> {
        kept::of(&self.code, &self.message)
    }
}

/// Remarks outside of the plugin: kept, for tests.
#[cfg(not(target_family = "wasm"))]
mod kept {
    use std::cell::RefCell;
    use std::collections::BTreeMap;

    /// Remark that a finding may pass by itself.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub struct Remark {
        /// Time at which it will, in seconds since 1970, where time alone decides.
        pub at: Option<u64>,
    }

    thread_local! {
        static SAID: RefCell<BTreeMap<(String, String), Remark>> = RefCell::default();
    }

    pub(super) fn may_pass(code: &str, message: &str, at: Option<u64>) {
        SAID.with_borrow_mut(|said| {
            said.insert((code.to_owned(), message.to_owned()), Remark { at })
        });
    }

    pub(super) fn of(code: &str, message: &str) -> Option<Remark> {
        SAID.with_borrow(|said| said.get(&(code.to_owned(), message.to_owned())).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_finding_says_when_it_passes() {
        let soak = Finding::undecided("soak-time-left", "two hours are left").passes_at(7200);
        assert_eq!(soak.remark(), Some(Remark { at: Some(7200) }));
        let missing = Finding::undecided("approval-missing", "nobody approved").may_pass();
        assert_eq!(missing.remark(), Some(Remark { at: None }));
        assert_eq!(Finding::deny("approval-missing", "refused").remark(), None);
    }
}
