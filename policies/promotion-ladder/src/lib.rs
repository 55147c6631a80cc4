//! A snapshot climbs the ladder step by step, and nobody is surprised.
//!
//! Each file holds one thing that is asked before a promotion: `ladder`, whether
//! a stage is skipped or left too soon; `evidence`, whether what has to be known
//! is recorded; `approvals`, who agreed; `direction`, whether an image would go
//! back; `pinning`, whether images can change behind a name; `freeze`, whether it
//! is the time. What an operator may set is in `settings`.
//!
//! What is missing leaves it undecided, for it may come; what failed denies.

mod approvals;
mod bound;
mod direction;
mod evidence;
mod fact;
mod freeze;
mod ladder;
mod pinning;
mod settings;
#[cfg(test)]
mod test_support;
mod time;
mod unknown_stage;
mod wording;

use settings::Settings;
use snapshot_policy::{
    Description, Finding, Policy, PromotionPolicy, PromotionQuestion, parse_settings, register,
};

/// No stage skipped, evidence there, soak time over, no silent downgrade, images pinned.
pub struct PromotionLadder;

impl Policy for PromotionLadder {
    fn describe() -> Description {
        Description {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: "No stage is skipped or left too soon, evidence and approvals are there, no \
                      image goes back in silence, and images are pinned."
                .to_owned(),
            settings_schema: Some(settings::SCHEMA.to_owned()),
        }
    }
}

impl PromotionPolicy for PromotionLadder {
    fn review(question: &PromotionQuestion) -> Result<Vec<Finding>, String> {
        let settings: Settings = parse_settings(&question.settings)?;
        let soak = settings.soak()?;
        let (rules, freezes) = (evidence::rules(&settings)?, freeze::freezes(&settings)?);
        let mut findings = freeze::judge(&freezes, question);
        findings.extend(ladder::judge(settings.require, &soak, question));
        findings.extend(evidence::judge(&rules, question));
        findings.extend(approvals::judge(&settings, question));
        findings.extend(evidence::failed_unasked(&rules, &settings, question));
        findings.extend(direction::judge(&settings, question));
        findings.extend(pinning::judge(&settings, &question.candidate));
        findings.extend(unknown_stage::judge(&settings, &soak, &rules, &freezes, question));
        Ok(ladder::let_return(findings, question))
    }
}

/// Each question is asked of a fresh instance, which ends with its answer: what
/// is never freed costs no time.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: lol_alloc::LockedAllocator<lol_alloc::LeakingAllocator> =
    lol_alloc::LockedAllocator::new(lol_alloc::LeakingAllocator::new());

register!(PromotionLadder: promotion);
