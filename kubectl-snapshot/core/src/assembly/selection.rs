//! Label selectors of Services, matched against the pods of the set.

use std::collections::{BTreeMap, HashMap};

use serde_json::Value;

use crate::manifest::PlaceMarks;

type Labels = BTreeMap<String, String>;

/// Selector of a Service, without labels that belong to the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Selector {
    /// Labels that its pods must carry; without any it selects none.
    Labels(Labels),
    /// Labels of the place alone, which all pods carry.
    EveryPod,
}

impl Selector {
    /// The selector of an object, if it is a Service.
    pub(super) fn of(service: &Value, marks: &PlaceMarks<'_>) -> Self {
        let selector = service.pointer("/spec/selector").and_then(Value::as_object);
        let mut labels: Labels = selector
            .into_iter()
            .flatten()
            .filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())))
            .collect();
        if marks.are_all(&labels) {
            return Self::EveryPod;
        }
        marks.forget(&mut labels);
        Self::Labels(labels)
    }
}

/// The labels of all pods, found by any one of them.
#[derive(Default)]
pub(super) struct Selectors {
    pods: Vec<Labels>,
    by_label: HashMap<(String, String), Vec<usize>>,
}

impl Selectors {
    /// Adds the labels of a workload's pods.
    pub(super) fn add_pod(&mut self, labels: Labels) {
        for (key, value) in &labels {
            self.by_label.entry((key.clone(), value.clone())).or_default().push(self.pods.len());
        }
        self.pods.push(labels);
    }

    /// True if a Service with this selector reaches a pod of the set.
    ///
    /// Looks only at the pods that carry the rarest of its labels, so that ten
    /// thousand Services over ten thousand workloads stay linear.
    pub(super) fn any_pod_matches(&self, selector: &Selector) -> bool {
        let selector = match selector {
            Selector::EveryPod => return !self.pods.is_empty(),
            Selector::Labels(labels) => labels,
        };
        let none = Vec::new();
        let candidates = selector
            .iter()
            .map(|(key, value)| self.by_label.get(&(key.clone(), value.clone())).unwrap_or(&none))
            .min_by_key(|pods| pods.len());
        candidates
            .into_iter()
            .flatten()
            .any(|pod| selector.iter().all(|(key, value)| self.pods[*pod].get(key) == Some(value)))
    }
}
