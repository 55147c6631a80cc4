//! The exact writes that an apply would make.

mod build;
mod gate;
mod preflight;
mod step;
mod wanted;

pub use build::{Intent, plan};
pub use gate::{ApprovedPlan, Refusal, gate};
pub use step::{Action, Blocked, Existing, ObjectName, Plan, Step};
pub use wanted::MissingVariable;
