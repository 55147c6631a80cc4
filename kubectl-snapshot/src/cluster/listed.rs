//! Lists of one kind's objects, taken into a set as they come.

#![warn(clippy::wildcard_enum_match_arm)]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde::Deserialize;
use serde_json::{Map, Value, value::RawValue};
use snapshot_core::{
    assembly::{Assembly, AssemblyError, CaptureOptions, prepare},
    manifest::{Kind, Serving, deployer},
    owner::{ARGO_CD, DeployerMarks, Owner},
    plan::{Existing, RestartMark},
    routes::{STEERED_BY_ROLLOUTS, Steering},
};

use super::{Cluster, ClusterError, Query, outdated::outdated, pages};

/// State that the lists of a namespace fill.
pub(super) type SharedState = Arc<Mutex<Shared>>;

#[derive(Default)]
pub(super) struct Shared {
    pub(super) assembly: Assembly,
    pub(super) existing: BTreeMap<(Kind, String), Existing>,
    pub(super) unserved: Vec<Kind>,
    pub(super) warnings: Vec<String>,
    pub(super) since: Option<u64>,
    /// The first object that makes no set; reading ends with it.
    pub(super) refused: Option<AssemblyError>,
}

impl Shared {
    /// Notes the resource version of a list. Of one that is no number nothing can be told.
    fn note(&mut self, version: &str) {
        if let Ok(version) = version.parse() {
            self.since = Some(self.since.map_or(version, |since| since.min(version)));
        }
    }
}

/// Reads the objects of one kind.
pub(super) async fn read_kind(
    cluster: &Cluster,
    kind: Kind,
    choices: &Arc<CaptureOptions>,
    shared: &SharedState,
    counted: &(dyn Fn(usize) + Send + Sync),
) -> Result<(), ClusterError> {
    let choices = Arc::clone(choices);
    let take = move |shared: &mut SharedState, text: &str| {
        let Parsed { object, existing, outdated, maker } = parse(kind, text)?;
        let name =
            object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let prepared = prepare(&choices, kind, object);
        let mut shared = lock(shared);
        if let Some(pods) = outdated {
            shared.assembly.add_outdated(kind, &name, pods);
        }
        if let Some(maker) = maker {
            shared.assembly.add_steering(maker.steers(kind, &name));
        }
        shared.existing.insert((kind, name), existing);
        let taken = prepared.and_then(|prepared| shared.assembly.insert(prepared));
        if let Err(error) = taken {
            shared.refused.get_or_insert(error);
        }
        Ok(())
    };
    let (path, query) = (cluster.path(kind), Query::default());
    let read = pages::each_page(cluster, &path, &query, Arc::clone(shared), take, counted).await;
    match read {
        Ok((version, _)) => {
            lock(shared).note(&version);
            Ok(())
        }
        Err(error) if error.means_not_installed(kind) => Ok(()),
        Err(error @ ClusterError::Forbidden { .. }) => match kind.spec().serving {
            Serving::IfAllowed | Serving::IfServed => {
                lock(shared).warnings.push(format!("{kind}s are left out: {error}"));
                Ok(())
            }
            Serving::Always | Serving::IfInstalled => Err(error),
        },
        Err(error) => Err(error),
    }
}

pub(super) fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    name: String,
    #[serde(default)]
    uid: String,
    #[serde(default)]
    resource_version: String,
    generation: Option<i64>,
    labels: Option<Map<String, Value>>,
    annotations: Option<Map<String, Value>>,
    #[serde(default)]
    owner_references: Vec<OwnerReference>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OwnerReference {
    #[serde(default)]
    api_version: String,
    kind: String,
    name: String,
    #[serde(default)]
    controller: bool,
}

/// An object without its status and the bulk of its metadata, and what the cluster says of it.
struct Parsed {
    object: Value,
    existing: Existing,
    /// The number of its pods that run an earlier template.
    outdated: Option<u64>,
    /// The controller that has made or written it, of a route.
    maker: Option<Maker>,
}

/// A controller that has made a route, or written it.
enum Maker {
    Made(String),
    Rollouts,
}

