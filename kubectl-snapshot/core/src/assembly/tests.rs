//! Invariants of every set, and the refusals of objects that make none.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{
    Assembly, AssemblyError, CaptureOptions, ConfigScope, NotStarted, RunningImage, test_support,
};
use crate::{
    digest::Digest,
    manifest::{Kind, arbitrary},
    snapshot::{EnvValue, Spec},
};

fn add(objects: &[Value], choices: CaptureOptions) -> Result<Assembly, AssemblyError> {
    let mut assembly = Assembly::new(choices);
    for object in objects {
        assembly.add(test_support::kind_of(object), object.clone())?;
    }
    Ok(assembly)
}

fn refusal(objects: &[Value]) -> String {
    add(objects, CaptureOptions::default())
        .map(|assembly| assembly.finish().unwrap().spec)
        .expect_err("a refusal")
        .to_string()
}

fn keys(spec: &Spec) -> Vec<String> {
    spec.instances().map(|one| one.key()).collect()
}

fn identities(spec: &Spec) -> Vec<(Kind, String)> {
    let mut identities: Vec<_> =
        spec.objects.values().filter_map(crate::manifest::Manifest::identity).collect();
    identities.sort();
    identities
}

proptest! {
    #[test]
    fn the_order_of_objects_does_not_matter(objects in arbitrary::namespace(), swap in any::<prop::sample::Index>()) {
        let set = test_support::assemble(test_support::choices(), &objects);
        let mut other = objects.clone();
        other.reverse();
        if !other.is_empty() {
            other.rotate_left(swap.index(objects.len()));
        }
        let again = test_support::assemble(test_support::choices(), &other);
        prop_assert_eq!(again.spec.digest(), set.spec.digest());
        prop_assert_eq!(again.variables, set.variables);
    }

    #[test]
    fn a_set_of_its_own_manifests_is_the_same_set(objects in arbitrary::namespace()) {
        let set = test_support::assemble(test_support::choices(), &objects).spec;
        let manifests: Vec<Value> = set.objects.values().map(crate::manifest::Manifest::tree).collect();
        let mut again = test_support::assemble(test_support::choices(), &manifests);
        // A digest stands beside the manifest, for whether it is written belongs to the place.
        for (service, instances) in &set.services {
            for (name, instance) in instances {
                let here = again.spec.services.get_mut(service).and_then(|all| all.get_mut(name));
                let containers = &mut here.unwrap().containers;
                for (name, container) in &instance.containers {
                    containers.get_mut(name).unwrap().digest.clone_from(&container.digest);
                }
            }
        }
        prop_assert_eq!(again.spec, set);
        prop_assert!(again.variables.is_empty(), "the values stayed where they were captured");
    }

    #[test]
    fn every_instance_has_its_manifest_and_its_config(objects in arbitrary::namespace()) {
        let set = test_support::assemble(test_support::choices(), &objects).spec;
        for one in set.instances() {
            let identity = set.objects[&one.instance.manifest].identity();
            prop_assert_eq!(identity, Some((one.instance.kind, one.workload().to_owned())));
            for (name, digest) in &one.instance.configs {
                prop_assert_eq!(set.objects[digest].identity(), Some((Kind::ConfigMap, name.clone())));
            }
        }
    }
}

#[test]
fn the_shop_becomes_a_set() {
    let shop = test_support::assemble(test_support::choices(), &test_support::shop());
    assert_eq!(keys(&shop.spec), ["cart/cart", "tax/tax"]);
    let cart = &shop.spec.services["cart"]["cart"];
    let container = &cart.containers["cart"];
    assert_eq!((container.image.as_str(), container.tag.as_deref()), ("shop/cart", Some("2.0.0")));
    assert_eq!(container.version.as_deref(), Some("2.0.0"));
    assert_eq!(container.env["DB_HOST"], EnvValue::Variable { variable: "DB_HOST".into() });
    assert_eq!(container.env["TAX_CALL_ENABLED"], EnvValue::Literal("true".into()));
    assert_eq!(cart.requires[0].to_string(), "tax >=1.4");
    assert_eq!(cart.configs.keys().collect::<Vec<_>>(), ["shop-config"]);
    assert_eq!(shop.variables, [("DB_HOST".to_owned(), vec!["db.dev".to_owned()])].into());
    assert!(
        !shop.spec.objects[&cart.manifest].text().contains("db.dev"),
        "a variable's value is no part of the set"
    );
    assert_eq!(shop.warnings, [""; 0]);
}

