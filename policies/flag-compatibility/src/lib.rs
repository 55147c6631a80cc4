//! The policy that gave the tool its reason: a flag may only be on where what it
//! needs is there.
//!
//! The plugin resolves each requirement of the set (which version satisfies
//! which range, which commit comes after which) and hands over the result. This
//! policy says what the result means: `requirement` for the set as it will be,
//! `rollout` for the time in between, when old and new serve side by side.
//! What an operator may set is in `settings`.

mod condition;
mod edges;
mod group;
mod places;
mod requirement;
mod rollout;
mod settings;
#[cfg(test)]
mod test_support;
mod wording;

use edges::Edges;
use settings::Settings;
use snapshot_policy::{
    CompatibilityPolicy, CompatibilityQuestion, Description, Finding, Policy, parse_settings,
    register,
};

/// Every requirement of an enabled flag, and of a service, holds.
pub struct FlagCompatibility;

impl Policy for FlagCompatibility {
    fn describe() -> Description {
        Description {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: "Every requirement of an enabled flag, and of a service, holds in the set \
                      and against what runs beside it during the rollout."
                .to_owned(),
            settings_schema: Some(settings::SCHEMA.to_owned()),
        }
    }
}

impl CompatibilityPolicy for FlagCompatibility {
    fn check(question: &CompatibilityQuestion) -> Result<Vec<Finding>, String> {
        let settings: Settings = parse_settings(&question.settings)?;
        let ignored = settings.ignored()?;
        let edges = Edges::of(&question.requirements, &ignored);
        let mut findings: Vec<Finding> = edges
            .groups()
            .filter_map(|group| requirement::judge(group, settings.unknown))
            .collect();
        if let Some(running) = &question.running {
            findings.extend(rollout::judge(&edges, running, &question.changes));
        }
        findings.extend(edges.unmatched(&ignored).map(|entry| {
            Finding::info(
                "ignore-unused",
                format!("\"{entry}\" is to be ignored, and nothing in this set requires it"),
            )
        }));
        Ok(findings)
    }
}

/// Each question is asked of a fresh instance, which ends with its answer: what
/// is never freed costs no time.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::LeakingAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::LeakingAllocator::new());

register!(FlagCompatibility: compatibility);
