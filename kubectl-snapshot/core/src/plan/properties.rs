//! A plan leads from whatever runs to whatever should, and no further.

use std::collections::BTreeMap;

use proptest::{option, prelude::*, sample::select};
use serde_json::Value;

use super::server::Server;
use crate::{
    assembly::{CaptureOptions, test_support},
    diff::{Diff, Presence, compare},
    image::ImageReference,
    manifest::{Kind, arbitrary},
    snapshot::{Container, EnvValue, Snapshot, Spec},
};

/// Differences between what should run and what does.
fn difference(set: &Spec, live: Spec) -> Diff {
    compare(
        ["set", "live"],
        &Snapshot { spec: set.clone(), ..Snapshot::default() },
        &Snapshot { spec: live, ..Snapshot::default() },
    )
}

/// Asserts that nothing differs but what runs there beside the set.
fn only_leftovers(found: &Diff) -> Result<(), TestCaseError> {
    let extra = |change| change == Presence::Added;
    prop_assert!(found.instances.iter().all(|one| extra(one.change)), "{:#?}", found.instances);
    prop_assert!(found.config_maps.iter().all(|one| extra(one.change)), "{:#?}", found.config_maps);
    prop_assert!(found.objects.iter().all(|one| extra(one.change)), "{:#?}", found.objects);
    Ok(())
}

fn chosen() -> impl Strategy<Value = BTreeMap<String, String>> {
    option::of(select(vec!["", "db.qa"]))
        .prop_map(|value| value.map(|value| ("DB_HOST".into(), value.into())).into_iter().collect())
}

