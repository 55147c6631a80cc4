//! Pods that run an earlier template than the one that is captured, though with the same images.

use std::collections::BTreeMap;

use crate::{manifest::Kind, snapshot::Instance};

/// Number of names that the sentence has at most.
const NAMED: usize = 8;

/// Workloads with such pods, and the number of these.
#[derive(Debug, Default)]
pub(super) struct Outdated {
    noted: BTreeMap<(Kind, String), u64>,
    /// Those of which nothing else says so.
    silent: Vec<String>,
}

impl Outdated {
    pub(super) fn add(&mut self, kind: Kind, workload: &str, pods: u64) {
        self.noted.insert((kind, workload.to_owned()), pods);
    }

    /// Looks at a workload of the set: other images that run are told with the images.
    pub(super) fn look_at(&mut self, kind: Kind, name: &str, instance: &Instance) {
        let Some(pods) = self.noted.get(&(kind, name.to_owned())) else { return };
        if instance.containers.values().all(|container| container.also_running.is_empty()) {
            let pods = if *pods == 1 { "1 pod".to_owned() } else { format!("{pods} pods") };
            self.silent.push(format!("{kind} {name} ({pods})"));
        }
    }

    /// The workloads in a sentence; none where there are none.
    pub(super) fn sentence(mut self) -> Option<String> {
        if self.silent.is_empty() {
            return None;
        }
        let more = self.silent.len().saturating_sub(NAMED);
        self.silent.truncate(NAMED);
        if more > 0 {
            self.silent.push(format!("{more} more"));
        }
        Some(format!(
            "pods still run an earlier template than the one that is captured: {}",
            self.silent.join(", ")
        ))
    }
}
