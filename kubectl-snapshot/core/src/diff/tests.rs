//! Invariants of every comparison, and the differences between the shop's releases.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{Diff, Presence, Summary, compare};
use crate::{
    assembly::test_support,
    flag::Flag,
    manifest::{Kind, arbitrary, without_hash},
    snapshot::Snapshot,
    version::Order,
};

fn diff(before: &Snapshot, after: &Snapshot) -> Diff {
    compare(["rel-42", "rel-43"], before, after)
}

fn between(before: &[Value], after: &[Value]) -> Diff {
    diff(&test_support::snapshot(before), &test_support::snapshot(after))
}

fn same(diff: &Diff) -> bool {
    diff.summary.is_same()
        && diff.instances.is_empty()
        && diff.config_maps.is_empty()
        && diff.objects.is_empty()
        && diff.flags.is_empty()
        && diff.requirements.is_empty()
}

/// The shop with one object changed in place.
fn shop_with(index: usize, change: impl FnOnce(&mut Value)) -> Vec<Value> {
    let mut objects = test_support::shop();
    change(&mut objects[index]);
    objects
}

fn container(object: &mut Value) -> &mut Value {
    &mut object["spec"]["template"]["spec"]["containers"][0]
}

/// The summary as the other side sees it.
fn turned(summary: Summary) -> Summary {
    Summary {
        containers_added: summary.containers_removed,
        containers_removed: summary.containers_added,
        workloads_added: summary.workloads_removed,
        workloads_removed: summary.workloads_added,
        config_maps_added: summary.config_maps_removed,
        config_maps_removed: summary.config_maps_added,
        ..summary
    }
}

proptest! {
    #[test]
    fn nothing_differs_from_itself(objects in arbitrary::namespace()) {
        let snapshot = test_support::snapshot(&objects);
        prop_assert!(same(&diff(&snapshot, &snapshot)));
    }

    #[test]
    fn both_directions_count_the_same(before in arbitrary::namespace(), after in arbitrary::namespace()) {
        let (there, back) = (between(&before, &after), between(&after, &before));
        prop_assert_eq!(back.summary, turned(there.summary));
        prop_assert_eq!(there.requirements.len(), back.requirements.len());
    }

    #[test]
    fn what_did_not_change_does_not_show(before in arbitrary::namespace(), after in arbitrary::namespace()) {
        let unchanged = |kind: Kind, name: &str| {
            let here = |objects: &[Value]| {
                let own = |object: &&Value| test_support::kind_of(object) == kind && object["metadata"]["name"] == name;
                objects.iter().find(own).cloned()
            };
            let (one, other) = (here(&before), here(&after));
            one.is_some() && one == other
        };
        let found = between(&before, &after);
        for one in found.instances {
            let workload = one.instance.workload();
            // A new version of a ConfigMap shows there, not at the workloads that name it.
            prop_assert!(!unchanged(one.kind, workload), "{}", one.instance);
        }
        // A Service belongs to the set while it selects something of it.
        for one in found.objects.into_iter().filter(|one| one.kind != Kind::ConfigMap && one.change == Presence::Changed) {
            prop_assert!(!unchanged(one.kind, &one.name), "{}", one.name);
        }
        for one in found.config_maps {
            let called_so = |object: &&Value| {
                let name = object["metadata"]["name"].as_str().unwrap_or_default();
                object["kind"] == "ConfigMap" && without_hash(name) == without_hash(&one.name)
            };
            let mut names = before.iter().chain(&after).filter(called_so).filter_map(|object| object["metadata"]["name"].as_str());
            let changed = match one.change {
                Presence::Changed => names.any(|name| !unchanged(Kind::ConfigMap, name)),
                _ => !unchanged(Kind::ConfigMap, &one.name),
            };
            prop_assert!(changed, "{}", one.name);
        }
    }
}

#[test]
fn a_release_is_an_image_an_entry_and_a_requirement() {
    let after = shop_with(0, |cart| {
        *cart = test_support::cart("shop/cart:2.1.0");
        cart["metadata"]["annotations"]["kubectl-snapshot.dev/requires"] =
            "tax >=1.4; pricing".into();
        container(cart)["env"][1]["value"] = "false".into();
        container(cart)["args"] = json!(["--fast"]);
    });
    let found = between(&test_support::shop(), &after);
    let [cart] = found.instances.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (cart.service.as_str(), cart.instance.as_str(), cart.change),
        ("cart", "cart", Presence::Changed)
    );
    assert_eq!(
        (cart.images[0].order, cart.images[0].after.tag.as_deref()),
        (Order::Newer, Some("2.1.0"))
    );
    assert_eq!(
        cart.environment.iter().map(|entry| entry.name.as_str()).collect::<Vec<_>>(),
        ["TAX_CALL_ENABLED"]
    );
    let fields: Vec<&str> = cart.fields.iter().map(|field| field.path.as_str()).collect();
    assert_eq!(
        fields,
        [
            "metadata.annotations[kubectl-snapshot.dev/requires]",
            "spec.template.spec.containers[cart].args"
        ]
    );
    let requirements: Vec<_> =
        found.requirements.iter().map(|one| (one.requirement.as_str(), one.added)).collect();
    assert_eq!(requirements, [("pricing", true)]);
    assert_eq!(
        found.summary,
        Summary { images: 1, environment: 1, fields: 2, requirements: 1, ..Summary::default() }
    );
}

