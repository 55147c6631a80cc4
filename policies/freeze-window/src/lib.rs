//! Nothing goes to production in a weekly freeze, unless somebody other than the one who captured
//! the set has approved it.

use serde::Deserialize;
use snapshot_policy::{
    Description, Finding, Policy, PromotionPolicy, PromotionQuestion,
    lookup::{self, Ending, Fact},
    parse_settings, register,
};
use std::collections::BTreeMap;

/// A weekly freeze, with four eyes as the way out.
pub struct FreezeWindow;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    stages: Vec<String>,
    /// Hours into the week.
    from: u64,
    until: u64,
}

impl Default for Settings {
    /// Freeze from Friday 14:00 to Monday 08:00, UTC.
    fn default() -> Self {
        Self { stages: vec!["prod".to_owned()], from: 110, until: 8 }
    }
}

impl Policy for FreezeWindow {
    fn describe() -> Description {
        Description {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: "Nothing goes to production in a freeze that nobody else has approved."
                .to_owned(),
            settings_schema: Some(include_str!("../settings.schema.json").to_owned()),
        }
    }
}

impl PromotionPolicy for FreezeWindow {
    fn review(question: &PromotionQuestion) -> Result<Vec<Finding>, String> {
        let settings: Settings = parse_settings(&question.settings)?;
        if !question.ladder.iter().any(|one| settings.stages.contains(&one.name)) {
            let message = format!("no stage of the ladder is {}", settings.stages.join(" or "));
            let hint = "name the stages that are production in the setting stages";
            return Ok(vec![Finding::undecided("stage-unknown", message).hint(hint)]);
        }
        let stage = &question.target.name;
        if !settings.stages.contains(stage) || !settings.is_frozen(question.now) {
            return Ok(Vec::new());
        }
        let Some(capturer) = lookup::capture().and_then(|capture| capture.author) else {
            let message = format!("{stage} is frozen, and nobody knows who captured the set");
            let hint = "capture it, so that its author is known, and have somebody else approve it";
            return Ok(vec![Finding::undecided("capturer-unknown", message).hint(hint)]);
        };
        let Some(facts) = lookup::facts() else {
            let message = format!("{stage} is frozen, and nobody knows who approved");
            return Ok(vec![Finding::undecided("approvals-unknown", message)]);
        };
        let other = approvers(&facts, stage, question.now).find(|who| who.actor != capturer);
        if let Some(fact) = other {
            let why = fact.detail.as_deref().unwrap_or("no reason given");
            let message = format!("{stage} is frozen, and {} approved: {why}", fact.actor);
            return Ok(vec![Finding::info("approved-in-freeze", message)]);
        }
        let message = format!("{stage} is frozen, and nobody other than {capturer} approved");
        let frozen = Finding::undecided("frozen", message)
            .hint("wait until the freeze is over, or let somebody else approve it")
            .may_pass();
        Ok(vec![frozen])
    }
}

impl Settings {
    fn is_frozen(&self, now: u64) -> bool {
        // The first of January 1970 was a Thursday.
        let hour = (now / 3600 + 3 * 24) % (7 * 24);
        if self.from <= self.until {
            (self.from..self.until).contains(&hour)
        } else {
            hour >= self.from || hour < self.until
        }
    }
}

/// Those whose newest word for the stage is an approval.
fn approvers<'a>(facts: &'a [Fact], stage: &str, now: u64) -> impl Iterator<Item = &'a Fact> {
    let mut newest: BTreeMap<&str, &Fact> = BTreeMap::new();
    for fact in facts {
        let is_for_it = fact.stage.as_deref().is_none_or(|one| one == stage);
        if fact.kind != "approval" || !is_for_it || fact.at > now {
            continue;
        }
        let before = newest.entry(&fact.actor).or_insert(fact);
        if fact.at >= before.at {
            *before = fact;
        }
    }
    newest.into_values().filter(|fact| fact.ending == Ending::Passed)
}

register!(FreezeWindow: promotion);

#[cfg(test)]
mod tests {
    use super::Settings;

    #[test]
    fn the_weekend_is_frozen() {
        let frozen = |now| Settings::default().is_frozen(now);
        // Friday 2026-11-27, 13:59:59 and 14:00; Monday 2026-11-30, 07:59:59 and 08:00.
        for (now, expected) in [
            (1_795_787_999, false),
            (1_795_788_000, true),
            (1_796_025_599, true),
            (1_796_025_600, false),
        ] {
            assert_eq!(frozen(now), expected, "{now}");
        }
        let noon = Settings { from: 12, until: 13, ..Settings::default() };
        assert!(noon.is_frozen(1_795_435_200) && !noon.is_frozen(1_795_438_800));
    }
}
