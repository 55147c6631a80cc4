//! Objects that a plan leaves as they are, though they differ: a controller steers them, or the
//! cluster does not serve their kind.

use std::collections::BTreeMap;

use super::Existing;
use crate::manifest::Kind;

/// The objects that are left alone, with the reasons.
#[derive(Default)]
pub(super) struct LeftAlone {
    steered: Vec<String>,
    unserved: BTreeMap<Kind, Vec<String>>,
}

impl LeftAlone {
    /// True of an object that is not to be written, which is noted.
    pub(super) fn keep(
        &mut self,
        (kind, name): &(Kind, String),
        facts: Option<&Existing>,
        unserved: &[Kind],
    ) -> bool {
        if let Some(by) = facts.and_then(|facts| facts.steered_by.as_ref()) {
            self.steered.push(format!("{kind} {name} is left as it is, for {by} steers it"));
            return true;
        }
        if unserved.contains(kind) {
            self.unserved.entry(*kind).or_default().push(name.clone());
            return true;
        }
        false
    }

    /// A sentence for each reason.
    pub(super) fn sentences(self) -> impl Iterator<Item = String> {
        let unserved = self.unserved.into_iter().map(|(kind, names)| {
            format!(
                "the cluster does not serve the kind {kind}: {} cannot be written, and what runs will lack it",
                names.join(", ")
            )
        });
        self.steered.into_iter().chain(unserved)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use serde_json::{Value, json};

    use crate::{
        assembly::{CaptureOptions, test_support::assemble},
        cluster_namespace::ClusterNamespace,
        manifest::{Kind, PlaceMarks},
        pin::Pin,
        plan::{Existing, Intent, Plan, plan},
        snapshot::Spec,
    };

    fn split(weight: u64) -> Spec {
        let refs = json!([{"name": "cart"}, {"name": "cart-canary", "weight": weight}]);
        let route: Value = json!({
            "apiVersion": "gateway.networking.k8s.io/v1", "kind": "HTTPRoute",
            "metadata": {"name": "cart"}, "spec": {"rules": [{"backendRefs": refs}]},
        });
        assemble(CaptureOptions::default(), [&route]).spec
    }

    fn planned(live: &Spec, steered_by: Option<&str>, unserved: &[Kind]) -> Plan {
        let key = (Kind::HTTPRoute, "cart".to_owned());
        let steered_by = steered_by.map(str::to_owned);
        let (uid, generation) = ("1".to_owned(), Some(7));
        let facts = Existing { uid, generation, steered_by, ..Existing::default() };
        let set = split(10);
        let planned = plan(Intent {
            name: "rel-42",
            digest: set.digest(),
            target: &ClusterNamespace::new("kind", "qa"),
            set: &set,
            live,
            unused: &[],
            unserved,
            pins: &BTreeMap::new(),
            pin: Pin::Auto,
            existing: &BTreeMap::from([(key, facts)]),
            now: "2024-01-15T10:30:00Z",
            chosen: &BTreeMap::new(),
            marks: &PlaceMarks::default(),
            deployed: &BTreeSet::new(),
        });
        planned.unwrap()
    }

    #[test]
    fn a_share_is_written_unless_a_controller_steers_it() {
        let plan = planned(&split(20), None, &[]);
        let [step] = plan.steps.as_slice() else { panic!("{plan:?}") };
        assert_eq!(step.fields[0].path, "spec.rules[0].backendRefs[1].weight");
        let plan = planned(&split(20), Some("Rollout cart"), &[]);
        assert!(plan.steps.is_empty());
        assert_eq!(plan.notes, ["HTTPRoute cart is left as it is, for Rollout cart steers it"]);
        let same = planned(&split(10), Some("Rollout cart"), &[]);
        assert!(same.steps.is_empty() && same.notes.is_empty());
    }

    #[test]
    fn what_a_cluster_does_not_serve_is_not_tried() {
        let plan = planned(&Spec::default(), None, &[Kind::HTTPRoute]);
        assert!(plan.steps.is_empty());
        assert_eq!(
            plan.notes,
            [
                "the cluster does not serve the kind HTTPRoute: cart cannot be written, and what runs will lack it"
            ]
        );
        assert_eq!(planned(&Spec::default(), None, &[]).steps.len(), 1);
    }
}
