//! Facts that pods tell: the images that a workload runs, and what no set has.

use std::{borrow::Cow, fmt};

use serde::{
    Deserialize, Deserializer,
    de::{IgnoredAny, MapAccess, Visitor},
};
use snapshot_core::{
    assembly::{NotStarted, RunningImage},
    digest::Digest,
    manifest::{Kind, PodOwner, ROLLOUT_HASH},
};

#[derive(Deserialize)]
struct Pod<'a> {
    #[serde(borrow)]
    metadata: Metadata<'a>,
    #[serde(borrow)]
    spec: Spec<'a>,
    #[serde(borrow, default)]
    status: Status<'a>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    #[serde(borrow, default)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    owner_references: Vec<Owner<'a>>,
    #[serde(borrow, default)]
    labels: Labels<'a>,
    #[serde(borrow)]
    deletion_timestamp: Option<Cow<'a, str>>,
}

/// The labels by which a kind's pods are told apart, and none of the others.
#[derive(Default)]
struct Labels<'a>(Vec<(&'static str, Cow<'a, str>)>);

#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

impl<'de: 'a, 'a> Deserialize<'de> for Labels<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Telling)
    }
}

struct Telling;

impl<'de> Visitor<'de> for Telling {
    type Value = Labels<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("labels")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Self::Value, A::Error> {
        let mut labels = Labels::default();
        while let Some(Text(name)) = members.next_key()? {
            let mut telling = owners().filter_map(|(_, owner)| owner.label()).chain([ROLLOUT_HASH]);
            match telling.find(|label| *label == name) {
                Some(label) => labels.0.push((label, members.next_value::<Text<'de>>()?.0)),
                None => drop(members.next_value::<IgnoredAny>()?),
            }
        }
        Ok(labels)
    }
}

impl Labels<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(label, _)| *label == name).map(|(_, value)| value.as_ref())
    }
}

#[derive(Deserialize)]
struct Owner<'a> {
    kind: Cow<'a, str>,
    name: Cow<'a, str>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Spec<'a> {
    #[serde(borrow, default)]
    containers: Vec<Container<'a>>,
    #[serde(borrow, default)]
    init_containers: Vec<Container<'a>>,
}

#[derive(Deserialize)]
struct Container<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, default)]
    image: Cow<'a, str>,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "camelCase")]
struct Status<'a> {
    #[serde(borrow, default)]
    phase: Cow<'a, str>,
    #[serde(borrow, default)]
    start_time: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    container_statuses: Vec<ContainerStatus<'a>>,
    #[serde(borrow, default)]
    init_container_statuses: Vec<ContainerStatus<'a>>,
}

#[derive(Deserialize)]
struct ContainerStatus<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    #[serde(borrow, rename = "imageID", default)]
    image_id: Cow<'a, str>,
    #[serde(borrow, default)]
    state: State<'a>,
}

#[derive(Deserialize, Default)]
struct State<'a> {
    #[serde(borrow)]
    waiting: Option<Waiting<'a>>,
}

#[derive(Deserialize)]
struct Waiting<'a> {
    #[serde(borrow, default)]
    reason: Cow<'a, str>,
}

impl State<'_> {
    /// The reason why a container waits, unless every container goes through that.
    fn refusal(&self) -> Option<&str> {
        let reason = self.waiting.as_ref()?.reason.as_ref();
        (!matches!(reason, "" | "ContainerCreating" | "PodInitializing")).then_some(reason)
    }
}

/// Facts that one pod tells.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct PodFacts {
    /// The images that it runs, by the workload it belongs to.
    pub(super) running: Vec<(Kind, String, RunningImage)>,
    /// The containers that it could not start, by the workload it belongs to.
    pub(super) not_started: Vec<(Kind, String, NotStarted)>,
    /// Kind and name of what it belongs to, where that is no workload of a set; its own where it
    /// belongs to nothing.
    pub(super) left_out: Option<(String, String)>,
}

/// The facts that one pod tells.
pub(super) fn read(text: &str) -> Result<PodFacts, serde_json::Error> {
    let pod: Pod<'_> = serde_json::from_str(text)?;
    let mut facts = PodFacts::default();
    // One that is on its way out runs what was there before.
    if pod.metadata.deletion_timestamp.is_some() {
        return Ok(facts);
    }
    let owners = &pod.metadata.owner_references;
    match owners.iter().find_map(|owner| workload_of(owner, &pod.metadata.labels)) {
        Some((kind, workload)) => {
            facts.running = running(&pod, kind, workload);
            facts.not_started = not_started(&pod, kind, workload);
        }
        None => facts.left_out = left_out(&pod),
    }
    Ok(facts)
}

