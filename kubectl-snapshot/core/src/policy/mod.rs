//! Policies as people deal with them: bound, inspected, run, tested.

mod answer;
mod bench;
mod binding;
mod decision;
pub mod fixture;
mod inspection;
mod recorded;
mod reference;
mod run;

pub use answer::Answer;
pub use bench::{BenchRow, Benchmark};
pub use binding::{About, Binding, Mode, NotAnObject, Settings};
pub use decision::{Decision, NotADecision};
pub use inspection::{Inspection, Problem};
pub use recorded::RecordedDecision;
pub use reference::PolicyReference;
pub use run::Run;
