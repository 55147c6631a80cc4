//! The API's well-known defaults, taken out so that manifests and live agree.
//!
//! A manifest says what its author wrote; the API server answers with every
//! default filled in. Neither form can be turned into the other without the
//! server, so both are brought to a third: nothing that the server would add.
//! The tables follow the defaulting functions of Kubernetes' `core/v1`,
//! `apps/v1` and `batch/v1`; zero values that Go's `omitempty` drops stand
//! beside them. Defaults of a kind stand
//! in its row; those of the pod template, which every workload has, here.

mod pod;
mod pull_policy;
mod rules;

use std::{collections::HashMap, sync::LazyLock};

use serde_json::{Map, Value, json};

pub use pull_policy::default_pull_policy;

use super::{
    Kind,
    kind::{Defaults, Form},
};
use rules::Rules;

/// The tables of the kinds that have one.
static TABLES: LazyLock<HashMap<Kind, Rules>> = LazyLock::new(|| {
    let tables = Kind::ALL.into_iter().filter_map(|kind| match &kind.spec().form {
        Form::Reduced(defaults) => Some((kind, Rules::parse(defaults.table))),
        Form::AsWritten => None,
    });
    tables.collect()
});

/// Takes the defaults of `kind` out of an object, those of the pod template included.
pub(super) fn strip(kind: Kind, defaults: &Defaults, object: &mut Value) {
    if let Some(rules) = TABLES.get(&kind) {
        rules.strip(object);
    }
    if let Value::Object(members) = object {
        (defaults.dependent)(members);
    }
    if let Some(pod) =
        kind.template_path().and_then(|path| object.pointer_mut(path)?.get_mut("spec"))
    {
        strip_pod(pod);
    }
}

fn strip_pod(pod: &mut Value) {
    if let Some(spec) = pod.as_object_mut() {
        name_account(spec);
    }
    pod::POD.strip(pod);
    let Some(spec) = pod.as_object_mut() else { return };
    let host_network = spec.get("hostNetwork") == Some(&Value::Bool(true));
    for list in ["containers", "initContainers"] {
        for container in objects(spec, list) {
            strip_pull_policy(container, "image", "imagePullPolicy");
            if host_network {
                // On the host's network a container port is the host's port.
                objects(container, "ports")
                    .for_each(|port| remove_if_same(port, "hostPort", "containerPort"));
            }
        }
    }
    for volume in objects(spec, "volumes") {
        if volume.keys().all(|member| member == "name") {
            // A volume without a source is an empty directory.
            volume.insert("emptyDir".into(), json!({}));
        }
        if let Some(Value::Object(image)) = volume.get_mut("image") {
            strip_pull_policy(image, "reference", "pullPolicy");
        }
    }
}

/// One account under one name: the server answers with its deprecated alias as well.
fn name_account(spec: &mut Map<String, Value>) {
    if let Some(alias) = spec.remove("serviceAccount")
        && spec.get("serviceAccountName").is_none_or(|name| name == "")
    {
        spec.insert("serviceAccountName".into(), alias);
    }
}

fn strip_pull_policy(owner: &mut Map<String, Value>, image: &str, policy: &str) {
    let default = default_pull_policy(owner.get(image).and_then(Value::as_str).unwrap_or_default());
    remove_if(owner, policy, &default.into());
}

/// Takes `member` out where it is `default`.
pub(super) fn remove_if(owner: &mut Map<String, Value>, member: &str, default: &Value) {
    if owner.get(member) == Some(default) {
        owner.remove(member);
    }
}

/// Takes `member` out where it is the same as the member `other`.
pub(super) fn remove_if_same(owner: &mut Map<String, Value>, member: &str, other: &str) {
    if owner.get(member).is_some() && owner.get(member) == owner.get(other) {
        owner.remove(member);
    }
}

/// The objects in the list that is called `list`.
pub(super) fn objects<'a>(
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
