//! Fields that the server derived from other fields once, and keeps when those change.
//!
//! Cleaned manifests do not have it, because the server would add it to both.
//! Where it would not be the same on both sides, it must be written out.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use crate::manifest::{Kind, containers_mut, default_pull_policy, images_mut, takes_any_family};

/// Writes out, on both sides, what a change of other fields leaves behind.
///
/// `meant` are the names that the set has for the images.
pub(super) fn spell_out(kind: Kind, current: &mut Value, wanted: &mut Value, meant: &Names) {
    if kind == Kind::Service {
        spell_out_ip_families(current, wanted);
    }
    spell_out_host_ports(kind, current, wanted);
    spell_out_pull_policies(kind, current, wanted, meant);
}

/// A pod that leaves the host's network gives its host ports up.
///
/// On the host's network a container port is the host's port, so a cleaned manifest does not
/// have it; older servers and many charts write it all the same. `0` stands for none, whether
/// the object has one or not.
fn spell_out_host_ports(kind: Kind, current: &Value, wanted: &mut Value) {
    let Some(path) = kind.template_path() else { return };
    let is_on_host = |tree: &Value| {
        tree.pointer(path).and_then(|pod| pod.pointer("/spec/hostNetwork"))
            == Some(&Value::Bool(true))
    };
    if !is_on_host(current) || is_on_host(wanted) {
        return;
    }
    let there: Vec<String> = containers_mut(kind, &mut current.clone())
        .filter_map(|container| container.get("name")?.as_str().map(str::to_owned))
        .collect();
    for container in containers_mut(kind, wanted) {
        let is_there = container
            .get("name")
            .and_then(Value::as_str)
            .is_some_and(|name| there.iter().any(|other| other == name));
        let ports = container.get_mut("ports").and_then(Value::as_array_mut);
        for port in ports.into_iter().flatten().filter_map(Value::as_object_mut) {
            if is_there {
                port.entry("hostPort").or_insert_with(|| 0.into());
            }
        }
    }
}

/// A Service that loses what made it one of two address families keeps both.
fn spell_out_ip_families(current: &mut Value, wanted: &mut Value) {
    const POLICY: &str = "ipFamilyPolicy";
    let [Some(current), Some(wanted)] =
        [current, wanted].map(|side| side.get_mut("spec")?.as_object_mut())
    else {
        return;
    };
    let policy = |spec: &Map<String, Value>| match spec.get(POLICY) {
        Some(policy) => policy.clone(),
        None if takes_any_family(spec) => "RequireDualStack".into(),
        None => "SingleStack".into(),
    };
    let (is, meant) = (policy(current), policy(wanted));
    let external = [&*current, &*wanted]
        .iter()
        .any(|spec| spec.get("type").is_some_and(|kind| kind == "ExternalName"));
    if is != meant && meant == "SingleStack" && !external {
        current.insert(POLICY.into(), is);
        wanted.insert(POLICY.into(), meant);
    }
}

/// The names of a manifest's images, before they are fitted to a place.
pub(super) fn names(kind: Kind, manifest: &mut Value) -> Names {
    images_mut(kind, manifest)
        .into_iter()
        .map(|(key, image)| (key, image.reference().to_owned()))
        .collect()
}

/// Images by list and name of what they belong to.
pub(super) type Names = BTreeMap<(String, String), String>;

/// A policy that nobody spelled out follows from the image's name, and outlives
/// it: `Always` for `latest`, even after a release took its place.
fn spell_out_pull_policies(kind: Kind, current: &mut Value, wanted: &mut Value, meant: &Names) {
    let mut there = images_mut(kind, current);
    for (key, mut image) in images_mut(kind, wanted) {
        let Some(there) = there.get_mut(&key) else { continue };
        let is = there.policy().unwrap_or(there.implied_policy()).to_owned();
        let implied_by_set = meant.get(&key).map(|name| default_pull_policy(name));
        let should_be = match image.policy() {
            Some(policy) => policy.to_owned(),
            // The same image under the name it has here: what either of the names implies is right.
            None if image.reference() == there.reference()
                && (there.policy().is_none() || implied_by_set == Some(&is)) =>
            {
                is.clone()
            }
            None => image.implied_policy().to_owned(),
        };
        // A list that is written anew is filled in anew.
        let spelled_out = is != should_be || should_be != image.implied_policy();
        there.set_policy(spelled_out.then_some(&is));
        image.set_policy(spelled_out.then_some(&should_be));
    }
}
