//! Image digests that the pods of a workload run.

use std::borrow::Cow;

use serde::Deserialize;
use snapshot_core::{assembly::RunningImage, digest::Digest, manifest::Kind};

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
    owner_references: Vec<Owner<'a>>,
    #[serde(borrow, default)]
    labels: Labels<'a>,
    #[serde(borrow)]
    deletion_timestamp: Option<Cow<'a, str>>,
}

#[derive(Deserialize, Default)]
struct Labels<'a> {
    #[serde(borrow, rename = "pod-template-hash")]
    template_hash: Option<Cow<'a, str>>,
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
}

/// The images that one pod runs, by the workload it belongs to.
pub(super) fn running(text: &str) -> Result<Vec<(Kind, String, RunningImage)>, serde_json::Error> {
    let pod: Pod<'_> = serde_json::from_str(text)?;
    let Some((kind, workload)) = pod
        .metadata
        .owner_references
        .iter()
        .find_map(|owner| workload_of(owner, &pod.metadata.labels))
    else {
        return Ok(Vec::new());
    };
    // One that is on its way out runs what was there before.
    if pod.metadata.deletion_timestamp.is_some() {
        return Ok(Vec::new());
    }
    // A pod that was evicted, or has ended, stays as an object and runs nothing. Those of a CronJob
    // have all ended: the last one speaks for it.
    let has_ended = matches!(pod.status.phase.as_ref(), "Failed" | "Succeeded");
    let ended = match (has_ended, kind) {
        (false, _) => None,
        (true, Kind::CronJob) => {
            Some(pod.status.start_time.as_deref().unwrap_or_default().to_owned())
        }
        (true, _) => return Ok(Vec::new()),
    };
    let statuses = pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
    Ok(statuses
        .filter_map(|status| {
            let mut containers = pod.spec.init_containers.iter().chain(&pod.spec.containers);
            let image = &containers.find(|container| container.name == status.name)?.image;
            let digest = digest_of(&status.image_id)?;
            let running = RunningImage {
                container: status.name.to_string(),
                image: image.to_string(),
                digest,
                ended: ended.clone(),
            };
            Some((kind, workload.to_owned(), running))
        })
        .collect())
}

/// The workload behind a pod's owner. A Deployment's pods are owned by a
/// `ReplicaSet` that bears its name and the hash of the template; a `CronJob`'s
/// by a Job that bears its name and the minute.
fn workload_of<'a>(owner: &'a Owner<'_>, labels: &Labels<'_>) -> Option<(Kind, &'a str)> {
    match owner.kind.as_ref() {
        "ReplicaSet" => {
            let hash = labels.template_hash.as_deref()?;
            Some((Kind::Deployment, owner.name.strip_suffix(hash)?.strip_suffix('-')?))
        }
        "StatefulSet" => Some((Kind::StatefulSet, &owner.name)),
        "DaemonSet" => Some((Kind::DaemonSet, &owner.name)),
        "Job" => {
            let (name, minute) = owner.name.rsplit_once('-')?;
            minute.chars().all(|c| c.is_ascii_digit()).then_some((Kind::CronJob, name))
        }
        _ => None,
    }
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
        assert_eq!(running(&pod.to_string()).unwrap(), [(Kind::Deployment, "tax".into(), image)]);
        for phase in ["Failed", "Succeeded"] {
            let mut pod = pod.clone();
            pod["status"]["phase"] = phase.into();
            assert_eq!(running(&pod.to_string()).unwrap(), [], "{phase}");
        }
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
        let found = running(&pod.to_string()).unwrap();
        assert_eq!(found[0].2.ended.as_deref(), Some("2026-01-01T00:00:00Z"));
    }

    #[test]
    fn a_local_image_id_pins_nothing() {
        assert_eq!(digest_of("sha256:1f3a"), None);
        assert_eq!(digest_of("docker://sha256:1f3a"), None);
    }
}
