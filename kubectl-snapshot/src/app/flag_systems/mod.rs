//! Flag systems of the places that are read and written.

mod credentials;
mod known;
mod observe;

pub(super) use credentials::tokens;
pub use known::FlagSystems;
pub use observe::{Demand, read_source, read_sources};
pub(super) use observe::{observe, observe_within, source_of};