impl Maker {
    fn of(metadata: &Metadata, text: &str) -> Option<Self> {
        let controller = metadata.owner_references.iter().find(|one| one.controller);
        let made = controller.map(|one| Self::Made(format!("{} {}", one.kind, one.name)));
        let manager = format!(r#""manager":"{STEERED_BY_ROLLOUTS}""#);
        made.or_else(|| text.contains(&manager).then_some(Self::Rollouts))
    }

    fn steers(self, kind: Kind, name: &str) -> Steering {
        match self {
            Self::Made(by) => Steering::of_made(kind, name, by),
            Self::Rollouts => Steering::of_written(kind, name),
        }
    }
}

fn parse(kind: Kind, text: &str) -> Result<Parsed, serde_json::Error> {
    let members: pages::Members<'_> = serde_json::from_str(text)?;
    let text = members.get("metadata").map_or("{}", |raw| RawValue::get(raw));
    let metadata: Metadata = serde_json::from_str(text)?;
    let maker = if kind.is_of_routes() { Maker::of(&metadata, text) } else { None };
    let mut existing = Existing {
        deployer: deployed_by(&metadata),
        owner: owner(&metadata, text),
        steered_by: made_by_a_canary(&metadata),
        // Managed fields are most of what an object is; few of them are ever asked for.
        is_applied: text.contains(APPLIED),
        has_labels: metadata.labels.is_some(),
        has_annotations: metadata.annotations.is_some(),
        uid: metadata.uid,
        resource_version: metadata.resource_version,
        generation: metadata.generation,
        restarted: RestartMark::default(),
    };
    let mut object = Map::new();
    for (name, raw) in members.iter().filter(|(name, _)| !matches!(**name, "metadata" | "status")) {
        object.insert((*name).to_owned(), serde_json::from_str(raw.get())?);
    }
    let mut kept = Map::new();
    kept.insert("name".into(), metadata.name.into());
    for (member, marks) in [("labels", metadata.labels), ("annotations", metadata.annotations)] {
        if let Some(marks) = marks {
            kept.insert(member.into(), marks.into());
        }
    }
    object.insert("metadata".into(), kept.into());
    let object = Value::from(object);
    existing.restarted = RestartMark::of(kind, &object);
    let outdated = members.get("status").and_then(|status| outdated(kind, status.get()));
    Ok(Parsed { object, existing, outdated, maker })
}

/// The Canary of Flagger that has made an object, and writes it with each promotion: the primary, its
/// Services, copies of what they read.
fn made_by_a_canary(metadata: &Metadata) -> Option<String> {
    let of_flagger = |one: &&OwnerReference| {
        one.controller && one.kind == "Canary" && one.api_version.starts_with("flagger.app/")
    };
    let canary = metadata.owner_references.iter().find(of_flagger)?;
    Some(format!("{} {}", canary.kind, canary.name))
}

/// The member of an entry of `managedFields` that says that somebody applied on the server.
const APPLIED: &str = r#""operation":"Apply""#;

/// The owner of an object, as far as its labels, annotations and controller tell.
fn owner(metadata: &Metadata, text: &str) -> Option<Owner> {
    let controller = metadata.owner_references.iter().find(|one| one.controller);
    Owner::of(&DeployerMarks {
        labels: metadata.labels.as_ref(),
        annotations: metadata.annotations.as_ref(),
        controller: controller.map(|one| format!("{} {}", one.kind, one.name)),
        is_by_argo_cd: text.contains(&format!(r#""manager":"{ARGO_CD}""#)),
        appliers: Vec::new(),
    })
}

/// The deployer that owns an object and will write it again.
fn deployed_by(metadata: &Metadata) -> Option<&'static str> {
    let marks = [&metadata.labels, &metadata.annotations].into_iter().flatten();
    deployer(marks.flat_map(|marks| marks.keys()).map(String::as_str))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_a_canary_has_made_is_steered_by_it() {
        let steered = |controller: bool, version: &str| {
            let object = json!({"metadata": {"name": "orders-primary", "ownerReferences": [
                {"apiVersion": version, "kind": "Canary", "name": "orders", "controller": controller},
            ]}});
            parse(Kind::Deployment, &object.to_string()).unwrap().existing.steered_by
        };
        assert_eq!(steered(true, "flagger.app/v1beta1").as_deref(), Some("Canary orders"));
        assert_eq!(steered(false, "flagger.app/v1beta1"), None);
        assert_eq!(steered(true, "shop.example/v1"), None);
    }
}
