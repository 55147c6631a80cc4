//! The policy host's side of the plugin: which policies ship, what policies are
//! asked, and what they said in the plugin's own words.

mod across;
mod asked;
mod bench;
mod cache;
mod changes;
mod details;
mod engine;
mod evaluate;
mod facts;
mod inspect;
mod question;
mod record;
mod run;
mod sample;
mod scaffold;
mod set_facts;
mod settings;
mod shipped;
mod trace;
mod trial;
mod wanted;

pub use across::PartsFacts;
pub use asked::{NotAQuestion, Question};
pub use bench::{BenchError, BenchPlan, bench};
pub use cache::{CacheFolder, CacheState};
pub use engine::{Bounds, Engine, EngineError, largest};
pub use evaluate::{Asked, evaluate};
pub use facts::{Captured, Facts, Lookup, OfFixture, Past, Place};
pub use inspect::inspect;
pub use record::{record, recorded_question};
pub use run::{LoadFailure, Loaded};
pub use scaffold::{FolderError, Language, NoTemplate, PackageName, Scaffold};
pub use set_facts::SetFacts;
pub use settings::SettingsError;
pub use shipped::{SHIPPED, Shipped, shipped};
pub use wanted::Wanted;
