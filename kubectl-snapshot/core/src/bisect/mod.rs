//! Bisection: which units of BAD make a command fail that does not fail for GOOD.
//!
//! A [`Search`] says which mix of both is to be tried next, as a function of the trials so far, and
//! in the end what they say. It goes by odds: a run that was red or green for no reason is one that
//! others outweigh.

mod belief;
mod chain;
mod mix;
mod naming;
mod needs;
mod rates;
mod report;
mod search;
mod suspicion;
#[cfg(test)]
mod tests;
mod trial;
mod unit;
mod units;

pub use mix::Mix;
pub use needs::Needs;
pub use report::{Blocked, Candidate, FoundCulprit, Outlook, Report, Tried};
pub use search::{Conclusion, Culprit, End, Search, Step};
pub use trial::{Colour, Counts, Trial, Trials};
pub use unit::Unit;
pub use units::Units;
