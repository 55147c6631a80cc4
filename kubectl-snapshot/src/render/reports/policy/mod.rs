//! Policies: bound, inspected, run, tested, measured.

mod bench;
mod inspection;
mod list;
mod replay;
mod run;
mod test;

pub use list::{PolicyList, PolicyRow};
pub use replay::{ReplayReport, ReplayRow};
pub use run::RunReport;
