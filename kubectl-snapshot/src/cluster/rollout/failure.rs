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
pub(super) struct Problem {
    /// Description, as a clause that can follow a semicolon.
    pub(super) text: String,
    /// Severity of the problem.
    pub(super) severity: Severity,
}

impl Problem {
    /// A problem, told on one line however many the server took.
    pub(super) fn new(text: &str, severity: Severity) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        Self { text: words.join(" "), severity }
    }
}

/// Severity of a problem: when it means that the rollout has failed. The gravest is the
/// greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Severity {
    /// Hint: worth telling while the rollout is waited for, never a failure by itself.
    Hint,
    /// Once it has lasted that long.
    Lasting(Duration),
    /// At once.
    Final,
}

/// Problem that the workload itself reports: its pods are refused before they exist.
pub(super) fn of_workload(state: &State) -> Option<Problem> {
    let refusal =
        state.condition("ReplicaFailure").filter(|condition| condition.status == "True")?;
    // While some new pods are there, the others may yet find room.
    let severity = if state.status.updated_replicas == 0 {
        Severity::Lasting(OLD_PODS_ENDED)
    } else {
        Severity::Hint
    };
    Some(Problem::new(&format!("its pods are refused: {}", refusal.message), severity))
}

/// The gravest problem of one pod.
pub(super) fn of_pod(pod: &Pod) -> Option<Problem> {
    let containers =
        pod.status.init_container_statuses.iter().chain(&pod.status.container_statuses);
    let of_containers = containers.filter_map(of_container).max_by_key(|problem| problem.severity);
    of_containers.or_else(|| of_scheduling(&pod.status)).or_else(|| of_phase(&pod.status))
}

fn of_container(container: &ContainerStatus) -> Option<Problem> {
    let state = &container.state;
    if let Some(waiting) = &state.waiting {
        return of_waiting(container, waiting);
    }
    if let Some(ended) = state.terminated.as_ref().filter(|ended| ended.exit_code != 0) {
        let text = format!("container {} ended with {}", container.name, describe(ended));
        return Some(Problem::new(&text, Severity::Hint));
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
        Problem::new(&text, Severity::Hint)
    })
}

fn of_waiting(container: &ContainerStatus, waiting: &Refused) -> Option<Problem> {
    let ContainerStatus { name, image, restart_count, .. } = container;
    let reason = waiting.reason.as_str();
    let (what, severity) = match reason {
        // What every container goes through.
        "ContainerCreating" | "PodInitializing" | "" => return None,
        "InvalidImageName" => {
            (format!("container {name} has an image that is no name: {image}"), Severity::Final)
        }
        "ErrImagePull"
        | "ImagePullBackOff"
        | "ErrImageNeverPull"
        | "ImageInspectError"
        | "RegistryUnavailable"
        | "SignatureValidationFailed" => {
            (format!("container {name} cannot pull {image}"), Severity::Lasting(SECOND_TRY))
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
            let severity =
                if *restart_count >= RESTARTS { Severity::Final } else { Severity::Hint };
            return Some(Problem::new(&format!("{what} ({reason})"), severity));
        }
        "CreateContainerConfigError" | "CreateContainerError" | "RunContainerError" => {
            (format!("container {name} cannot be started"), Severity::Lasting(SECOND_TRY))
        }
        _ => (format!("container {name} waits"), Severity::Hint),
    };
    let details = match waiting.message.as_str() {
        "" => String::new(),
        message if message == format!("Back-off pulling image \"{image}\"") => String::new(),
        message => format!(": {message}"),
    };
    Some(Problem::new(&format!("{what} ({reason}{details})"), severity))
}

fn of_scheduling(status: &PodStatus) -> Option<Problem> {
    let condition = status.conditions.iter().find(|condition| {
        condition.r#type == "PodScheduled" && condition.reason == "Unschedulable"
    })?;
    // A cluster that adds nodes takes its time.
    Some(Problem::new(&format!("no node takes a pod: {}", condition.message), Severity::Hint))
}

fn of_phase(status: &PodStatus) -> Option<Problem> {
    let text = format!("a pod failed: {} {}", status.reason, status.message);
    (status.phase == "Failed").then(|| Problem::new(&text, Severity::Hint))
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

    fn told(pod: &Pod) -> (String, Severity) {
        let problem = of_pod(pod).unwrap();
        (problem.text, problem.severity)
    }

    #[test]
    fn an_image_that_cannot_be_pulled_counts_after_the_second_try() {
        let (text, severity) = told(&waiting("ErrImagePull", "manifest unknown"));
        assert_eq!(
            text,
            "container tax cannot pull registry.example/shop/tax:broken (ErrImagePull: manifest unknown)"
        );
        assert_eq!(severity, Severity::Lasting(SECOND_TRY));
        let bare = "Back-off pulling image \"registry.example/shop/tax:broken\"";
        let (text, _) = told(&waiting("ImagePullBackOff", bare));
        assert_eq!(
            text,
            "container tax cannot pull registry.example/shop/tax:broken (ImagePullBackOff)"
        );
    }

    #[test]
    fn a_name_that_is_none_counts_at_once() {
        assert_eq!(told(&waiting("InvalidImageName", "couldn't parse")).1, Severity::Final);
    }

    #[test]
    fn missing_configuration_is_named() {
        let (text, severity) =
            told(&waiting("CreateContainerConfigError", "secret \"db\" not found"));
        assert_eq!(
            text,
            "container tax cannot be started (CreateContainerConfigError: secret \"db\" not found)"
        );
        assert_eq!(severity, Severity::Lasting(SECOND_TRY));
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
        assert_eq!(told(&crashed(2)).1, Severity::Hint);
        let (text, severity) = told(&crashed(3));
        assert_eq!(
            text,
            "container tax crashed 3 times, last with exit code 137 (OOMKilled) (CrashLoopBackOff)"
        );
        assert_eq!(severity, Severity::Final);
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
            ("container tax runs, restarted once, but is not ready".into(), Severity::Hint)
        );
        let ended =
            container(&json!({"state": {"terminated": {"exitCode": 1, "reason": "Error"}}}));
        assert_eq!(told(&ended), ("container tax ended with exit code 1".into(), Severity::Hint));
        let unschedulable = pod(&json!({"phase": "Pending", "conditions": [{
            "type": "PodScheduled", "status": "False", "reason": "Unschedulable",
            "message": "0/3 nodes are available: 3 Insufficient memory.",
        }]}));
        assert_eq!(
            told(&unschedulable),
            (
                "no node takes a pod: 0/3 nodes are available: 3 Insufficient memory.".into(),
                Severity::Hint
            )
        );
        let evicted = pod(
            &json!({"phase": "Failed", "reason": "Evicted", "message": "The node was low on memory."}),
        );
        assert_eq!(
            told(&evicted),
            ("a pod failed: Evicted The node was low on memory.".into(), Severity::Hint)
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
                Severity::Final
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
        let problem = of_workload(&refused(0)).unwrap();
        assert_eq!(
            problem.text,
            "its pods are refused: pods \"tax-1-x\" is forbidden: exceeded quota: small"
        );
        assert_eq!(problem.severity, Severity::Lasting(OLD_PODS_ENDED));
        assert_eq!(of_workload(&refused(1)).unwrap().severity, Severity::Hint);
        assert_eq!(of_workload(&State::default()), None);
    }
}
