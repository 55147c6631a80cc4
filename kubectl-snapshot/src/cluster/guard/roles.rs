//! The store's namespace, and the roles that an administrator may bind.

use serde_json::{Map, Value, json};
use snapshot_core::manifest::{Kind, Serving};

use super::{
    RIGHTS,
    manifest::{CLUSTER_ROLE, Manifest, NAMESPACE, ROLE},
};
use crate::cluster::Right;

const READ: &[&str] = &["get", "list", "watch"];
const WRITE: &[&str] = &["create", "update", "patch", "delete"];

/// The store's namespace and the suggested roles, in the order in which they
/// have to be made. Nobody has them until somebody binds them.
#[must_use]
pub fn roles(store: &str) -> Vec<Manifest> {
    let config_maps = rule("", &["configmaps"], &[READ, WRITE].concat());
    let developer =
        vec![config_maps.clone(), rule(RIGHTS, &["snapshots", "evidence"], &["create"])];
    let promoting = rule(RIGHTS, &["stages"], &["promote", "approve"]);
    let promoter = [developer.clone(), vec![promoting]].concat();
    let role = |name, rules| Manifest::new(&ROLE, store, name, body(rules));
    let cluster_role =
        |name, rules| Manifest::new(&CLUSTER_ROLE, store, of_store(name, store), body(rules));
    vec![
        Manifest::new(&NAMESPACE, store, store, Map::new()),
        role("snapshot-reader", vec![rule("", &["configmaps"], READ)]),
        role("snapshot-developer", developer),
        role("snapshot-promoter", promoter),
        role("snapshot-administrator", vec![config_maps, rule(RIGHTS, &["*"], &["*"])]),
        cluster_role(CAPTURE, capture()),
        cluster_role(APPLY, apply()),
    ]
}

const CAPTURE: &str = "kubectl-snapshot-capture";
const APPLY: &str = "kubectl-snapshot-apply";

/// A name of the whole cluster, which no other store has.
pub(super) fn of_store(name: &str, store: &str) -> String {
    format!("{name}.{store}")
}

/// The commands that bind each role, with words in capitals for what they leave open.
#[must_use]
pub fn suggested_bindings(store: &str) -> Vec<String> {
    let here = [
        ("snapshot-readers", "snapshot-reader"),
        ("snapshot-developers", "snapshot-developer"),
        ("snapshot-promoters", "snapshot-promoter"),
        ("snapshot-administrators", "snapshot-administrator"),
    ];
    let there = [("snapshot-capture", CAPTURE), ("snapshot-apply", APPLY)];
    let here = here.into_iter().map(|(name, role)| {
        format!("kubectl create rolebinding {name} -n {store} --role={role} --group=GROUP")
    });
    let there = there.into_iter().map(|(name, role)| {
        let role = of_store(role, store);
        format!("kubectl create rolebinding {name} -n NAMESPACE --clusterrole={role} --group=GROUP")
    });
    here.chain(there).collect()
}

/// Resources whose objects steer routes: who may see these sees what is left to them.
const STEERING: [(&str, &str); 2] = [("argoproj.io", "rollouts"), ("flagger.app", "canaries")];

fn steering() -> impl Iterator<Item = Value> {
    STEERING.into_iter().map(|(group, resource)| rule(group, &[resource], &["list"]))
}

/// Rules to [`read`](crate::cluster::read) a namespace, and nothing more.
fn capture() -> Vec<Value> {
    let mut rules = on_kinds(&["list"]);
    rules.extend(steering());
    rules.push(rule("", &["pods"], &["list"]));
    rules
}

/// Rules to read a namespace, lock it, write it and see it roll out; `delete` is for taking
/// away again what was added, and pods that block a rollback.
fn apply() -> Vec<Value> {
    let mut rules = on_kinds(&[READ, &["create", "patch", "delete"]].concat());
    rules.extend(steering());
    rules.extend([
        rule("", &["pods"], &["list", "delete"]),
        rule("", &["events"], &["list"]),
        rule("coordination.k8s.io", &["leases"], &["get", "create", "update"]),
    ]);
    rules
}