/// Environment entries by workload and container.
fn db_hosts(server: &Server) -> BTreeMap<(Kind, String, String), Value> {
    let mut found = BTreeMap::new();
    for ((kind, name), object) in &server.objects {
        let Some(pod) = kind.template_path().and_then(|path| object.pointer(path)) else {
            continue;
        };
        for list in ["containers", "initContainers"] {
            for container in pod["spec"][list].as_array().into_iter().flatten() {
                let entry = container["env"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .find(|entry| entry["name"] == "DB_HOST");
                if let Some(entry) = entry {
                    let container = container["name"].as_str().unwrap_or_default().to_owned();
                    found.insert((*kind, name.clone(), container), entry.clone());
                }
            }
        }
    }
    found
}

/// Every container, with what one of its pods would report.
fn pin(spec: &mut Spec, digest: impl Fn(Kind, &str, &str, &Container) -> Option<String>) {
    for instances in spec.services.values_mut() {
        for (key, instance) in instances {
            let workload = key.workload();
            for (name, container) in &mut instance.containers {
                if container.digest.is_none() {
                    container.digest = digest(instance.kind, workload, name, container);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn what_was_planned_is_what_runs(
        before in arbitrary::namespace(),
        wanted in arbitrary::namespace(),
        chosen in chosen(),
    ) {
        let mut server = Server::running(&before);
        let set = test_support::assemble(test_support::choices(), &wanted).spec;
        let hosts = db_hosts(&server);
        let Ok(plan) = server.plan(&set, &chosen) else {
            prop_assert!(chosen.is_empty(), "a value was chosen for every variable");
            return Ok(());
        };
        prop_assert_eq!(server.apply(&plan), Ok(()));
        let found = difference(&set, server.read(test_support::choices()).spec);
        only_leftovers(&found)?;
        let found = found.without_additions();
        prop_assert!(found.summary.is_same(), "{:#?}", found);
        let again = server.plan(&set, &chosen).expect("every variable has a value now");
        prop_assert!(again.steps.is_empty(), "{:#?}", again.steps);

        let leftovers: Vec<_> = plan.leftovers.iter().map(|one| (one.kind, one.name.clone())).collect();
        for ((kind, workload, container), host) in db_hosts(&server) {
            if leftovers.contains(&(kind, workload.clone())) {
                continue;
            }
            if let Some(value) = chosen.get("DB_HOST") {
                prop_assert_eq!(host["value"].as_str().unwrap_or_default(), value);
            } else {
                prop_assert_eq!(Some(&host), hosts.get(&(kind, workload, container)), "values stay where they are");
            }
        }
        for object in &before {
            let (kind, name) = (test_support::kind_of(object), object["metadata"]["name"].as_str().unwrap_or_default());
            let applied = "/metadata/annotations/kubectl.kubernetes.io~1last-applied-configuration";
            prop_assert!(server.get(kind, name).pointer(applied).is_some(), "marks of others stay: {kind} {name}");
        }
    }

    #[test]
    fn a_namespace_that_runs_the_set_needs_no_write(objects in arbitrary::namespace()) {
        let server = Server::running(&objects);
        let set = server.read(test_support::choices()).spec;
        let plan = server.plan(&set, &BTreeMap::new()).expect("every value is there");
        // The live set has the ConfigMaps and accounts that nothing needs as well.
        prop_assert!(plan.steps.is_empty(), "{:#?}", plan.steps);
        prop_assert!(plan.leftovers.is_empty() && plan.blocked.is_empty() && plan.notes.is_empty());
    }

    #[test]
    fn images_are_those_that_were_meant(
        before in arbitrary::namespace(),
        wanted in arbitrary::namespace(),
        digits in proptest::collection::vec(0..3_usize, 12),
    ) {
        let digest = |digit: usize| (digit < 2).then(|| format!("sha256:{}", ["a", "b"][digit].repeat(64)));
        let pick = |salt: usize, kind: Kind, workload: &str, container: &str| {
            digits[(salt + kind as usize + workload.len() + container.len()) % digits.len()]
        };
        let mut server = Server::running(&before);
        let mut set = test_support::assemble(CaptureOptions { lenient: true, ..CaptureOptions::default() }, &wanted).spec;
        pin(&mut set, |kind, workload, container, _| digest(pick(0, kind, workload, container)));
        let mut live = server.read(CaptureOptions { lenient: true, ..CaptureOptions::default() });
        pin(&mut live.spec, |kind, workload, container, _| digest(pick(5, kind, workload, container)));
        let plan = server.plan_from(&live, &set, &BTreeMap::new()).expect("no variables");
        prop_assert_eq!(server.apply(&plan), Ok(()));

        // The pods of a container whose image changed run what was meant; others run what they ran.
        let find = |spec: &Spec, kind: Kind, workload: &str, container: &str| {
            let mut instances = spec.instances().filter(|one| one.instance.kind == kind && one.workload() == workload);
            instances.next().and_then(|one| one.instance.containers.get(container).cloned())
        };
        let name = |container: &Container| (container.image.clone(), container.tag.clone());
        let mut after = server.read(CaptureOptions { lenient: true, ..CaptureOptions::default() });
        pin(&mut after.spec, |kind, workload, container_name, container| {
            let ran = find(&live.spec, kind, workload, container_name).filter(|ran| name(ran) == name(container));
            ran.or_else(|| find(&set, kind, workload, container_name)).and_then(|one| one.digest)
        });
        only_leftovers(&difference(&set, after.spec.clone()))?;
        let again = server.plan_from(&after, &set, &BTreeMap::new()).expect("no variables");
        prop_assert!(again.steps.is_empty(), "{:#?}", again.steps);
        for one in set.instances() {
            for (container, meant) in &one.instance.containers {
                let runs = find(&after.spec, one.instance.kind, one.workload(), container).expect("it is there");
                prop_assert!(meant.digest.is_none() || runs.digest.is_none() || meant.digest == runs.digest);
                let text = ImageReference { repository: runs.image, tag: runs.tag, digest: None }.to_string();
                prop_assert!(text.parse::<ImageReference>().is_ok());
            }
        }
    }

    #[test]
    fn a_variable_without_a_value_is_refused(wanted in arbitrary::namespace()) {
        let set = test_support::assemble(test_support::choices(), &wanted).spec;
        let needs = set.instances().any(|one| {
            let mut values = one.instance.containers.values().flat_map(|container| container.env.values());
            values.any(|value| matches!(value, EnvValue::Variable { .. }))
        });
        let plan = Server::default().plan(&set, &BTreeMap::new());
        prop_assert_eq!(plan.is_err(), needs);
    }
}
