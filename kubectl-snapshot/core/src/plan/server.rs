//! A server for tests: it fills in defaults, gives out versions, and carries
//! out plans as strictly as a real one.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::{
    Action, Existing, Intent, MissingVariable, Ordered, Plan, RestartMark, plan, put_in_waves,
};
use crate::{
    ancestry::Ancestry,
    assembly::{Assembled, CaptureOptions, test_support},
    cluster_namespace::ClusterNamespace,
    manifest::{Kind, PlaceMarks, default_pull_policy},
    pin::Pin,
    snapshot::Spec,
    tree,
};

type Key = (Kind, String);

/// The objects of one namespace, as the API server has them.
#[derive(Default)]
pub(super) struct Server {
    pub(super) objects: BTreeMap<Key, Value>,
    /// Objects created by sets that were here before.
    pub(super) deployed: BTreeSet<Key>,
    /// The images that are written with their digests.
    pub(super) pin: Pin,
    /// The deployer that every object belongs to.
    pub(super) deployer: Option<&'static str>,
    writes: u64,
}

impl Server {
    /// A server on which these manifests were applied with kubectl.
    pub(super) fn running<'a>(manifests: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut server = Self::default();
        for manifest in manifests {
            let mut manifest = manifest.clone();
            manifest["metadata"]["annotations"]["kubectl.kubernetes.io/last-applied-configuration"] =
                "{}".into();
            server.write(test_support::kind_of(&manifest), manifest);
        }
        server
    }

    /// The object, which must be there.
    pub(super) fn get(&self, kind: Kind, name: &str) -> &Value {
        &self.objects[&(kind, name.to_owned())]
    }

    /// Captures the running set, with or without the values of variables.
    pub(super) fn read(&self, choices: CaptureOptions) -> Assembled {
        test_support::assemble(choices, self.objects.values())
    }

    /// A plan for this namespace, made from what runs there.
    pub(super) fn plan(
        &self,
        set: &Spec,
        chosen: &BTreeMap<String, String>,
    ) -> Result<Plan, MissingVariable> {
        self.plan_from(
            &self.read(CaptureOptions { lenient: true, ..CaptureOptions::default() }),
            set,
            chosen,
        )
    }

    /// A plan for this namespace, where `live` runs.
    pub(super) fn plan_from(
        &self,
        live: &Assembled,
        set: &Spec,
        chosen: &BTreeMap<String, String>,
    ) -> Result<Plan, MissingVariable> {
        let existing = self
            .objects
            .iter()
            .map(|(key, object)| {
                (key.clone(), Existing { deployer: self.deployer, ..existing(key.0, object) })
            })
            .collect();
        let mut plan = plan(Intent {
            name: "rel-42",
            digest: set.digest(),
            target: &ClusterNamespace::new("kind", "qa"),
            set,
            live: &live.spec,
            unused: &live.unused,
            unserved: &[],
            pins: &live.pins,
            pin: self.pin,
            existing: &existing,
            chosen,
            marks: &PlaceMarks::default(),
            now: "2026-11-30T10:00:00Z",
            deployed: &self.deployed,
        })?;
        let one = Ordered { part: None, plan: &mut plan, set, live: &live.spec };
        put_in_waves(&mut [one], &Ancestry::default());
        Ok(plan)
    }

    /// Carries out every step, or says which one is refused.
    pub(super) fn apply(&mut self, plan: &Plan) -> Result<(), String> {
        for step in &plan.steps {
            let key = (step.kind, step.name.clone());
            let object = match (&step.action, self.objects.get(&key)) {
                (Action::Create { manifest }, None) => manifest.clone(),
                (Action::Patch { operations, .. }, Some(object)) => {
                    let mut object = object.clone();
                    tree::apply(&mut object, operations)?;
                    object
                }
                (Action::Remove { uid, .. }, Some(object)) => {
                    if object["metadata"]["uid"] != uid.as_str() {
                        return Err(format!("another {} {}", step.kind, step.name));
                    }
                    self.objects.remove(&key);
                    continue;
                }
                (action, there) => return Err(format!("{action:?} of {there:?}")),
            };
            self.write(step.kind, object);
        }
        Ok(())
    }

    pub(super) fn write(&mut self, kind: Kind, mut object: Value) {
        self.writes += 1;
        fill_in(kind, &mut object);
        let name = object["metadata"]["name"].as_str().unwrap_or_default().to_owned();
        let metadata = &mut object["metadata"];
        if metadata.get("uid").is_none() {
            metadata["uid"] = format!("uid-{}", self.writes).into();
        }
        metadata["resourceVersion"] = self.writes.to_string().into();
        if kind.is_workload() {
            metadata["generation"] = self.writes.into();
        }
        if kind == Kind::Deployment {
            metadata["annotations"]["deployment.kubernetes.io/revision"] =
                self.writes.to_string().into();
        }
        self.objects.insert((kind, name), object);
    }
}

