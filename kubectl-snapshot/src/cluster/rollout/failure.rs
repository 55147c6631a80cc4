//! Problems of pods that do not come up, in the words that help.

use std::time::Duration;

use super::{
    pod::{ContainerStatus, Ended, Pod, PodStatus, Refused},
    state::State,
};

/// Time that an image must fail to be pulled, or a container to be created, until that
/// counts. The kubelet tries a second time after 10 s.
const SECOND_TRY: Duration = Duration::from_secs(12);

/// Time that pods must be refused until that counts. Old pods count against a quota while
/// they end, for which they have 30 s unless they say otherwise.
const OLD_PODS_ENDED: Duration = Duration::from_mins(1);

/// Restarts after which a container's crashes are no longer a slow start.
const RESTARTS: u32 = 3;

/// Problem that keeps a rollout from its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Trouble {
    /// Description, as a clause that can follow a semicolon.
    pub(super) text: String,
    /// Severity of the problem.
    pub(super) weight: Weight,
}

impl Trouble {
    /// A trouble, told on one line however many the server took.
    pub(super) fn new(text: &str, weight: Weight) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        Self { text: words.join(" "), weight }
    }
}

/// Severity of a problem: when it means that the rollout has failed. The gravest is the
/// greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Weight {
    /// Hint: worth telling while the rollout is waited for, never a failure by itself.
    Telling,
    /// Once it has lasted that long.
    Lasting(Duration),
    /// At once.
    Final,
}

/// Problem that the workload itself reports: its pods are refused before they exist.
pub(super) fn of_workload(state: &State) -> Option<Trouble> {
    let refusal =
        state.condition("ReplicaFailure").filter(|condition| condition.status == "True")?;
    // While some new pods are there, the others may yet find room.
    let weight = if state.status.updated_replicas == 0 {
        Weight::Lasting(OLD_PODS_ENDED)
    } else {
        Weight::Telling
    };
    Some(Trouble::new(&format!("its pods are refused: {}", refusal.message), weight))
}

/// The gravest trouble of one pod.
pub(super) fn of_pod(pod: &Pod) -> Option<Trouble> {
    let containers =
        pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
    let of_containers = containers.filter_map(of_container).max_by_key(|trouble| trouble.weight);
    of_containers.or_else(|| of_scheduling(&pod.status)).or_else(|| of_phase(&pod.status))
}

fn of_container(container: &ContainerStatus) -> Option<Trouble> {
    let state = &container.state;
    if let Some(waiting) = &state.waiting {
        return of_waiting(container, waiting);
    }
    if let Some(ended) = state.terminated.as_ref().filter(|ended| ended.exit_code != 0) {
        let text = format!("container {} ended with {}", container.name, describe(ended));
        return Some(Trouble::new(&text, Weight::Telling));
    }
    let runs_unready =
        state.running.is_some() && !container.ready && container.started != Some(false);
    runs_unready.then(|| {
        let restarts = if container.restart_count > 0 {
            format!(", restarted {},", times(container.restart_count))
        } else {
            String::new()
        };
        let text = format!("container {} runs{restarts} but is not ready", container.name);
        Trouble::new(&text, Weight::Telling)
    })
}