#[test]
fn another_value_of_a_variable_is_the_same_set() {
    let mut elsewhere = test_support::shop();
    elsewhere[0]["spec"]["template"]["spec"]["containers"][0]["env"][0] =
        json!({"name": "DB_HOST", "valueFrom": {"secretKeyRef": {"name": "db", "key": "host"}}});
    let [here, there] = [test_support::shop(), elsewhere]
        .map(|objects| test_support::assemble(test_support::choices(), &objects));
    assert_eq!(here.spec.digest(), there.spec.digest());
}

#[test]
fn two_kinds_of_one_name_are_told_apart() {
    let mut job = json!({
        "kind": "CronJob", "metadata": {"name": "cart", "labels": {"app.kubernetes.io/name": "cart"}},
        "spec": {"jobTemplate": {"spec": {"template": {"spec": {"containers": [{"name": "job", "image": "shop/cart:2"}]}}}}},
    });
    let mut objects = test_support::shop();
    objects.push(job.clone());
    assert_eq!(
        keys(&test_support::assemble(test_support::choices(), &objects).spec),
        ["cart/cronjob:cart", "cart/deployment:cart", "tax/tax"]
    );
    job["metadata"]["labels"]["app.kubernetes.io/name"] = "jobs".into();
    objects.pop();
    objects.push(job);
    assert_eq!(
        keys(&test_support::assemble(test_support::choices(), &objects).spec),
        ["cart/cart", "jobs/cart", "tax/tax"]
    );
}

#[test]
fn only_what_the_workloads_need_comes_along() {
    let mut objects = test_support::shop();
    objects.extend([
        test_support::service("pricing"),
        test_support::account("pricing"),
        test_support::config_map("prices", "info"),
    ]);
    let all = identities(&test_support::assemble(test_support::choices(), &objects).spec);
    let name = |kind, name: &str| (kind, name.to_owned());
    assert!(
        !all.contains(&name(Kind::Service, "pricing"))
            && !all.contains(&name(Kind::ServiceAccount, "pricing"))
    );
    assert!(
        all.contains(&name(Kind::Service, "tax"))
            && all.contains(&name(Kind::ServiceAccount, "cart"))
    );
    assert!(
        all.contains(&name(Kind::ConfigMap, "prices")),
        "a sidecar may load what no workload names"
    );
    let choices = CaptureOptions { configs: ConfigScope::Used, ..test_support::choices() };
    let used = identities(&test_support::assemble(choices, &objects).spec);
    assert!(
        !used.contains(&name(Kind::ConfigMap, "prices"))
            && used.contains(&name(Kind::ConfigMap, "shop-config"))
    );
}

#[test]
fn config_maps_of_the_cluster_and_of_this_tool_stay_behind() {
    let marked = |name: &str, marks: Value| {
        let mut config_map = test_support::config_map(name, "info");
        config_map["metadata"].as_object_mut().unwrap().extend(marks.as_object().unwrap().clone());
        config_map
    };
    let objects = [
        test_support::config_map("kube-root-ca.crt", ""),
        marked("chunk", json!({"labels": {"kubectl-snapshot.dev/part": "chunk"}})),
        marked("lock", json!({"annotations": {"control-plane.alpha.kubernetes.io/leader": "{}"}})),
    ];
    assert_eq!(test_support::assemble(test_support::choices(), &objects).spec, Spec::default());
}