fn existing(kind: Kind, object: &Value) -> Existing {
    let metadata = &object["metadata"];
    Existing {
        uid: metadata["uid"].as_str().unwrap_or_default().to_owned(),
        resource_version: metadata["resourceVersion"].as_str().unwrap_or_default().to_owned(),
        generation: metadata["generation"].as_i64(),
        has_labels: metadata["labels"].is_object(),
        has_annotations: metadata["annotations"].is_object(),
        restarted: RestartMark::of(kind, object),
        deployer: None,
        owner: None,
        is_applied: false,
        steered_by: None,
    }
}

/// Some defaults of each sort: fixed ones, those that follow from other fields,
/// aliases, assigned addresses, and what is left out for being empty.
fn fill_in(kind: Kind, object: &mut Value) {
    let metadata = members(object, "metadata");
    metadata.retain(|_, marks| marks.as_object().is_none_or(|marks| !marks.is_empty()));
    match kind {
        Kind::ConfigMap => members(object, "data")
            .values_mut()
            .filter(|text| text.is_null())
            .for_each(|text| *text = "".into()),
        Kind::Service => {
            let spec = members(object, "spec");
            default(spec, "type", "ClusterIP");
            default(spec, "clusterIP", "10.96.0.7");
            for port in elements(spec, "ports") {
                let same = port["port"].clone();
                default(port, "targetPort", same);
                default(port, "protocol", "TCP");
            }
        }
        Kind::Deployment => {
            let strategy = members(&mut object["spec"], "strategy");
            default(strategy, "type", "RollingUpdate");
            if strategy["type"] == "RollingUpdate" {
                let rolling = strategy.entry("rollingUpdate").or_insert_with(|| json!({}));
                default(rolling.as_object_mut().unwrap(), "maxUnavailable", "25%");
                default(rolling.as_object_mut().unwrap(), "maxSurge", "25%");
            }
        }
        _ => {}
    }
    if let Some(template) = kind.template_path().and_then(|path| object.pointer_mut(path)) {
        fill_in_pod(members(template, "spec"));
    }
}

fn fill_in_pod(pod: &mut Map<String, Value>) {
    for (member, value) in [("restartPolicy", "Always"), ("dnsPolicy", "ClusterFirst")] {
        default(pod, member, value);
    }
    default(pod, "securityContext", json!({}));
    let alias = pod.remove("serviceAccount");
    if let Some(account) = pod.get("serviceAccountName").cloned().or(alias) {
        pod.insert("serviceAccountName".into(), account.clone());
        pod.insert("serviceAccount".into(), account);
    }
    for list in ["containers", "initContainers"] {
        for container in elements(pod, list) {
            let policy = default_pull_policy(container["image"].as_str().unwrap_or_default());
            default(container, "imagePullPolicy", policy);
            default(container, "terminationMessagePath", "/dev/termination-log");
            default(container, "resources", json!({}));
            elements(container, "ports").for_each(|port| default(port, "protocol", "TCP"));
            elements(container, "env").for_each(|entry| entry.retain(|_, value| value != ""));
        }
    }
    for volume in elements(pod, "volumes").filter(|volume| volume.len() == 1) {
        default(volume, "emptyDir", json!({}));
    }
}

fn members<'a>(object: &'a mut Value, member: &str) -> &'a mut Map<String, Value> {
    if object[member].is_null() {
        object[member] = json!({});
    }
    object[member].as_object_mut().unwrap()
}

fn elements<'a>(
    owner: &'a mut Map<String, Value>,
    list: &str,
) -> impl Iterator<Item = &'a mut Map<String, Value>> {
    owner
        .get_mut(list)
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object_mut)
}

fn default(owner: &mut Map<String, Value>, member: &str, value: impl Into<Value>) {
    owner.entry(member).or_insert(value.into());
}
