//! Policies: bound, inspected, run, tested, measured.

mod amounts;
mod bench;
mod inspection;
mod list;
mod run;
mod test;

pub use list::{PolicyList, PolicyRow};
pub use run::RunReport;
