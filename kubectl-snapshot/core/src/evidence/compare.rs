//! Comparison of the evidence about two snapshots. No judgement: which side is better is
//! not said here.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{APPROVAL, Evidence, METRIC, Measure, Outcome};
use crate::{diff::Presence, name::StageName};

/// Differences in the evidence about two snapshots: measurements, and facts of one side
/// only.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct EvidenceDiff {
    /// The latest value of each metric at each stage, on both sides.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub metrics: Vec<MetricDiff>,
    /// Tests, approvals and whatever else ended differently, or is on one side only.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<FactDiff>,
}

/// A metric of two snapshots.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MetricDiff {
    /// Name of the metric.
    pub name: String,
    /// The stage that it was measured at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageName>,
    /// The latest value on the first side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Measure>,
    /// The latest value on the second side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Measure>,
    /// Change from the first value to the second, where both sides have one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// Change of a measured value.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Change {
    /// Direction of the change.
    pub direction: Direction,
    /// Change in per cent of the first value; none where that is zero, or the units differ.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
}

/// Direction in which a value moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Up.
    Higher,
    /// Down.
    Lower,
    /// Nowhere.
    Same,
    /// The units have nothing in common.
    Incomparable,
}

/// A fact that is no metric, and differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct FactDiff {
    /// Kind of the fact.
    pub kind: String,
    /// Name of the fact.
    pub name: String,
    /// The stage that it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<StageName>,
    /// Name of the person, for an approval.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor: Option<String>,
    /// Sides that have the fact.
    pub change: Presence,
    /// Outcome on the first side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<Outcome>,
    /// Outcome on the second side.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<Outcome>,
}

/// Identity of a fact across time. Each person's approval counts by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a> {
    kind: &'a str,
    name: &'a str,
    stage: Option<&'a StageName>,
    actor: Option<&'a str>,
}

/// Compares the evidence of two snapshots: of each fact the latest counts, of two
/// at one instant the failure.
#[must_use]
pub fn compare(before: &[Evidence], after: &[Evidence]) -> EvidenceDiff {
    let mut both: BTreeMap<Key<'_>, [Option<&Evidence>; 2]> = BTreeMap::new();
    for (side, facts) in [before, after].into_iter().enumerate() {
        for fact in facts {
            let latest = &mut both.entry(key(fact)).or_default()[side];
            let weight = |fact: &Evidence| (fact.at, fact.outcome);
            if latest.is_none_or(|latest| weight(latest) <= weight(fact)) {
                *latest = Some(fact);
            }
        }
    }
    let mut diff = EvidenceDiff::default();
    for (key, [before, after]) in both {
        if key.kind == METRIC {
            diff.metrics.push(metric(key, before, after));
        } else {
            diff.facts.extend(fact(key, before, after));
        }
    }
    diff
}

fn key(fact: &Evidence) -> Key<'_> {
    Key {
        kind: &fact.kind,
        name: &fact.name,
        stage: fact.stage.as_ref(),
        actor: (fact.kind == APPROVAL).then_some(fact.actor.as_str()),
    }
}

fn metric(key: Key<'_>, before: Option<&Evidence>, after: Option<&Evidence>) -> MetricDiff {
    let [before, after] = [before, after].map(|fact| fact.and_then(|fact| fact.value.clone()));
    let change = before.as_ref().zip(after.as_ref()).map(|(before, after)| change(before, after));
    MetricDiff { name: key.name.to_owned(), stage: key.stage.cloned(), before, after, change }
}

fn change(before: &Measure, after: &Measure) -> Change {
    let Some((before, after)) = before.pair(after) else {
        return Change { direction: Direction::Incomparable, percent: None };
    };
    let direction = match before.partial_cmp(&after) {
        Some(std::cmp::Ordering::Less) => Direction::Higher,
        Some(std::cmp::Ordering::Greater) => Direction::Lower,
        _ => Direction::Same,
    };
    // Of zero nothing is any number of per cent; a tenth of one is as much as a reader takes in.
    let percent = (after - before) / before.abs() * 100.0;
    let percent = percent.is_finite().then(|| (percent * 10.0).round() / 10.0);
    Change { direction, percent }
}

fn fact(key: Key<'_>, before: Option<&Evidence>, after: Option<&Evidence>) -> Option<FactDiff> {
    let [before, after] = [before, after].map(|fact| fact.map(|fact| fact.outcome));
    let change = match (before, after) {
        (None, _) => Presence::Added,
        (_, None) => Presence::Removed,
        (Some(one), Some(other)) if one != other => Presence::Changed,
        _ => return None,
    };
    Some(FactDiff {
        kind: key.kind.to_owned(),
        name: key.name.to_owned(),
        stage: key.stage.cloned(),
        actor: key.actor.map(str::to_owned),
        change,
        before,
        after,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evidence::{TEST, check::tests::fact};

    fn p95(value: &str, at: u64) -> Evidence {
        Evidence { value: Some(value.parse().unwrap()), at, ..fact(METRIC, "p95") }
    }

    fn moved(before: &str, after: &str) -> (Direction, Option<f64>) {
        let change = compare(&[p95(before, 1)], &[p95(after, 1)]).metrics[0].change.unwrap();
        (change.direction, change.percent)
    }

    #[test]
    fn metrics_are_compared_in_one_unit() {
        assert_eq!(moved("120ms", "180ms"), (Direction::Higher, Some(50.0)));
        assert_eq!(moved("1.2s", "900ms"), (Direction::Lower, Some(-25.0)));
        assert_eq!(moved("1KiB", "1024B"), (Direction::Same, Some(0.0)));
        assert_eq!(moved("-4", "-2"), (Direction::Higher, Some(50.0)));
        assert_eq!(moved("0%", "3%"), (Direction::Higher, None));
        assert_eq!(moved("0", "0"), (Direction::Same, None));
        assert_eq!(moved("120ms", "3%"), (Direction::Incomparable, None));
    }

    #[test]
    fn the_latest_of_a_name_and_stage_counts() {
        let at_qa = Evidence { stage: Some("qa".parse().unwrap()), ..p95("1s", 1) };
        let diff = compare(&[p95("9s", 5), p95("1s", 2)], &[p95("9s", 1), at_qa]);
        assert_eq!(diff.metrics.len(), 2);
        assert_eq!(diff.metrics[0].change.unwrap().direction, Direction::Same);
        assert_eq!((&diff.metrics[1].before, &diff.metrics[1].change), (&None, &None));
    }

    #[test]
    fn of_other_facts_those_that_differ_are_told() {
        let failed = |name: &str| Evidence { outcome: Outcome::Failed, ..fact(TEST, name) };
        let by = |actor: &str| Evidence { actor: actor.to_owned(), ..fact(APPROVAL, "promotion") };
        let diff = compare(
            &[fact(TEST, "e2e"), fact(TEST, "load"), fact(TEST, "unit"), by("grace")],
            &[fact(TEST, "e2e"), failed("load"), by("alan")],
        );
        let told: Vec<_> = diff
            .facts
            .iter()
            .map(|one| (one.name.as_str(), one.actor.as_deref(), one.change))
            .collect();
        assert_eq!(
            told,
            [
                ("promotion", Some("alan"), Presence::Added),
                ("promotion", Some("grace"), Presence::Removed),
                ("load", None, Presence::Changed),
                ("unit", None, Presence::Removed),
            ]
        );
        // The same instant: a failure outweighs.
        let diff = compare(&[failed("e2e"), fact(TEST, "e2e")], &[]);
        assert_eq!(diff.facts[0].before, Some(Outcome::Failed));
    }
}
