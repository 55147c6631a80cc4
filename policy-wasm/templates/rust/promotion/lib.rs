//! Entry points that kubectl snapshot calls: the description of this policy, and its
//! decision.
//!
//! The rule itself is in `rule.rs`; that is the file to change.

mod rule;

use snapshot_policy::{
    Description, Finding, Policy, PromotionPolicy, PromotionQuestion, parse_settings, register,
};

struct ThisPolicy;

impl Policy for ThisPolicy {
    fn describe() -> Description {
        Description {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: "Somebody other than the one who asks approved it.".to_owned(),
            settings_schema: Some(include_str!("../settings.schema.json").to_owned()),
        }
    }
}

impl PromotionPolicy for ThisPolicy {
    fn review(question: &PromotionQuestion) -> Result<Vec<Finding>, String> {
        // An `Err` means: this cannot be judged at all.
        let settings = parse_settings(&question.settings)?;
        Ok(rule::judge(question, &settings))
    }
}

// Makes the type's decisions the exports of the WebAssembly component.
register!(ThisPolicy: promotion);