#[test]
fn mistakes_in_files_are_refused() {
    let with = |pointer: &str, value: Value| {
        let mut cart = test_support::cart("shop/cart:2.0.0");
        *cart.pointer_mut(pointer).unwrap() = value;
        [cart]
    };
    let env = "/spec/template/spec/containers/0/env";
    assert_eq!(
        refusal(&[test_support::cart("a:1"), test_support::cart("a:2")]),
        "Deployment cart is there twice; take one out, or name one namespace's manifests"
    );
    assert_eq!(
        refusal(&with(env, json!([{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]))),
        "Deployment cart, container cart: the environment variable A is there twice; take one out"
    );
    assert_eq!(
        refusal(&with(env, json!([{"name": "PORT", "value": 8080}]))),
        "Deployment cart: container cart, the environment variable PORT is 8080, and must be text; put it in quotes"
    );
    assert_eq!(
        refusal(&with("/metadata/annotations", json!({"kubectl-snapshot.dev/commit": 1_234_567}))),
        "Deployment cart: metadata.annotations.kubectl-snapshot.dev/commit is 1234567, and must be text; put it in quotes"
    );
    assert_eq!(
        refusal(&with("/spec/template/metadata/labels", json!({"version": 1.4}))),
        "Deployment cart: template.metadata.labels.version is 1.4, and must be text; put it in quotes"
    );
    assert_eq!(
        refusal(&with(
            "/metadata/annotations",
            json!({"kubectl-snapshot.dev/requires": "tax 1.4"})
        ))[..64],
        *"Deployment cart, annotation kubectl-snapshot.dev/requires: requi"
    );
    assert_eq!(
        refusal(&with("/spec/template/spec/containers/0/image", json!("{{ image }}"))),
        "Deployment cart, container cart: \"{{ image }}\" is not an image reference"
    );
    assert_eq!(
        refusal(&with("/metadata/name", json!(null))),
        "a Deployment has no metadata.name; give it one, or take it out"
    );
    assert_eq!(
        refusal(&with("/spec", json!({}))),
        "Deployment cart has no pod template; is the manifest cut short?"
    );
    let mut config = test_support::config_map("shop-config", "info");
    config["data"]["on"] = true.into();
    assert_eq!(
        refusal(&[config]),
        "ConfigMap shop-config: data.on is true, and must be text; put it in quotes"
    );
}

#[test]
fn facts_of_a_cluster_are_taken_with_a_warning() {
    let mut cart = test_support::cart("shop/cart:2.0.0 ");
    cart["spec"]["template"]["spec"]["containers"][0]["env"] =
        json!([{"name": "A", "value": "1"}, {"name": "A", "value": "2"}]);
    let set = test_support::assemble(test_support::choices(), [&cart]);
    let container = &set.spec.services["cart"]["cart"].containers["cart"];
    assert_eq!(container.env["A"], EnvValue::Literal("2".into()));
    assert_eq!((container.image.as_str(), container.tag.as_deref()), ("shop/cart:2.0.0 ", None));
    assert_eq!(
        set.warnings,
        [
            "Deployment cart, container cart: the environment variable A is there twice; take one out; the last one counts",
            "Deployment cart, container cart: \"shop/cart:2.0.0 \" is not an image reference; it is kept as it is, and has no version",
        ]
    );
}

#[test]
fn requirements_that_cannot_be_read_do_not_prevent_a_capture() {
    let mut cart = test_support::cart("shop/cart:2.0.0");
    cart["metadata"]["annotations"] = json!({"kubectl-snapshot.dev/requires": "tax 1.4"});
    assert!(refusal(std::slice::from_ref(&cart)).contains("expected a comparison"));
    let set = test_support::assemble(test_support::choices(), [&cart]);
    let instance = &set.spec.services["cart"]["cart"];
    assert!(instance.requires.is_empty());
    let reason = instance.unreadable_requires.as_deref().unwrap();
    let expected =
        "Deployment cart, annotation kubectl-snapshot.dev/requires: requirement \"tax 1.4\"";
    assert!(reason.starts_with(expected), "{reason}");
    assert!(set.warnings[0].starts_with(expected), "{:?}", set.warnings);
}

#[test]
fn a_number_that_a_snapshot_cannot_hold_is_said() {
    let resource = json!({
        "apiVersion": "core.openfeature.dev/v1beta1", "kind": "FeatureFlag", "metadata": {"name": "limits"},
        "spec": {"flagSpec": {"flags": {"limit": {
            "state": "ENABLED", "variants": {"full": 9_007_199_254_740_993_u64}, "defaultVariant": "full",
        }}}},
    });
    let set = test_support::assemble(test_support::choices(), [&resource]);
    assert_eq!(set.spec.flags["limit"].value, json!(9_007_199_254_740_992_u64));
    let expected = "FeatureFlag limits: the number 9007199254740993 is rounded";
    assert!(set.warnings[0].starts_with(expected), "{:?}", set.warnings);
}

#[test]
fn labels_and_annotations_identify_the_main_container() {
    let mut cart = test_support::deployment("cart", "shop/cart:main", &json!([]));
    let template = &mut cart["spec"]["template"];
    template["metadata"]["labels"]["app.kubernetes.io/version"] = "2.1.0".into();
    template["metadata"]["annotations"] = json!({"org.opencontainers.image.revision": "3f2a91c"});
    template["spec"]["containers"] =
        json!([{"name": "proxy", "image": "envoy:1.30.1"}, template["spec"]["containers"][0]]);
    let set = test_support::assemble(test_support::choices(), [&cart]).spec;
    let containers = &set.services["cart"]["cart"].containers;
    let known =
        |name: &str| (containers[name].version.as_deref(), containers[name].commit.as_deref());
    assert_eq!(known("cart"), (Some("2.1.0"), Some("3f2a91c")));
    assert_eq!(known("proxy"), (Some("1.30.1"), None));
}

#[test]
fn what_is_no_commit_id_is_said_and_passed_over() {
    let mut cart = test_support::cart("shop/cart:2.0.0");
    cart["metadata"]["annotations"] = json!({"kubectl-snapshot.dev/commit": "yesterday's"});
    let set = add(&[cart], test_support::choices()).unwrap().finish().unwrap();
    assert_eq!(set.spec.services["cart"]["cart"].containers["cart"].commit, None);
    let says = r#"Deployment cart, annotation kubectl-snapshot.dev/commit: "yesterday's" is no commit id, which has 7 to 64 hexadecimal digits; it is passed over"#;
    assert!(set.warnings.iter().any(|warning| warning == says), "{:?}", set.warnings);
}

/// A container of a pod that runs an image of some content.
fn runs(container: &str, image: &str, content: &str) -> RunningImage {
    RunningImage {
        container: container.to_owned(),
        image: image.to_owned(),
        digest: Digest::of(content.as_bytes()),
        ended: None,
    }
}

fn pinned(running: &[(&str, &str)]) -> (Option<String>, Vec<String>) {
    let mut assembly = add(&test_support::shop(), test_support::choices()).unwrap();
    for (image, content) in running {
        assembly.add_running(Kind::Deployment, "tax", runs("tax", image, content));
    }
    let set = assembly.finish().unwrap();
    (set.spec.services["tax"]["tax"].containers["tax"].digest.clone(), set.warnings)
}

#[test]
fn a_container_has_the_digest_that_its_pods_agree_on() {
    let digest = |content: &str| Some(Digest::of(content.as_bytes()).to_string());
    assert_eq!(
        pinned(&[("shop/tax:1.4.1", "a"), ("shop/tax:1.4.1", "a")]),
        (digest("a"), Vec::new())
    );
    let not_all = "Deployment tax, container tax: its template asks for shop/tax:1.4.1, and pods run shop/tax:1.4.0; what was captured is not what runs, or not all of it";
    assert_eq!(
        pinned(&[("shop/tax:1.4.0", "old"), ("shop/tax:1.4.1", "a")]),
        (digest("a"), vec![not_all.to_owned()])
    );
    assert_eq!(pinned(&[("shop/tax:1.4.0", "old")]), (None, vec![not_all.to_owned()]));
    let mut assembly = add(&test_support::shop(), test_support::choices()).unwrap();
    assembly.add_running(Kind::Deployment, "tax", runs("tax", "shop/tax:1.4.0", "old"));
    let spec = assembly.finish().unwrap().spec;
    assert_eq!(spec.services["tax"]["tax"].containers["tax"].also_running, ["shop/tax:1.4.0"]);
    let others = spec.instances().flat_map(|one| one.instance.containers.values());
    assert_eq!(others.map(|one| one.also_running.len()).sum::<usize>(), 1);
    assert_eq!(pinned(&[("mirror.example/shop/tax:1.4.1", "a")]), (None, Vec::new()));
    let (none, warnings) = pinned(&[("shop/tax:1.4.1", "a"), ("shop/tax:1.4.1", "b")]);
    assert_eq!(none, None);
    assert_eq!(
        warnings,
        [
            "Deployment tax, container tax: its pods run different digests of shop/tax:1.4.1, so none was recorded; capture again once its rollout is done"
        ]
    );
}

#[test]
fn an_image_that_no_pod_could_start_is_said() {
    let refused = |image: &str, running: Option<RunningImage>| {
        let mut assembly = add(&test_support::shop(), test_support::choices()).unwrap();
        let not_started = NotStarted {
            container: "tax".to_owned(),
            image: image.to_owned(),
            reason: "ImagePullBackOff".to_owned(),
        };
        assembly.add_not_started(Kind::Deployment, "tax", not_started);
        if let Some(running) = running {
            assembly.add_running(Kind::Deployment, "tax", running);
        }
        assembly.finish().unwrap().warnings
    };
    let says = "Deployment tax, container tax: no pod has started shop/tax:1.4.1 (ImagePullBackOff); what was captured does not run";
    assert_eq!(refused("shop/tax:1.4.1", None), [says]);
    assert!(refused("shop/tax:1.4.0", None).is_empty(), "a pod of an older template");
    let one_runs = runs("tax", "shop/tax:1.4.1", "a");
    assert!(refused("shop/tax:1.4.1", Some(one_runs)).is_empty(), "another pod has started it");
}

#[test]
fn the_last_pod_of_a_cron_job_speaks_for_it() {
    let bill = json!({
        "apiVersion": "batch/v1", "kind": "CronJob", "metadata": {"name": "bill"},
        "spec": {"schedule": "0 4 * * *", "jobTemplate": {"spec": {"template": {"spec": {
            "containers": [{"name": "bill", "image": "shop/bill:1.0.0"}],
        }}}}},
    });
    let mut assembly = add(&[bill], test_support::choices()).unwrap();
    for (content, started) in [("new", "2026-01-02T04:00:00Z"), ("old", "2026-01-01T04:00:00Z")] {
        let ended = Some(started.to_owned());
        let running = RunningImage { ended, ..runs("bill", "shop/bill:1.0.0", content) };
        assembly.add_running(Kind::CronJob, "bill", running);
    }
    let set = assembly.finish().unwrap();
    let digest = set.spec.services["bill"]["bill"].containers["bill"].digest.clone();
    assert_eq!((digest, set.warnings), (Some(Digest::of(b"new").to_string()), Vec::new()));
}

#[test]
fn a_digest_in_the_manifest_goes_before_those_of_pods() {
    let digest = Digest::of(b"meant").to_string();
    let image = format!("shop/tax:1.4.1@{digest}");
    let tax = test_support::deployment("tax", &image, &json!([]));
    let captured = |running: RunningImage| {
        let mut assembly = add(std::slice::from_ref(&tax), test_support::choices()).unwrap();
        assembly.add_running(Kind::Deployment, "tax", running);
        let mut set = assembly.finish().unwrap();
        let tax = set.spec.services.remove("tax").unwrap().remove("tax").unwrap();
        let tax = tax.containers["tax"].clone();
        (tax.digest, tax.also_running, set.warnings.len())
    };
    let meant = Some(digest.clone());
    // A runtime may call what it pulled by another digest: that of one platform's image.
    assert_eq!(captured(runs("tax", &image, "other")), (meant.clone(), Vec::new(), 0));
    let other = format!("shop/tax:1.4.1@{}", Digest::of(b"other"));
    for running in ["shop/tax:1.4.1", &other] {
        let beside = vec![other.clone()];
        assert_eq!(
            captured(runs("tax", running, "other")),
            (meant.clone(), beside, 1),
            "{running}"
        );
    }
    assert_eq!(captured(runs("tax", "shop/tax:1.4.1", "meant")), (meant, Vec::new(), 0));
}

#[test]
fn a_pinned_place_has_the_digest_of_the_set() {
    let running = |image: &str| {
        let tax = test_support::deployment("tax", image, &json!([]));
        let mut assembly = add(&[tax], test_support::choices()).unwrap();
        assembly.add_running(Kind::Deployment, "tax", runs("tax", image, "tax"));
        assembly.finish().unwrap()
    };
    let digest = Digest::of(b"tax");
    for name in ["shop/tax:1.4.1", "shop/tax:latest", "shop/tax"] {
        let (by_tag, pinned) = (running(name), running(&format!("{name}@{digest}")));
        let known = by_tag.spec.services["tax"]["tax"].containers["tax"].digest.clone();
        assert_eq!(known, Some(digest.to_string()));
        // Without a tag, the name alone decides whether an image is pulled again.
        let same = by_tag.spec.digest() == pinned.spec.digest();
        assert_eq!(same, name.contains(':'), "{name}");
        let pins: Vec<_> = pinned.pins.values().flatten().map(|(_, digest)| *digest).collect();
        assert_eq!((by_tag.pins.len(), pins), (0, vec![digest]));
    }
    let mutated = {
        let tax = test_support::deployment("tax", "shop/tax:1.4.1", &json!([]));
        let mut assembly = add(&[tax], test_support::choices()).unwrap();
        let image = format!("shop/tax:1.4.1@{digest}");
        assembly.add_running(Kind::Deployment, "tax", runs("tax", &image, "tax"));
        assembly.finish().unwrap().spec.digest()
    };
    assert_eq!(mutated, running("shop/tax:1.4.1").spec.digest(), "a webhook pinned the pod");
}