/// Rights to capture the namespace, or to compare it.
#[must_use]
pub fn rights_to_capture(namespace: &str) -> Vec<Right> {
    rights(&capture(), namespace)
}

/// Rights to apply a set to the namespace, and to roll back.
#[must_use]
pub fn rights_to_apply(namespace: &str) -> Vec<Right> {
    rights(&apply(), namespace)
}

/// Rights that rules grant, one by one. Custom resources are left out: where they are not
/// installed, nobody has a right to them or needs it.
fn rights(rules: &[Value], namespace: &str) -> Vec<Right> {
    let words = |rule: &Value, member: &str| -> Vec<String> {
        let words = rule[member].as_array().into_iter().flatten().filter_map(Value::as_str);
        words.map(str::to_owned).collect()
    };
    let mut rights = Vec::new();
    for rule in rules {
        for group in words(rule, "apiGroups") {
            for resource in words(rule, "resources") {
                if is_custom(&group, &resource) {
                    continue;
                }
                let verbs = words(rule, "verbs");
                let of = |verb: &String| Right::new(verb, &group, &resource, namespace);
                rights.extend(verbs.iter().map(of));
            }
        }
    }
    rights
}

/// True if a resource is one that a server need not have.
fn is_custom(group: &str, resource: &str) -> bool {
    let mut custom = Kind::ALL.into_iter().filter(|kind| is_optional(kind.spec().serving));
    custom.any(|kind| (kind.group(), kind.plural()) == (group, resource))
        || STEERING.contains(&(group, resource))
}

fn is_optional(serving: Serving) -> bool {
    matches!(serving, Serving::IfInstalled | Serving::IfServed)
}

/// A rule for each API group that has kinds of a snapshot.
fn on_kinds(verbs: &[&str]) -> Vec<Value> {
    let mut groups: Vec<&str> = Kind::ALL.map(Kind::group).into();
    groups.sort_unstable();
    groups.dedup();
    let kinds_of =
        |group| Kind::ALL.into_iter().filter(move |kind| kind.group() == group).map(Kind::plural);
    groups
        .into_iter()
        .map(|group| rule(group, &kinds_of(group).collect::<Vec<_>>(), verbs))
        .collect()
}

fn rule(group: &str, resources: &[&str], verbs: &[&str]) -> Value {
    json!({"apiGroups": [group], "resources": resources, "verbs": verbs})
}

fn body(rules: Vec<Value>) -> Map<String, Value> {
    Map::from_iter([("rules".to_owned(), rules.into())])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_role_reads_a_secret() {
        for manifest in roles("vault") {
            let text = manifest.object().to_string();
            assert!(!text.contains("secrets"), "{text}");
            let core_wildcard = text.contains(r#""apiGroups":[""],"resources":["*"]"#);
            assert!(!core_wildcard, "{text}");
        }
    }

    #[test]
    fn rights_are_those_of_the_roles() {
        let capture = rights_to_capture("shop");
        assert!(capture.contains(&Right::new("list", "apps", "deployments", "shop")));
        assert!(capture.iter().all(|right| right.verb == "list"));
        let apply = rights_to_apply("shop");
        assert!(apply.contains(&Right::new("patch", "batch", "cronjobs", "shop")));
        assert!(apply.iter().all(|right| right.resource != "featureflags"));
    }

    #[test]
    fn what_belongs_to_the_cluster_bears_the_stores_name() {
        let shared: Vec<_> = roles("vault")
            .iter()
            .filter(|manifest| !manifest.path().contains("/namespaces/vault"))
            .map(Manifest::title)
            .collect();
        assert_eq!(
            shared,
            [
                "clusterrole.rbac.authorization.k8s.io/kubectl-snapshot-capture.vault",
                "clusterrole.rbac.authorization.k8s.io/kubectl-snapshot-apply.vault",
            ]
        );
    }

    #[test]
    fn every_role_has_a_command_that_binds_it() {
        let bindings = suggested_bindings("vault").join("\n");
        for manifest in roles("vault").iter().skip(1) {
            let title = manifest.title();
            let (_, name) = title.split_once('/').unwrap();
            assert!(bindings.contains(&format!("role={name} ")), "{name}");
        }
    }
}
