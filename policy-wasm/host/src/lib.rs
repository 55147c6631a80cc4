//! Loads and runs the policies of kubectl snapshot.
//!
//! A policy is a WebAssembly component that answers a question about a set of
//! service versions with findings; `policy.wit` is the contract. This crate is
//! the only place that knows how such a component runs: callers hand over
//! [`records`] and get [`Evaluation`]s, and see nothing of the engine.
//!
//! ```no_run
//! use snapshot_policy_host::{Cache, Host, Limits, records::CompatibilityQuestion};
//!
//! # fn judge(question: CompatibilityQuestion) -> Result<(), Box<dyn std::error::Error>> {
//! let host = Host::new(Limits::default())?.with_cache(Cache::open("/home/me/.cache/policies")?);
//! let policy = host.load(&std::fs::read("flag_compatibility.wasm")?)?;
//! let evaluation = policy.check(&question);
//! match evaluation.result {
//!     Ok(findings) => println!("{} findings", findings.len()),
//!     Err(undecided) => println!("undecided: {undecided}"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! What a policy is promised, and held to:
//!
//! - **It is a pure function.** No files, network, variables or arguments; the
//!   clocks stand at the question's time, and random numbers follow from the
//!   question and the policy. The same question to the same policy gives the same
//!   findings, on any machine.
//! - **It cannot harm.** Time, memory, stack, output and answer have [`Limits`],
//!   and what it says is safe to print.
//! - **It cannot be misread.** A component that is not exactly a policy of this
//!   contract is refused when it is loaded, with a [`LoadError`] that says why; a
//!   call that fails is [`Undecided`], and never an empty list of findings.

mod answer;
mod artifact;
mod cache;
mod compilation;
mod contract;
mod deadline;
mod decision;
mod error;
mod evaluation;
mod hashing;
mod host;
mod imports;
mod interfaces;
mod isolation;
mod limits;
mod lookups;
mod memory;
mod policy;
#[cfg(any(test, fuzzing))]
pub mod readers;
pub mod records;
mod remarks;
mod sandbox;
mod sets;
mod state;
mod stop;
mod visible;

pub use cache::{Cache, CacheError};
pub use compilation::Code;
pub use error::{FileKind, ForeignHost, HostError, LoadError};
pub use evaluation::{Evaluation, Undecided};
pub use host::Host;
pub use interfaces::Interfaces;
pub use limits::Limits;
pub use policy::Policy;
