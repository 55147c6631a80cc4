//! The exact writes that an apply would make.

mod build;
mod gate;
mod implied;
mod preflight;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod server;
mod step;
#[cfg(test)]
mod tests;
mod wanted;

pub use build::{Intent, plan};
pub use gate::{ApprovedPlan, MayOverride, Refusal, gate};
pub use step::{Action, Blocked, Existing, ObjectName, Plan, Step};
pub use wanted::MissingVariable;
