//! Instances beyond their record: pods, init containers, rollouts under way.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use snapshot_core::snapshot::{InstanceRef, Spec};
use snapshot_policy_host::records::{ContainerDetails, Entry, InstanceDetails, Instances};

use super::{super::question::entry, Facts};

/// Instances of both sets.
pub(super) fn instances(facts: &Facts<'_>) -> Instances {
    Instances {
        candidate: of_set(&facts.candidate.spec),
        running: facts.running.map(|(_, running)| of_set(&running.spec)),
    }
}

fn of_set(spec: &Spec) -> Vec<InstanceDetails> {
    let mut all: Vec<InstanceDetails> = spec.instances().map(|one| instance(spec, one)).collect();
    all.sort_by(|a, b| a.instance.cmp(&b.instance));
    all
}

fn instance(spec: &Spec, one: InstanceRef<'_>) -> InstanceDetails {
    let pod = spec
        .objects
        .get(&one.instance.manifest)
        .and_then(|manifest| pod_marks(manifest.text(), one.instance.kind.template_path()?))
        .unwrap_or_default();
    let entries = |marks: &BTreeMap<String, String>| -> Vec<Entry> {
        marks.iter().map(|(key, value)| entry(key, value)).collect()
    };
    let containers = one.instance.containers.iter().map(|(name, container)| ContainerDetails {
        name: name.clone(),
        init: container.init,
        also_running: container.also_running.clone(),
    });
    InstanceDetails {
        instance: one.key(),
        pod_labels: entries(&pod.labels),
        pod_annotations: entries(&pod.annotations),
        containers: containers.collect(),
        config_maps: one.instance.configs.keys().cloned().collect(),
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Marks {
    labels: BTreeMap<String, String>,
    annotations: BTreeMap<String, String>,
}

/// The labels and annotations of a manifest's pods.
fn pod_marks(manifest: &str, template: &str) -> Option<Marks> {
    let tree: Value = serde_json::from_str(manifest).ok()?;
    let metadata = tree.pointer(template)?.get("metadata")?;
    Marks::deserialize(metadata).ok()
}
