//! Reports: the contents of each, for people and machines.

mod amounts;
mod apply;
mod bisect;
mod changes;
mod check;
mod counted;
mod describe;
mod diff;
mod doctor;
mod evidence;
mod fields;
mod garbage;
mod history;
mod images;
mod learn;
mod lines;
mod list;
mod meanings;
mod object_name;
mod plan;
mod policy;
mod promotion;
mod repositories;
mod requirements;
mod sides;
mod stages;
mod status;
mod tool;
mod value;
mod variables;
mod versions;

pub use amounts::weight as byte_count;
pub(super) use counted::{counted, grouped};

pub use apply::{ApplyReport, PartsApplyReport, UndoPart, UndoReport, UndoneRun};
pub use bisect::BisectReport;
pub use changes::{Change, ChangeList};
pub use check::CheckReport;
pub use describe::{CommitRow, Description, PartsDescription};
#[cfg(test)]
pub use doctor::Condition;
pub use doctor::{DoctorReport, Finding, Permission};
pub use evidence::{EvidenceList, EvidenceRow};
pub use garbage::{BrokenRow, GarbageReport, GarbageRow};
pub use history::{HistoryReport, RecordReport};
pub use learn::Proposal;
pub use list::{SnapshotList, SnapshotRow};
pub use plan::PartsPlan;
pub use policy::{PolicyList, PolicyRow, ReplayReport, ReplayRow, RunReport};
pub use promotion::{AppliedReport, PlanReport, PromotionReport};
pub use repositories::{GitRepositoryList, GitRepositoryRow};
pub use stages::StageList;
pub use status::StatusReport;
pub use tool::VersionReport;
pub use variables::VariableSets;
pub use versions::{VersionList, VersionRow};
