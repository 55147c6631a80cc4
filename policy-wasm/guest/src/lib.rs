//! Write policies for kubectl snapshot in Rust.
//!
//! A snapshot is the set of service versions and feature flags that a team
//! delivers together. A policy judges one: does the set fit together
//! ([`CompatibilityPolicy`]), may it move on to the next stage
//! ([`PromotionPolicy`])? It is a pure function from a typed question to
//! [`Finding`]s, built as a WebAssembly component that runs inside the plugin:
//! without network, files or environment, and within limits of time and memory.
//!
//! # A complete policy
//!
//! `Cargo.toml`:
//!
//! ```toml
//! [package]
//! name = "no-latest"
//! version = "1.0.0"
//! edition = "2024"
//!
//! [lib]
//! crate-type = ["cdylib", "rlib"] # the component, and what `cargo test` links
//!
//! [dependencies]
//! snapshot-policy = "0.1"
//! serde = { version = "1", features = ["derive"] }
//! ```
//!
//! `src/lib.rs`:
//!
//! ```
//! use snapshot_policy::{
//!     CompatibilityPolicy, CompatibilityQuestion, Description, Finding, Policy, parse_settings,
//! };
//!
//! struct NoLatest;
//!
//! #[derive(serde::Deserialize)]
//! #[serde(deny_unknown_fields)]
//! struct Settings {
//!     /// Tags that say nothing about what they name.
//!     #[serde(default = "latest")]
//!     tags: Vec<String>,
//! }
//!
//! fn latest() -> Vec<String> {
//!     vec!["latest".to_owned()]
//! }
//!
//! impl Policy for NoLatest {
//!     fn describe() -> Description {
//!         Description {
//!             name: "no-latest".to_owned(),
//!             version: env!("CARGO_PKG_VERSION").to_owned(),
//!             summary: "No container runs a tag that moves.".to_owned(),
//!             settings_schema: Some(
//!                 r#"{
//!                     "type": "object",
//!                     "properties": {"tags": {"type": "array", "items": {"type": "string"}}},
//!                     "additionalProperties": false
//!                 }"#
//!                 .to_owned(),
//!             ),
//!         }
//!     }
//! }
//!
//! impl CompatibilityPolicy for NoLatest {
//!     fn check(question: &CompatibilityQuestion) -> Result<Vec<Finding>, String> {
//!         let settings: Settings = parse_settings(&question.settings)?;
//!         let mut findings = Vec::new();
//!         for instance in &question.candidate.instances {
//!             for container in &instance.containers {
//!                 let moves = |tag: &String| settings.tags.contains(tag);
//!                 if let Some(tag) = container.tag.as_ref().filter(|tag| moves(tag)) {
//!                     findings.push(
//!                         Finding::deny("moving-tag", format!("{} runs `{tag}`", instance.key()))
//!                             .about(instance.subject())
//!                             .hint("name the version that was tested"),
//!                     );
//!                 }
//!             }
//!         }
//!         Ok(findings)
//!     }
//! }
//!
//! snapshot_policy::register!(NoLatest: compatibility);
//!
//! // Logic is tested natively, as any function is; records have empty defaults.
//! # fn test() {
//! use snapshot_policy::{Container, Instance, Snapshot};
//! let tagged = |tag: &str| CompatibilityQuestion {
//!     candidate: Snapshot {
//!         instances: vec![Instance {
//!             service: "tax".to_owned(),
//!             name: "tax".to_owned(),
//!             containers: vec![Container { tag: Some(tag.to_owned()), ..Container::default() }],
//!             ..Instance::default()
//!         }],
//!         ..Snapshot::default()
//!     },
//!     ..CompatibilityQuestion::default()
//! };
//! assert_eq!(NoLatest::check(&tagged("1.4.0")), Ok(vec![]));
//! let findings = NoLatest::check(&tagged("latest")).unwrap();
//! assert_eq!(findings[0].message, "tax/tax runs `latest`");
//! # }
//! # test();
//! ```
//!
//! `cargo build --release --target wasm32-wasip2` writes the component to
//! `target/wasm32-wasip2/release/no_latest.wasm`; nothing has to be wrapped or
//! converted.
//!
//! # What a policy can rely on
//!
//! - **The question holds what most policies need, and [`lookup`] the rest:** how
//!   each image will be written, the environment that pods will have, for whom a
//!   flag is on, who captured the set, what runs at other stages. What only the plugin can find out, such as which of two commits is
//!   newer or whether a requirement is met, it has found out and hands over as data.
//! - **The answer is reproducible.** `std::time` stands at the question's `now`,
//!   and random numbers (the order of a `HashMap` among them) follow from the
//!   question and the policy's own bytes. A recorded decision can be replayed.
//! - **Printing is fine.** What goes to standard output and error is kept and
//!   shown beside the findings; a panic's message is shown as the reason why the
//!   policy did not decide.
//!
//! # What the plugin makes of the answer
//!
//! | answer | verdict |
//! |---|---|
//! | no finding, or only [`Severity::Info`] | allow |
//! | a [`Severity::Warning`] | warn |
//! | a [`Severity::Undecided`], an `Err`, a panic, a limit exceeded | undecided, which stops like a denial |
//! | a [`Severity::Deny`] | deny |
//!
//! An `Err` is for what makes the whole answer impossible, such as settings that
//! cannot be read; a fact that is missing for one service is a finding of its
//! own, so that the others are still judged.

#[doc(hidden)]
pub mod bindings;
mod empty;
mod enumeration;
mod finding;
pub mod lookup;
mod policy;
mod records;
mod register;
mod remarks;
pub mod sets;
mod settings;
#[cfg(not(target_family = "wasm"))]
mod told;
mod weight;

pub use enumeration::enumerate;
pub use policy::{
    CompatibilityPolicy, CompatibilityPolicyByLookUps, Policy, PromotionPolicy,
    PromotionPolicyByLookUps,
};
#[doc(hidden)]
pub use register::Exported;
#[cfg(not(target_family = "wasm"))]
pub use remarks::Remark;
pub use settings::parse_settings;
pub use weight::Weight;

#[doc(inline)]
pub use bindings::about::exports::snapshot::policy::about::Description;
#[doc(inline)]
pub use bindings::compatibility::exports::snapshot::policy::compatibility::Question as CompatibilityQuestion;
#[doc(inline)]
pub use bindings::compatibility::snapshot::policy::types::{
    Change, ChangeKind, Container, Entry, FeatureFlag, Finding, Fulfilment, ImageChange, Instance,
    Order, Requirement, Severity, Snapshot, Subject,
};
#[doc(inline)]
pub use bindings::compatibility_by_look_ups::exports::snapshot::policy::compatibility_by_look_ups::Question as CompatibilityQuestionByLookUps;
#[doc(inline)]
pub use bindings::promotion::exports::snapshot::policy::promotion::{
    Actor, Deployment, Evidence, Outcome, Question as PromotionQuestion, Stage,
};

/// The records of a promotion question that is looked up.
pub mod promotion_by_look_ups {
    #[doc(inline)]
    pub use crate::bindings::promotion_by_look_ups::exports::snapshot::policy::promotion_by_look_ups::{
        Actor, Deployment, Evidence, Outcome, Stage,
    };
}
#[doc(inline)]
pub use bindings::promotion_by_look_ups::exports::snapshot::policy::promotion_by_look_ups::Question as PromotionQuestionByLookUps;

/// Compiles the example for authors beside this crate.
#[cfg(doctest)]
#[doc = include_str!("../../README.md")]
struct Readme;
