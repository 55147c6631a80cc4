//! A canary gets few requests, until evidence speaks for it.
//!
//! What the routes of the set say decides: what a controller shifts while it runs is its own.

use serde::Deserialize;
use snapshot_policy::{
    Description, Evidence, Finding, Outcome, Policy, PromotionPolicy, PromotionQuestion, Subject,
    lookup::{self, Route, RouteRule, RouteShare},
    parse_settings, register,
};

/// Canaries of few requests.
pub struct SmallCanaries;

#[derive(Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "camelCase")]
struct Settings {
    canaries: String,
    most_percent: u64,
    evidence: String,
}

impl Default for Settings {
    fn default() -> Self {
        Self { canaries: "canary".to_owned(), most_percent: 10, evidence: "test/canary".to_owned() }
    }
}

impl Policy for SmallCanaries {
    fn describe() -> Description {
        Description {
            name: env!("CARGO_PKG_NAME").to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            summary: "A canary gets few requests, until evidence speaks for it.".to_owned(),
            settings_schema: Some(include_str!("../settings.schema.json").to_owned()),
        }
    }
}

impl PromotionPolicy for SmallCanaries {
    fn review(question: &PromotionQuestion) -> Result<Vec<Finding>, String> {
        let settings: Settings = parse_settings(&question.settings)?;
        let Some(routes) = lookup::routes() else {
            let message = "nobody knows how requests will be shared";
            return Ok(vec![Finding::undecided("routes-unknown", message)]);
        };
        let speaks = |one: &Evidence| format!("{}/{}", one.kind, one.name) == settings.evidence;
        let has_passed = |one: &Evidence| speaks(one) && matches!(one.outcome, Outcome::Passed);
        if question.evidence.iter().any(has_passed) {
            return Ok(Vec::new());
        }
        Ok(routes.iter().flat_map(|route| of_route(route, &settings)).collect())
    }
}

fn of_route(route: &Route, settings: &Settings) -> Vec<Finding> {
    let splits = route.rules.iter().filter(|rule| is_split(rule));
    let shares = splits.flat_map(|rule| rule.shares.iter().map(move |share| (rule, share)));
    let large = shares.filter(|(_, share)| share.is_over(settings.most_percent));
    large.filter_map(|(rule, share)| finding(route, rule, share, settings)).collect()
}

/// True of a rule that says who gets how many. One that sends what has a condition to one backend
/// is for testers, and for what has a path of its own.
fn is_split(rule: &RouteRule) -> bool {
    rule.shares.len() > 1 || rule.requests == "every request"
}

fn finding(
    route: &Route,
    rule: &RouteRule,
    share: &RouteShare,
    settings: &Settings,
) -> Option<Finding> {
    let canary = share.instances.iter().find(|one| one.ends_with(&settings.canaries))?;
    let message = format!(
        "{} {}, {}: {canary} would get {} of {} requests, which is more than {} %",
        route.kind, route.name, rule.requests, share.weight, share.sum, settings.most_percent
    );
    Some(
        Finding::deny("canary-too-large", message)
            .about(Subject::Instance(canary.clone()))
            .hint(format!("lower its weight, or add the evidence {}", settings.evidence)),
    )
}

register!(SmallCanaries: promotion);
