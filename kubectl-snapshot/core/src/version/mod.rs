//! Versions as image tags and labels write them, and which of two is newer.
//!
//! A tag is *recognised* first, as one of the schemes that teams use, and then
//! compared within that scheme. Nothing is guessed: where two schemes meet, or
//! where the numbers do not decide, the order is [`Order::Unknown`].

mod commit;
mod order;
mod prerelease;
mod recognise;
mod release;
mod suffix;
mod timestamp;

pub(crate) use commit::{SHORTEST_COMMIT, is_commit_id};
pub use commit::{commit_id, same_commit};
pub use order::{Order, built_from, compare};
pub use recognise::{Recognised, recognise};
pub use release::Release;
pub(crate) use release::is_year;
pub use timestamp::{Clock, Timestamp};

/// The semantic version that `tag` stands for, for range checks.
///
/// An image's flavour is no pre-release (`8.1.3-alpine` is 8.1.3), missing
/// numbers are zero (`1.4` is 1.4.0), and real pre-releases are written so that
/// they sort as people count (`rc10` becomes `rc.10`, after `rc.9`). What git
/// describe adds, and a fourth number, become build metadata.
#[must_use]
pub fn semver_of(tag: &str) -> Option<semver::Version> {
    recognise(tag).semver()
}

/// The git commit that `tag` names, whole or abbreviated.
#[must_use]
pub fn commit_of(tag: &str) -> Option<&str> {
    recognise(tag).commit()
}