fn of_waiting(container: &ContainerStatus, waiting: &Refused) -> Option<Trouble> {
    let ContainerStatus { name, image, restart_count, .. } = container;
    let reason = waiting.reason.as_str();
    let (what, weight) = match reason {
        // What every container goes through.
        "ContainerCreating" | "PodInitializing" | "" => return None,
        "InvalidImageName" => {
            (format!("container {name} has an image that is no name: {image}"), Weight::Final)
        }
        "ErrImagePull"
        | "ImagePullBackOff"
        | "ErrImageNeverPull"
        | "ImageInspectError"
        | "RegistryUnavailable"
        | "SignatureValidationFailed" => {
            (format!("container {name} cannot pull {image}"), Weight::Lasting(SECOND_TRY))
        }
        "CrashLoopBackOff" => {
            let last = container
                .last_state
                .terminated
                .as_ref()
                .map(|ended| format!(", last with {}", describe(ended)));
            let what = format!(
                "container {name} crashed {}{}",
                times(*restart_count),
                last.unwrap_or_default()
            );
            // The kubelet's message tells nothing but how long it waits.
            let weight = if *restart_count >= RESTARTS { Weight::Final } else { Weight::Telling };
            return Some(Trouble::new(&format!("{what} ({reason})"), weight));
        }
        "CreateContainerConfigError" | "CreateContainerError" | "RunContainerError" => {
            (format!("container {name} cannot be started"), Weight::Lasting(SECOND_TRY))
        }
        _ => (format!("container {name} waits"), Weight::Telling),
    };
    let details = match waiting.message.as_str() {
        "" => String::new(),
        message if message == format!("Back-off pulling image \"{image}\"") => String::new(),
        message => format!(": {message}"),
    };
    Some(Trouble::new(&format!("{what} ({reason}{details})"), weight))
}

fn of_scheduling(status: &PodStatus) -> Option<Trouble> {
    let condition = status.conditions.iter().find(|condition| {
        condition.r#type == "PodScheduled" && condition.reason == "Unschedulable"
    })?;
    // A cluster that adds nodes takes its time.
    Some(Trouble::new(&format!("no node takes a pod: {}", condition.message), Weight::Telling))
}

fn of_phase(status: &PodStatus) -> Option<Trouble> {
    let text = format!("a pod failed: {} {}", status.reason, status.message);
    (status.phase == "Failed").then(|| Trouble::new(&text, Weight::Telling))
}

fn times(count: u32) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

