//! Policies as people deal with them: bound, inspected, run, tested.

mod answer;
mod bench;
mod binding;
mod decision;
pub mod fixture;
mod inspection;
mod reference;
mod run;

pub use answer::Answer;
pub use bench::{BenchRow, Benchmark};
pub use binding::{About, Binding, Mode, NotAnObject, Settings};
pub use decision::Decision;
pub use inspection::{Inspection, Problem};
pub use reference::PolicyReference;
pub use run::Run;