#[test]
fn workloads_and_containers_come_and_go() {
    let mut after = test_support::shop();
    after.remove(1);
    after.push(test_support::deployment("pricing", "shop/pricing:1", &json!([])));
    let sidecar = json!({"name": "proxy", "image": "envoy:1.30"});
    after[0]["spec"]["template"]["spec"]["containers"].as_array_mut().unwrap().push(sidecar);
    let found = between(&test_support::shop(), &after);
    let changes: Vec<_> =
        found.instances.iter().map(|one| (one.instance.as_str(), one.change)).collect();
    assert_eq!(
        changes,
        [("cart", Presence::Changed), ("pricing", Presence::Added), ("tax", Presence::Removed)]
    );
    assert_eq!(found.instances[0].containers_added[0].image, "envoy:1.30");
    assert!(found.instances[0].fields.is_empty(), "{:?}", found.instances[0].fields);
    assert_eq!(found.objects[0].name, "tax", "its Service selects nothing of the set any more");
    assert_eq!(
        found.summary,
        Summary {
            workloads_added: 1,
            workloads_removed: 1,
            containers_added: 2,
            containers_removed: 1,
            fields: 1,
            ..Summary::default()
        }
    );
}

#[test]
fn the_value_of_a_variable_is_shown_and_no_difference() {
    let found = between(
        &test_support::shop(),
        &shop_with(0, |cart| container(cart)["env"][0]["value"] = "db.qa".into()),
    );
    assert!(same(&found));
    let [variable] = found.variables.as_slice() else { panic!("{found:?}") };
    assert_eq!(
        (&variable.before[..], &variable.after[..]),
        (&["db.dev".to_owned()][..], &["db.qa".to_owned()][..])
    );
}

#[test]
fn a_variable_that_only_one_side_has_is_a_difference() {
    let without =
        shop_with(0, |cart| drop(container(cart)["env"].as_array_mut().unwrap().remove(0)));
    let found = between(&test_support::shop(), &without);
    assert_eq!(found.summary, Summary { environment: 1, ..Summary::default() });
    assert!(found.instances[0].fields.is_empty(), "{:?}", found.instances[0].fields);
}

#[test]
fn a_variable_on_one_side_and_a_value_on_the_other_are_one() {
    let literal = Snapshot {
        spec: test_support::assemble(
            crate::assembly::CaptureOptions::default(),
            &test_support::shop(),
        )
        .spec,
        ..Snapshot::default()
    };
    assert!(same(&diff(&literal, &test_support::snapshot(&test_support::shop()))));
}

#[test]
fn the_order_of_variables_is_a_field() {
    let swapped = shop_with(0, |cart| container(cart)["env"].as_array_mut().unwrap().swap(0, 1));
    let found = between(&test_support::shop(), &swapped);
    assert_eq!(
        found.instances[0].fields[0].path,
        "spec.template.spec.containers[cart].env (order)"
    );
    assert_eq!(found.summary, Summary { fields: 1, ..Summary::default() });
}

#[test]
fn one_image_under_two_names_is_one() {
    let redis = |image: &str| vec![test_support::deployment("redis", image, &json!([]))];
    assert!(same(&between(&redis("redis:7.2"), &redis("docker.io/library/redis:7.2"))));
    let pinned = format!("redis:7.2@sha256:{}", "a".repeat(64));
    assert!(same(&between(&redis("redis:7.2"), &redis(&pinned))));
}

#[test]
fn one_tag_with_two_digests_is_two_images_in_no_order() {
    let mut snapshots = [
        test_support::snapshot(&test_support::shop()),
        test_support::snapshot(&test_support::shop()),
    ];
    for (snapshot, digest) in snapshots.iter_mut().zip(["sha256:a", "sha256:b"]) {
        let tax = snapshot.spec.services.get_mut("tax").and_then(|tax| tax.get_mut("tax")).unwrap();
        tax.containers.get_mut("tax").unwrap().digest = Some(digest.to_owned());
    }
    let found = diff(&snapshots[0], &snapshots[1]);
    assert_eq!(found.instances[0].images[0].order, Order::Unknown);
    assert_eq!(found.summary, Summary { images: 1, ..Summary::default() });
}

#[test]
fn a_workload_stays_itself_under_another_service_or_key() {
    let requires = |objects: &[Value]| between(&test_support::shop(), objects).requirements.len();
    let renamed =
        shop_with(0, |cart| cart["metadata"]["labels"]["app.kubernetes.io/name"] = "basket".into());
    let found = between(&test_support::shop(), &renamed);
    assert_eq!(
        (found.instances[0].service.as_str(), found.instances[0].change),
        ("basket", Presence::Changed)
    );
    assert_eq!((found.instances.len(), requires(&renamed)), (1, 0));
    let mut joined = test_support::shop();
    let mut twin = test_support::deployment("cart", "shop/cart:2.0.0", &json!([]));
    twin["kind"] = "StatefulSet".into();
    joined.push(twin);
    let found = between(&test_support::shop(), &joined);
    let changes: Vec<_> =
        found.instances.iter().map(|one| (one.instance.as_str(), one.change)).collect();
    assert_eq!(changes, [("statefulset:cart", Presence::Added)]);
    assert_eq!(requires(&joined), 0, "cart/deployment:cart requires what cart/cart required");
}

