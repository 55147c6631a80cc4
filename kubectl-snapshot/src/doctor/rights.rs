//! Permissions of the user, a command each.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    advice,
    cluster::{
        Cluster, ClusterError, GuardState, RIGHTS, Right, rights_to_apply, rights_to_capture,
    },
    render::{Finding, Permission},
};

const READ: &[&str] = &["get", "list"];
const CREATE: &[&str] = &["get", "list", "create"];
const CHANGE: &[&str] = &["get", "list", "create", "update"];
const DELETE: &[&str] = &["get", "list", "delete"];

/// Use of the namespace by a command.
#[derive(Clone, Copy)]
enum Here {
    Nothing,
    Captures,
    Applies,
}

/// A command with what it takes.
struct Need {
    command: &'static str,
    here: Here,
    /// Verbs on ConfigMaps of the store.
    store: &'static [&'static str],
    /// Rights that the guard asks for besides.
    guard: &'static [(&'static str, &'static str)],
}

const NEEDS: [Need; 14] = [
    Need { command: "list, get, describe", here: Here::Nothing, store: READ, guard: &[] },
    Need { command: "diff, check", here: Here::Captures, store: READ, guard: &[] },
    Need {
        command: "capture",
        here: Here::Captures,
        store: CREATE,
        guard: &[("create", "snapshots")],
    },
    Need { command: "apply", here: Here::Applies, store: READ, guard: &[] },
    Need {
        command: "promote, rollback",
        here: Here::Applies,
        store: CHANGE,
        guard: &[("create", "snapshots"), ("promote", "stages")],
    },
    Need { command: "tag", here: Here::Nothing, store: CREATE, guard: &[("create", "snapshots")] },
    Need {
        command: "evidence add",
        here: Here::Nothing,
        store: CREATE,
        guard: &[("create", "evidence")],
    },
    Need {
        command: "approve",
        here: Here::Nothing,
        store: CREATE,
        guard: &[("approve", "stages")],
    },
    Need {
        command: "stage set",
        here: Here::Nothing,
        store: CHANGE,
        guard: &[("create", "stages"), ("update", "stages")],
    },
    Need {
        command: "repositories add",
        here: Here::Nothing,
        store: CHANGE,
        guard: &[("create", "repositories"), ("update", "repositories")],
    },
    Need {
        command: "flags source add",
        here: Here::Nothing,
        store: CHANGE,
        guard: &[("create", "flagsources"), ("update", "flagsources")],
    },
    Need {
        command: "variables set",
        here: Here::Nothing,
        store: CHANGE,
        guard: &[("create", "variables"), ("update", "variables")],
    },
    Need {
        command: "policy add",
        here: Here::Nothing,
        store: CHANGE,
        guard: &[("create", "policies"), ("update", "policies"), ("create", "snapshots")],
    },
    Need {
        command: "delete, gc",
        here: Here::Nothing,
        store: DELETE,
        guard: &[("delete", "snapshots")],
    },
];

impl Need {
    fn rights(&self, namespace: &str, store: Option<&str>, guarded: bool) -> Vec<Right> {
        let mut rights = match self.here {
            Here::Nothing => Vec::new(),
            Here::Captures => rights_to_capture(namespace),
            Here::Applies => rights_to_apply(namespace),
        };
        let Some(store) = store else { return rights };
        rights.extend(self.store.iter().map(|verb| Right::new(verb, "", "configmaps", store)));
        if guarded {
            let of_guard =
                |(verb, resource): &(&str, &str)| Right::new(verb, RIGHTS, resource, store);
            rights.extend(self.guard.iter().map(of_guard));
        }
        rights
    }
}

/// Permissions of the user in the cluster's namespace and in the store's; files ask for no
/// rights.
pub(super) async fn of(
    cluster: &Cluster,
    store: Option<&str>,
    guard: &GuardState,
) -> Result<Vec<Permission>, Finding> {
    // From whom it is hidden lacks more than what it asks for.
    let guarded = matches!(guard, GuardState::InForce | GuardState::Old | GuardState::Idle);
    let needs: Vec<(&'static str, Vec<Right>)> = NEEDS
        .iter()
        .map(|need| (need.command, need.rights(cluster.namespace(), store, guarded)))
        .filter(|(_, rights)| !rights.is_empty())
        .collect();
    let asked: BTreeSet<Right> = needs.iter().flat_map(|(_, rights)| rights).cloned().collect();
    let answers = cluster.which_may(asked).await.map_err(|error| unknown(&error))?;
    Ok(needs.into_iter().map(|(command, rights)| permission(command, &rights, &answers)).collect())
}

fn unknown(error: &ClusterError) -> Finding {
    Finding::warning("permissions", format!("they cannot be asked for: {error}"))
        .hints(advice::hints_for(error))
}

fn permission(
    command: &'static str,
    rights: &[Right],
    answers: &BTreeMap<Right, bool>,
) -> Permission {
    let missing = missing(rights, answers);
    Permission { command, may: missing.is_empty(), missing }
}

/// The rights that are missing: verbs of one resource together, and resources
/// that miss the same verbs.
fn missing(rights: &[Right], answers: &BTreeMap<Right, bool>) -> Vec<String> {
    let refused = rights.iter().filter(|right| answers.get(*right) == Some(&false));
    let mut verbs: Vec<((String, String), Vec<&str>)> = Vec::new();
    for right in refused {
        let dot = if right.group.is_empty() { "" } else { "." };
        let resource = format!("{}{dot}{}", right.resource, right.group);
        let place = (right.namespace.clone(), resource);
        match verbs.iter_mut().find(|(known, _)| *known == place) {
            Some((_, verbs)) if verbs.contains(&right.verb.as_str()) => {}
            Some((_, verbs)) => verbs.push(&right.verb),
            None => verbs.push((place, vec![&right.verb])),
        }
    }
    let mut together: Vec<(String, String, Vec<String>)> = Vec::new();
    for ((namespace, resource), verbs) in verbs {
        let verbs = verbs.join(",");
        match together.iter_mut().find(|(of, words, _)| *of == namespace && *words == verbs) {
            Some((.., resources)) => resources.push(resource),
            None => together.push((namespace, verbs, vec![resource])),
        }
    }
    let said = |(namespace, verbs, resources): (String, String, Vec<String>)| {
        format!("{verbs} {} in namespace {namespace}", resources.join(","))
    };
    together.into_iter().map(said).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_said_in_few_words() {
        let rights = rights_to_capture("shop");
        let answers = rights.iter().map(|right| (right.clone(), right.group == "batch")).collect();
        assert_eq!(
            missing(&rights, &answers),
            ["list serviceaccounts,configmaps,services,statefulsets.apps,daemonsets.apps,\
              deployments.apps,pods in namespace shop"]
        );
        let all = rights.iter().map(|right| (right.clone(), true)).collect();
        assert!(missing(&rights, &all).is_empty());
    }

    #[test]
    fn only_a_guard_asks_for_its_rights() {
        let promote = NEEDS.iter().find(|need| need.command.starts_with("promote")).unwrap();
        let asked = |guarded| promote.rights("shop", Some("store"), guarded);
        let right = Right::new("promote", RIGHTS, "stages", "store");
        assert!(asked(true).contains(&right) && !asked(false).contains(&right));
        assert!(NEEDS[0].rights("shop", None, true).is_empty());
    }
}
