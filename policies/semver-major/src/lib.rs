//! Services that talk to each other share a major version.
//!
//! Who talks to whom is in `calls`: what the set requires, and what an operator
//! states besides. Which version an instance runs is in `running`, and what has
//! to be the same about it in `line`. `candidate` judges the set as it will be,
//! `group` the services that an operator put together, `rollout` the time in
//! between. What an operator may set is in `settings`.

mod calls;
mod candidate;
mod clash;
mod edge;
mod group;
mod line;
mod rollout;
mod running;
mod set;
mod settings;
#[cfg(test)]
mod test_support;
mod unused;
mod wording;

use calls::Calls;
use rollout::Rollout;
use set::Roster;
use settings::Settings;
use snapshot_policy::{
    CompatibilityPolicy, CompatibilityQuestion, Description, Finding, Policy, parse_settings,
    register,
};

/// Services that talk share a major version.
pub struct SemverMajor;

impl Policy for SemverMajor {
    fn describe() -> Description {
        Description {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: "Services that talk to each other share a major version, in the set and \
                      while it is rolled out."
                .to_owned(),
            settings_schema: Some(settings::SCHEMA.to_owned()),
        }
    }
}

impl CompatibilityPolicy for SemverMajor {
    fn check(question: &CompatibilityQuestion) -> Result<Vec<Finding>, String> {
        let settings: Settings = parse_settings(&question.settings)?;
        let stated = settings.stated()?;
        let calls = Calls::of(question, &settings, &stated);
        let new = Roster::of(&question.candidate, &settings);
        let rollout = question
            .running
            .as_ref()
            .map(|running| Rollout::between(&Roster::of(running, &settings), &new, &settings));
        let set = new.by_service();
        let mut findings = candidate::judge(&calls, &set, settings.unknown);
        findings.extend(group::judge(&stated.groups, &set, settings.unknown));
        findings.extend(rollout.iter().flat_map(|it| it.judge(&calls, &stated.groups)));
        findings.extend(unused::tell(&settings, &stated, &calls, &set));
        Ok(findings)
    }
}

/// Each question is asked of a fresh instance, which ends with its answer: what
/// is never freed costs no time.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::LeakingAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::LeakingAllocator::new());

register!(SemverMajor: compatibility);