fn describe(ended: &Ended) -> String {
    match ended.reason.as_str() {
        "" | "Error" => format!("exit code {}", ended.exit_code),
        reason => format!("exit code {} ({reason})", ended.exit_code),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn pod(status: &Value) -> Pod {
        serde_json::from_value(json!({"status": status})).unwrap()
    }

    /// A pod with one container in that state.
    fn container(members: &Value) -> Pod {
        let mut container = json!({"name": "tax", "image": "registry.example/shop/tax:broken", "ready": false,
                                   "restartCount": 0, "lastState": {}});
        container.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
        pod(&json!({"phase": "Pending", "containerStatuses": [container]}))
    }

    fn waiting(reason: &str, message: &str) -> Pod {
        container(&json!({"state": {"waiting": {"reason": reason, "message": message}}}))
    }

    fn told(pod: &Pod) -> (String, Weight) {
        let trouble = of_pod(pod).unwrap();
        (trouble.text, trouble.weight)
    }

    #[test]
    fn an_image_that_cannot_be_pulled_counts_after_the_second_try() {
        let (text, weight) = told(&waiting("ErrImagePull", "manifest unknown"));
        assert_eq!(
            text,
            "container tax cannot pull registry.example/shop/tax:broken (ErrImagePull: manifest unknown)"
        );
        assert_eq!(weight, Weight::Lasting(SECOND_TRY));
        let bare = "Back-off pulling image \"registry.example/shop/tax:broken\"";
        let (text, _) = told(&waiting("ImagePullBackOff", bare));
        assert_eq!(
            text,
            "container tax cannot pull registry.example/shop/tax:broken (ImagePullBackOff)"
        );
    }

    #[test]
    fn a_name_that_is_none_counts_at_once() {
        assert_eq!(told(&waiting("InvalidImageName", "couldn't parse")).1, Weight::Final);
    }

    #[test]
    fn missing_configuration_is_named() {
        let (text, weight) =
            told(&waiting("CreateContainerConfigError", "secret \"db\" not found"));
        assert_eq!(
            text,
            "container tax cannot be started (CreateContainerConfigError: secret \"db\" not found)"
        );
        assert_eq!(weight, Weight::Lasting(SECOND_TRY));
    }

    #[test]
    fn crashes_count_from_the_third_restart_on() {
        let crashed = |restarts: u32| {
            container(&json!({
                "restartCount": restarts,
                "state": {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 40s restarting"}},
                "lastState": {"terminated": {"exitCode": 137, "reason": "OOMKilled"}},
            }))
        };
        assert_eq!(told(&crashed(2)).1, Weight::Telling);
        let (text, weight) = told(&crashed(3));
        assert_eq!(
            text,
            "container tax crashed 3 times, last with exit code 137 (OOMKilled) (CrashLoopBackOff)"
        );
        assert_eq!(weight, Weight::Final);
    }

    #[test]
    fn an_ordinary_start_is_no_trouble() {
        assert_eq!(of_pod(&waiting("ContainerCreating", "")), None);
        assert_eq!(of_pod(&waiting("PodInitializing", "")), None);
        let running = json!({"running": {"startedAt": "2026-01-01T00:00:00Z"}});
        assert_eq!(of_pod(&container(&json!({"state": running, "ready": true}))), None);
        assert_eq!(of_pod(&container(&json!({"state": running, "started": false}))), None);
        assert_eq!(of_pod(&container(&json!({"state": {"terminated": {"exitCode": 0}}}))), None);
    }

    #[test]
    fn what_may_pass_is_told_and_does_not_count() {
        let running = json!({"running": {"startedAt": "2026-01-01T00:00:00Z"}});
        let unready = container(&json!({"state": running, "started": true, "restartCount": 1}));
        assert_eq!(
            told(&unready),
            ("container tax runs, restarted once, but is not ready".into(), Weight::Telling)
        );
        let ended =
            container(&json!({"state": {"terminated": {"exitCode": 1, "reason": "Error"}}}));
        assert_eq!(told(&ended), ("container tax ended with exit code 1".into(), Weight::Telling));
        let unschedulable = pod(&json!({"phase": "Pending", "conditions": [{
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
            "message": "0/3 nodes are available: 3 Insufficient memory.",
        }]}));
        assert_eq!(
            told(&unschedulable),
            (
                "no node takes a pod: 0/3 nodes are available: 3 Insufficient memory.".into(),
                Weight::Telling
            )
        );
        let evicted = pod(
            &json!({"phase": "Failed", "reason": "Evicted", "message": "The node was low on memory."}),
        );
        assert_eq!(
            told(&evicted),
            ("a pod failed: Evicted The node was low on memory.".into(), Weight::Telling)
        );
    }

    #[test]
    fn of_several_containers_the_gravest_is_told() {
        let both = pod(&json!({"phase": "Pending",
            "initContainerStatuses": [{"name": "migrate", "state": {"terminated": {"exitCode": 1}}}],
            "containerStatuses": [{"name": "tax", "image": "BAD", "state": {"waiting": {"reason": "InvalidImageName"}}}],
        }));
        assert_eq!(
            told(&both),
            (
                "container tax has an image that is no name: BAD (InvalidImageName)".into(),
                Weight::Final
            )
        );
    }

    #[test]
    fn refused_pods_count_while_there_is_none() {
        let refused = |updated: i64| -> State {
            let condition = json!({"type": "ReplicaFailure", "status": "True", "reason": "FailedCreate",
                                   "message": "pods \"tax-1-x\" is forbidden: exceeded quota: small"});
            serde_json::from_value(
                json!({"status": {"updatedReplicas": updated, "conditions": [condition]}}),
            )
            .unwrap()
        };
        let trouble = of_workload(&refused(0)).unwrap();
        assert_eq!(
            trouble.text,
            "its pods are refused: pods \"tax-1-x\" is forbidden: exceeded quota: small"
        );
        assert_eq!(trouble.weight, Weight::Lasting(OLD_PODS_ENDED));
        assert_eq!(of_workload(&refused(1)).unwrap().weight, Weight::Telling);
        assert_eq!(of_workload(&State::default()), None);
    }
}