#[test]
fn services_and_accounts_are_compared_field_by_field() {
    let after = shop_with(3, |service| service["spec"]["ports"][0]["targetPort"] = "http".into());
    let found = between(&test_support::shop(), &after);
    assert_eq!(
        (found.objects[0].kind, found.objects[0].fields[0].path.as_str()),
        (Kind::Service, "spec.ports[80].targetPort")
    );
    let without: Vec<Value> = test_support::shop()
        .into_iter()
        .filter(|object| object["kind"] != "ServiceAccount")
        .collect();
    let found = between(&test_support::shop(), &without);
    assert_eq!(
        (found.objects[0].kind, found.objects[0].change),
        (Kind::ServiceAccount, Presence::Removed)
    );
}

#[test]
fn flags_are_compared_by_what_they_serve() {
    let with = |on: bool, source: &str, requires: &str| {
        let mut snapshot = test_support::snapshot(&test_support::shop());
        let requires = crate::requirement::parse_list(requires).unwrap();
        let flag = Flag {
            enabled: true,
            value: on.into(),
            source: source.into(),
            requires,
            ..Flag::default()
        };
        snapshot.spec.flags.insert("tax-call".into(), flag);
        snapshot
    };
    assert!(
        same(&diff(&with(true, "env:a", ""), &with(true, "env:b", ""))),
        "where it was read is no difference"
    );
    let found = diff(&with(true, "a", "tax >=1.4"), &with(false, "a", "tax >=1.5"));
    assert_eq!(
        (found.flags[0].key.as_str(), found.flags[0].change),
        ("tax-call", Presence::Changed)
    );
    let requirements: Vec<_> = found
        .requirements
        .iter()
        .map(|one| (one.dependent.as_str(), one.requirement.as_str(), one.added))
        .collect();
    assert_eq!(
        requirements,
        [("flag tax-call", "tax >=1.4", false), ("flag tax-call", "tax >=1.5", true)]
    );
    let found = diff(&test_support::snapshot(&test_support::shop()), &with(true, "a", ""));
    assert_eq!(found.flags[0].change, Presence::Added);
}

#[test]
fn a_secret_under_another_hash_belongs_to_the_place() {
    let set = |secret: &str| {
        let mut cart = test_support::cart("shop/cart:2.0.0");
        let pod = &mut cart["spec"]["template"]["spec"];
        pod["containers"][0]["env"][1] = json!({
            "name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": secret, "key": "password"}},
        });
        pod["containers"][0]["envFrom"] = json!([{"secretRef": {"name": secret}}]);
        pod["volumes"] = json!([{"name": "tls", "secret": {"secretName": secret}}]);
        let mut account = test_support::account("cart");
        account["imagePullSecrets"] = json!([{"name": secret}]);
        test_support::snapshot(&[cart, account])
    };
    let between =
        |before: &str, after: &str| compare(["before", "after"], &set(before), &set(after)).summary;
    assert!(between("db-7hk2g4m8tb", "db-fb94c2dhk5").is_same());
    assert!(between("db", "db-fb94c2dhk5").is_same());
    assert!(!between("db-7hk2g4m8tb", "pay-fb94c2dhk5").is_same());
    assert!(!between("db-one", "db-two").is_same(), "no hash");
}

#[test]
fn what_a_flag_needs_is_no_difference_where_it_was_not_to_be_seen() {
    use crate::flags::{FlagWords, ServedFlags};

    let answer = json!({"version": 2, "features": [
        {"name": "tax-call", "enabled": true, "dependencies": [{"feature": "tax", "enabled": true}]},
    ]});
    let served = |change: &dyn Fn(&mut ServedFlags)| {
        let mut flags = ServedFlags::of_unleash(answer.to_string().as_bytes()).unwrap();
        change(&mut flags);
        let flag = flags.get("tax-call").unwrap().clone();
        let mut snapshot = Snapshot::default();
        snapshot.spec.flags.insert("tax-call".to_owned(), flag);
        snapshot
    };
    let words =
        FlagWords { requires: Some("tax >=1.4".to_owned()), service: Some("cart".to_owned()) };
    let seen = served(&|flags| flags.add_words(&[("tax-call".to_owned(), words.clone())].into()));
    let unseen = served(&ServedFlags::hide_words);
    let without = served(&|_| {});
    assert!(unseen.spec.flags["tax-call"].unreadable_requires.is_some());
    for (one, other) in [(&seen, &unseen), (&unseen, &seen)] {
        assert_eq!(diff(one, other).requirements, []);
        assert!(same(&diff(one, other)));
    }
    assert_eq!(diff(&seen, &without).requirements.len(), 1);
    assert!(!diff(&seen, &without).flags.is_empty());
}