/// Kind and name of what a pod belongs to that no set has; none where it has ended.
fn left_out(pod: &Pod<'_>) -> Option<(String, String)> {
    let Metadata { name, owner_references, labels, .. } = &pod.metadata;
    if has_ended(pod) {
        return None;
    }
    let Some(owner) = owner_references.first() else {
        return Some(("Pod".to_owned(), name.to_string()));
    };
    // A node's own pods are shown by the API server, and are no objects of the namespace.
    if owner.kind == "Node" {
        return None;
    }
    // Argo Rollouts has ReplicaSets as a Deployment has.
    let rollout = labels.get(ROLLOUT_HASH).filter(|_| owner.kind == "ReplicaSet");
    let rollout = rollout.and_then(|hash| owner.name.strip_suffix(hash)?.strip_suffix('-'));
    Some(match rollout {
        Some(rollout) => ("Rollout".to_owned(), rollout.to_owned()),
        None => (owner.kind.to_string(), owner.name.to_string()),
    })
}

fn has_ended(pod: &Pod<'_>) -> bool {
    matches!(pod.status.phase.as_ref(), "Failed" | "Succeeded")
}

/// The images that a pod of a workload runs.
fn running(pod: &Pod<'_>, kind: Kind, workload: &str) -> Vec<(Kind, String, RunningImage)> {
    // A pod that was evicted, or has ended, stays as an object and runs nothing. Those of a Job
    // have all ended: the last one speaks for its workload.
    let may_end = kind.workload().is_some_and(|workload| workload.pods.may_end());
    let ended = match (has_ended(pod), may_end) {
        (false, _) => None,
        (true, true) => Some(pod.status.start_time.as_deref().unwrap_or_default().to_owned()),
        (true, false) => return Vec::new(),
    };
    statuses(pod)
        .filter_map(|(status, image)| {
            let digest = digest_of(&status.image_id)?;
            let container = status.name.to_string();
            let (image, ended) = (image.to_owned(), ended.clone());
            Some((kind, workload.to_owned(), RunningImage { container, image, digest, ended }))
        })
        .collect()
}

/// The containers of a pod that have never started, and that something keeps from it.
fn not_started(pod: &Pod<'_>, kind: Kind, workload: &str) -> Vec<(Kind, String, NotStarted)> {
    statuses(pod)
        .filter(|(status, _)| status.image_id.is_empty())
        .filter_map(|(status, image)| {
            let reason = status.state.refusal()?.to_owned();
            let (container, image) = (status.name.to_string(), image.to_owned());
            Some((kind, workload.to_owned(), NotStarted { container, image, reason }))
        })
        .collect()
}

/// The statuses of a pod's containers, each with the image of its spec.
fn statuses<'a>(pod: &'a Pod<'_>) -> impl Iterator<Item = (&'a ContainerStatus<'a>, &'a str)> {
    let statuses = pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
    statuses.filter_map(|status| {
        let mut containers = pod.spec.init_containers.iter().chain(&pod.spec.containers);
        let container = containers.find(|container| container.name == status.name)?;
        Some((status, container.image.as_ref()))
    })
}

/// The kinds of workloads, each with the owner that its pods name.
fn owners() -> impl Iterator<Item = (Kind, PodOwner)> {
    Kind::ALL.into_iter().filter_map(|kind| Some((kind, kind.workload()?.pods)))
}

/// The workload behind a pod's owner.
fn workload_of<'a>(owner: &'a Owner<'_>, labels: &Labels<'_>) -> Option<(Kind, &'a str)> {
    let named = (owner.kind.as_ref(), owner.name.as_ref());
    owners().find_map(|(kind, pods)| {
        Some((kind, pods.workload(kind.name(), named, |label| labels.get(label))?))
    })
}

