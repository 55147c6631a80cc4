//! The exact writes that an apply would make.

mod build;
mod gate;
mod guarded;
mod implied;
mod intent;
mod override_right;
mod owners;
mod pinning;
#[cfg(test)]
mod pinning_tests;
mod place_labels;
mod plans;
mod preflight;
#[cfg(test)]
mod properties;
mod prospect;
mod secrets;
#[cfg(test)]
mod server;
mod step;
#[cfg(test)]
mod tests;
mod wanted;

pub use build::plan;
pub use gate::{ApprovedPart, ApprovedPlan, Refusal, gate};
pub use intent::Intent;
pub use override_right::{MayOverride, OverrideRight};
pub use plans::{PartPlan, Plans};
pub use step::{Action, Blocked, Existing, ObjectName, Plan, Step, WrittenImages};
pub use wanted::MissingVariable;
