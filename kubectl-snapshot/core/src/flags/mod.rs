//! Flag systems, and the flags of a set that come from them.
//!
//! Each system has a file of its own that turns what the system keeps into
//! domain flags; [`merge`] makes one set of them, and [`read_set`] asks every
//! system about every object of a set.

pub mod environment;
pub mod flagd;
mod lookup;
mod merge;
pub mod openfeature;
mod set;
mod variables;

pub use merge::{Merged, merge};
pub use set::{FlagError, FlagSources, is_flag_file, read_set};
pub use variables::flag_variables;
