//! Pods that a quota or an admission policy refuses, where only an event says so.
//!
//! A Deployment has a condition for it; the other kinds have none.

use std::collections::BTreeMap;

use serde::Deserialize;
use snapshot_core::manifest::Kind;

use super::{
    failure::{Problem, Severity},
    rules,
    waiting::Waiting,
};
use crate::cluster::{Cluster, ClusterError, Query, pages::each_item};

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Event {
    metadata: Metadata,
    involved_object: Involved,
    message: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Metadata {
    resource_version: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Involved {
    name: String,
}

/// Reasons why pods of the waiting workloads were refused since these were written.
pub(super) async fn refusals<'a>(
    cluster: &Cluster,
    waiting: &[Waiting<'a>],
) -> Result<Vec<(Waiting<'a>, Problem)>, ClusterError> {
    let mut refusals = Vec::new();
    let mut by_kind: BTreeMap<Kind, BTreeMap<&str, Waiting<'_>>> = BTreeMap::new();
    for waiting in waiting.iter().filter(|waiting| rules::refuses_in_events(waiting.target.rule)) {
        let target = waiting.target;
        by_kind.entry(target.kind).or_default().insert(&target.name, *waiting);
    }
    for (kind, by_name) in by_kind {
        let query = Query::default()
            .with("fieldSelector", &format!("reason=FailedCreate,involvedObject.kind={kind}"));
        let take = |events: &mut Vec<Event>, text: &str| {
            events.push(serde_json::from_str(text)?);
            Ok(())
        };
        let path = cluster.core_path("events");
        let (_, events) = each_item(cluster, &path, &query, Vec::new(), take).await?;
        for event in events {
            if let Some(waiting) = by_name.get(event.involved_object.name.as_str())
                && waiting.target.is_before(&event.metadata.resource_version)
            {
                let text = format!("its pods are refused: {}", event.message);
                // One moment's word: that it lasts, no event says.
                refusals.push((*waiting, Problem::new(&text, Severity::Hint)));
            }
        }
    }
    Ok(refusals)
}
