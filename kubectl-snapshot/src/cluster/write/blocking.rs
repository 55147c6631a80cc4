//! Pods that keep a StatefulSet from going back.
//!
//! It waits until each of its pods is ready before it replaces one: also a pod that the template
//! broke which is taken back, and that nothing will repair
//! (<https://github.com/kubernetes/kubernetes/issues/67250>).

use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use tokio::time::sleep;

use crate::cluster::{Cluster, ClusterError, Query};

/// Looks at a StatefulSet until its controller has seen the write.
const LOOKS: usize = 50;

/// Pause between them.
const PAUSE: Duration = Duration::from_millis(200);

/// Template of a StatefulSet that is about to be taken back.
pub(super) struct Broken {
    uid: String,
    revision: String,
}

#[derive(Deserialize)]
struct Pods {
    items: Vec<Value>,
}

impl Broken {
    /// The template that the StatefulSet has now, where its controller has made a revision of it.
    pub(super) fn of(stateful_set: &Value) -> Option<Self> {
        let text = |path: &str| Some(stateful_set.pointer(path)?.as_str()?.to_owned());
        Some(Self { uid: text("/metadata/uid")?, revision: text("/status/updateRevision")? })
    }

    /// Deletes the pods of that template that are not ready, once the controller makes others, and
    /// returns their names.
    pub(super) async fn delete_pods(
        &self,
        cluster: &Cluster,
        path: &str,
    ) -> Result<Vec<String>, ClusterError> {
        if !self.is_left(cluster, path).await? {
            return Ok(Vec::new());
        }
        let selector = format!("controller-revision-hash={}", self.revision);
        let pods = cluster.core_path("pods");
        let query = Query::default().with("labelSelector", &selector);
        let list = cluster.list(&pods, &query).await?;
        let list: Pods = serde_json::from_str(&list)
            .map_err(|error| ClusterError::answer(pods.clone(), error))?;
        let mut deleted = Vec::new();
        for pod in list.items.iter().filter(|pod| self.is_of(pod) && !is_ready(pod)) {
            let text = |path: &str| pod.pointer(path).and_then(Value::as_str).unwrap_or_default();
            let (name, uid) = (text("/metadata/name"), text("/metadata/uid"));
            match cluster.delete_exactly(&format!("{pods}/{name}"), uid, false).await {
                Ok(()) => deleted.push(name.to_owned()),
                Err(ClusterError::NotFound { .. } | ClusterError::Conflict { .. }) => {}
                Err(error) => return Err(error),
            }
        }
        Ok(deleted)
    }

    /// Waits until the controller makes pods of another template.
    async fn is_left(&self, cluster: &Cluster, path: &str) -> Result<bool, ClusterError> {
        for _ in 0..LOOKS {
            let Some(text) = cluster.get(path).await? else { return Ok(false) };
            let now: Value = serde_json::from_str(&text)
                .map_err(|error| ClusterError::answer(path.to_owned(), error))?;
            if Self::of(&now).is_some_and(|now| now.revision != self.revision) {
                return Ok(true);
            }
            sleep(PAUSE).await;
        }
        Ok(false)
    }

    fn is_of(&self, pod: &Value) -> bool {
        let owners = pod.pointer("/metadata/ownerReferences").and_then(Value::as_array);
        owners.into_iter().flatten().any(|owner| owner["uid"] == *self.uid)
    }
}

fn is_ready(pod: &Value) -> bool {
    let conditions = pod.pointer("/status/conditions").and_then(Value::as_array);
    let is_it = |one: &Value| one["type"] == "Ready" && one["status"] == "True";
    conditions.into_iter().flatten().any(is_it)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pods_of_others_and_such_that_are_ready_stay() {
        let broken = Broken::of(&json!({
            "metadata": {"uid": "7"}, "status": {"updateRevision": "web-2"},
        }));
        let broken = broken.unwrap();
        let pod = |owner: &str, ready: &str| {
            json!({
                "metadata": {"ownerReferences": [{"uid": owner}]},
                "status": {"conditions": [{"type": "Ready", "status": ready}]},
            })
        };
        assert!(broken.is_of(&pod("7", "False")) && !broken.is_of(&pod("8", "False")));
        assert!(is_ready(&pod("7", "True")) && !is_ready(&pod("7", "False")));
        assert!(!is_ready(&json!({})));
        assert!(Broken::of(&json!({"metadata": {"uid": "7"}})).is_none());
    }
}
