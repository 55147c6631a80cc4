//! The exact writes that an apply would make.

mod build;
mod gate;
mod guarded;
mod implied;
mod intent;
mod journal;
mod kept;
mod left_alone;
mod order;
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
mod restart;
#[cfg(test)]
mod restart_tests;
mod secrets;
#[cfg(test)]
mod server;
mod stale;
mod step;
mod switches;
#[cfg(test)]
mod tests;
mod wanted;
mod waves;
#[cfg(test)]
mod waves_tests;
mod way_back;
#[cfg(test)]
mod way_back_tests;

pub use build::plan;
pub use gate::{ApprovedPart, ApprovedPlan, Refusal, WayBack, gate};
pub use intent::Intent;
pub use journal::{Journal, JournalEntry, JournalError, JournalWrite, Run};
pub use kept::{
    KeptAction, KeptPart, KeptPlan, KeptSwitch, KeptWrite, Moved, PlanFileError, PlannedOperation,
};
pub use order::{Ordered, put_in_waves};
pub use override_right::{MayOverride, OverrideRight};
pub use plans::{PartPlan, Plans};
pub use restart::{Restart, RestartMark};
pub use step::{Action, Blocked, Change, Existing, ObjectName, Plan, Step, WrittenImages};
pub use switches::FlagSwitch;
pub use wanted::MissingVariable;
pub use waves::Waves;
pub use way_back::{Need, Removed, Return, Since, Trace, Traces};
