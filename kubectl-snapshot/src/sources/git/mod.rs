//! Git repositories: the order of commits, and what lies between two of them.
//!
//! Repositories are only read, by gix: no process, no network, no hook. What a history does not
//! tell is a [`Gap`], never an answer: a shallow clone, a missing object, lost alternates. Each
//! commit counts as it is named: replacements, which are one clone's own, are left aside, and so
//! are grafts.

mod mirror;
mod named;
mod notes;
mod opened;
mod position;
mod relate;

pub use mirror::{FetchError, Local, fetch, local};
pub use named::{NamedBy, NamedCommit, named, tagged};
pub use notes::{NotesOf, notes};
pub use position::{positions, ranks};
pub use relate::{Counting, check, relate};