/// The digest in an image id: `repo@sha256:…`, with or without `docker-pullable://`.
/// A bare local id names no image that another machine could pull.
fn digest_of(image_id: &str) -> Option<Digest> {
    image_id.rsplit_once('@')?.1.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_pod_of_a_deployment_is_found_by_its_replica_set() {
        let digest = Digest::of(b"tax");
        let pod = json!({
            "metadata": {
                "labels": {"pod-template-hash": "6d4cf56db6"},
                "ownerReferences": [{"kind": "ReplicaSet", "name": "tax-6d4cf56db6"}],
            },
            "spec": {"containers": [{"name": "tax", "image": "shop/tax:1.4.1"}]},
            "status": {"containerStatuses": [
                {"name": "tax", "imageID": format!("docker-pullable://shop/tax@{digest}")},
            ]},
        });
        let image = RunningImage {
            container: "tax".into(),
            image: "shop/tax:1.4.1".into(),
            digest,
            ended: None,
        };
        assert_eq!(
            read(&pod.to_string()).unwrap().running,
            [(Kind::Deployment, "tax".into(), image)]
        );
        for phase in ["Failed", "Succeeded"] {
            let mut pod = pod.clone();
            pod["status"]["phase"] = phase.into();
            assert_eq!(read(&pod.to_string()).unwrap(), PodFacts::default(), "{phase}");
        }
    }

    #[test]
    fn what_keeps_a_container_from_its_start_is_told() {
        let with = |state: serde_json::Value, image_id: &str| {
            let pod = json!({
                "metadata": {"ownerReferences": [{"kind": "StatefulSet", "name": "db"}]},
                "spec": {"containers": [{"name": "db", "image": "shop/db:2"}]},
                "status": {"phase": "Pending", "containerStatuses": [
                    {"name": "db", "imageID": image_id, "state": {"waiting": state}},
                ]},
            });
            read(&pod.to_string()).unwrap().not_started
        };
        let told = with(json!({"reason": "ImagePullBackOff", "message": "no"}), "");
        let container = NotStarted {
            container: "db".to_owned(),
            image: "shop/db:2".to_owned(),
            reason: "ImagePullBackOff".to_owned(),
        };
        assert_eq!(told, [(Kind::StatefulSet, "db".to_owned(), container)]);
        assert_eq!(with(json!({"reason": "ContainerCreating"}), ""), []);
        assert_eq!(with(json!({}), ""), []);
        let crashed = format!("shop/db@{}", Digest::of(b"db"));
        assert_eq!(with(json!({"reason": "CrashLoopBackOff"}), &crashed), [], "it has run");
    }

    #[test]
    fn a_pod_of_a_cron_job_speaks_for_it_when_it_has_ended() {
        let pod = json!({
            "metadata": {"ownerReferences": [{"kind": "Job", "name": "bill-29000000"}]},
            "spec": {"containers": [{"name": "bill", "image": "shop/bill:1.0.0"}]},
            "status": {
                "phase": "Succeeded", "startTime": "2026-01-01T00:00:00Z",
                "containerStatuses": [{"name": "bill", "imageID": format!("shop/bill@{}", Digest::of(b"bill"))}],
            },
        });
        let found = read(&pod.to_string()).unwrap().running;
        assert_eq!(found[0].2.ended.as_deref(), Some("2026-01-01T00:00:00Z"));
    }

    #[test]
    fn every_other_kind_of_workload_is_found_as_well() {
        let found = |kind: &str, name: &str| {
            let owner = Owner { kind: kind.into(), name: name.into() };
            workload_of(&owner, &Labels::default()).map(|(kind, name)| (kind, name.to_owned()))
        };
        assert_eq!(found("StatefulSet", "db"), Some((Kind::StatefulSet, "db".to_owned())));
        assert_eq!(found("DaemonSet", "agent"), Some((Kind::DaemonSet, "agent".to_owned())));
        assert_eq!(found("Job", "report-29012345"), Some((Kind::CronJob, "report".to_owned())));
        assert_eq!(found("Job", "migrate-once"), None, "nobody's next run");
        assert_eq!(found("ReplicaSet", "tax-6d4cf56db6"), None, "the hash is not known");
        assert_eq!(found("Node", "worker"), None);
    }

    #[test]
    fn what_no_set_has_is_told_by_its_pods() {
        let left_out = |owners: &[(&str, &str)], labels: serde_json::Value, phase: &str| {
            let owners: Vec<_> =
                owners.iter().map(|(kind, name)| json!({"kind": kind, "name": name})).collect();
            let pod = json!({
                "metadata": {"name": "p", "labels": labels, "ownerReferences": owners},
                "spec": {}, "status": {"phase": phase},
            });
            read(&pod.to_string()).unwrap().left_out
        };
        let told = |kind: &str, name: &str| Some((kind.to_owned(), name.to_owned()));
        let none = || json!({});
        assert_eq!(left_out(&[], none(), "Running"), told("Pod", "p"));
        assert_eq!(left_out(&[("Job", "migrate")], none(), "Pending"), told("Job", "migrate"));
        assert_eq!(left_out(&[("Job", "migrate")], none(), "Succeeded"), None);
        assert_eq!(
            left_out(&[("ReplicaSet", "bare")], none(), "Running"),
            told("ReplicaSet", "bare")
        );
        let hash = json!({"rollouts-pod-template-hash": "6d4cf"});
        assert_eq!(
            left_out(&[("ReplicaSet", "pay-6d4cf")], hash, "Running"),
            told("Rollout", "pay")
        );
        assert_eq!(left_out(&[("Node", "n1")], none(), "Running"), None);
        assert_eq!(left_out(&[("StatefulSet", "db")], none(), "Running"), None);
    }

    #[test]
    fn a_local_image_id_pins_nothing() {
        assert_eq!(digest_of("sha256:1f3a"), None);
        assert_eq!(digest_of("docker://sha256:1f3a"), None);
    }
}
