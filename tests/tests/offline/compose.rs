//! Candidates made of files and of a store in a directory, without a registry.

use end_to_end::{DEV, Invocation, PROD, TestEnvironment, fixture, test};
use serde_json::Value;

/// The two shops as stored sets: `dev`, and `prod` where tax is too old as well.
fn shops() -> TestEnvironment {
    let environment = TestEnvironment::new();
    environment.write("dev.yaml", fixture(DEV));
    environment.write("prod.yaml", fixture(PROD));
    for name in ["dev", "prod"] {
        let file = format!("./{name}.yaml");
        environment.plugin(["capture", name, "--from", &file, "--store", "store"]).succeeds();
    }
    environment
}

fn compose(environment: &TestEnvironment, words: &str) -> Invocation {
    let words = format!("compose {words} --store store");
    environment.plugin(words.split(' ').collect::<Vec<_>>())
}

fn get(environment: &TestEnvironment, name: &str) -> Value {
    let get = environment.plugin(["get", name, "-o", "json", "--store", "store"]);
    get.succeeds().json()
}

fn digest(environment: &TestEnvironment, name: &str) -> String {
    get(environment, name)["metadata"]["digest"].as_str().expect("a digest").to_owned()
}

#[test]
fn several_changes_make_a_candidate() {
    let shops = shops();
    let words = "rel-43 --base prod --set tax=1.4.1 --take cart@dev --remove pricing --flag \
                 tax-call=off --offline -m sprint";
    insta::assert_snapshot!("several", compose(&shops, words).run());
    let (set, dev, prod) = (get(&shops, "rel-43"), get(&shops, "dev"), get(&shops, "prod"));
    let services = &set["spec"]["services"];
    let (cart, theirs) = (&services["cart"], &dev["spec"]["services"]["cart"]);
    for (instance, member) in [("cart", "containers"), ("cart-canary", "manifest")] {
        assert_eq!(cart[instance][member], theirs[instance][member]);
    }
    assert_eq!(services["web"], prod["spec"]["services"]["web"]);
    assert!(services["pricing"].is_null());
    let tax = &services["tax"]["tax"];
    assert_eq!(
        (&tax["containers"]["tax"]["tag"], &tax["containers"]["tax"]["version"]),
        (&"1.4.1".into(), &"1.4.1".into())
    );
    let manifest = &set["spec"]["objects"][tax["manifest"].as_str().unwrap()];
    let image = &manifest["spec"]["template"]["spec"]["containers"][0]["image"];
    assert_eq!(image, "registry.example/shop/tax:1.4.1");
    assert_eq!(set["spec"]["flags"]["tax-call"]["value"], false);
    assert_eq!(set["metadata"]["message"], "sprint");
    let source = set["metadata"]["source"].as_str().unwrap();
    assert!(source.starts_with("composed of prod (sha256:"), "{source}");
    assert!(
        source.contains("without pricing, cart of dev, tax=1.4.1, flag tax-call=off"),
        "{source}"
    );
    let diff = ["diff", "prod", "rel-43", "--store", "store"];
    insta::assert_snapshot!("several_diff", shops.plugin(diff).run());
}

#[test]
fn the_same_changes_are_the_same_set_and_a_name_is_not_taken_twice() {
    let shops = shops();
    let change = "--base dev --set tax=1.4.1 --offline";
    compose(&shops, &format!("one {change}")).succeeds();
    compose(&shops, &format!("two {change}")).succeeds();
    assert_eq!(digest(&shops, "one"), digest(&shops, "two"));
    insta::assert_snapshot!("taken", compose(&shops, &format!("one {change}")).exits(5));
    compose(&shops, &format!("one {change} --force")).succeeds();
    // A capture of the changed manifests is that set too.
    shops.write("new.yaml", fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1"));
    shops.plugin(["capture", "three", "--from", "./new.yaml", "--store", "store"]).succeeds();
    assert_eq!(digest(&shops, "three"), digest(&shops, "one"));
    // What is as it was is said.
    let same = compose(&shops, "same --base dev --set tax=1.3.9 --offline").succeeds();
    assert!(same.stderr.contains("nothing is changed: it is the set of dev"), "{same}");
    assert_eq!(digest(&shops, "same"), digest(&shops, "dev"));
}

#[test]
fn all_services_of_another_set_are_its_services() {
    let shops = shops();
    let dev = get(&shops, "dev");
    let services = dev["spec"]["services"].as_object().unwrap().keys();
    let takes: Vec<String> = services.map(|service| format!("--take {service}@dev")).collect();
    compose(&shops, &format!("all --base prod {}", takes.join(" "))).succeeds();
    assert_eq!(get(&shops, "all")["spec"]["services"], dev["spec"]["services"]);
}

#[test]
fn what_is_not_there_is_told_with_what_is() {
    let shops = shops();
    for (name, words) in [
        ("no_service", "x --base dev --set crat=1.5.0 --offline"),
        ("no_instance", "x --base dev --set cart/canary=1.5.0 --offline"),
        ("no_container", "x --base dev --set cart/cart/proxy=1.5.0 --offline"),
        ("no_flag", "x --base dev --flag tax-cal=on"),
        ("no_variant", "x --base dev --flag tax-call=blue"),
        ("take_no_service", "x --base dev --take promo@prod"),
        ("remove_no_service", "x --base dev --remove promo"),
        ("twice", "x --base dev --set cart=1.5.0 --set cart/cart=1.6.0 --offline"),
    ] {
        insta::assert_snapshot!(name, compose(&shops, words).run());
    }
    for words in [
        "x --base dev",
        "x --base dev --set cart",
        "x --base dev --set =1.5.0",
        "x --base dev --set cart=",
        "x --base dev --set cart=registry.example:5000/shop/cart",
        "x --base dev --take cart",
        "x --base dev --flag tax-call",
        "x --base dev --set cart=branch:main --offline --dry-run",
    ] {
        compose(&shops, words).exits(2);
    }
    compose(&shops, "x --base dev --set cart=branch:main --offline").exits(1);
    shops.plugin(["get", "x", "--store", "store"]).exits(1);
}

#[test]
fn policies_are_asked_and_what_they_refuse_is_not_stored() {
    let shops = shops();
    let denied = compose(&shops, "bad --base dev --set tax=1.3.8 --offline --check");
    insta::assert_snapshot!("denied", denied.exits(3));
    shops.plugin(["get", "bad", "--store", "store"]).exits(1);
    compose(&shops, "odd --base dev --set tax=nightly --offline --check").exits(4);
    shops.plugin(["get", "odd", "--store", "store"]).exits(1);
    let allowed = compose(&shops, "good --base dev --set tax=1.4.1 --offline --check");
    insta::assert_snapshot!("allowed", allowed.succeeds());
    shops.plugin(["get", "good", "--store", "store"]).succeeds();
}

#[test]
fn it_is_printed_without_being_stored() {
    let shops = shops();
    let dry = "x --base dev --set tax=1.4.1 --offline --dry-run=client";
    insta::assert_snapshot!("dry_run", compose(&shops, dry).succeeds());
    shops.plugin(["get", "x", "--store", "store"]).exits(1);
    let printed = compose(&shops, "--base ./dev.yaml --set tax=1.4.1 --offline").succeeds().json();
    assert_eq!(printed["kind"], "Snapshot");
    assert!(printed["metadata"]["name"].is_null());
    let files = ["compose", "--base", "./dev.yaml", "--remove", "tax", "-o", "jsonpath={.kind}"];
    assert_eq!(shops.plugin(files).succeeds().stdout, "Snapshot");
}

#[test]
fn a_flag_that_is_a_variable_is_switched_where_it_stands() {
    let shops = shops();
    compose(&shops, "off --base dev --flag new-pricing=off").succeeds();
    let set = get(&shops, "off");
    assert_eq!(set["spec"]["flags"]["new-pricing"]["value"], false);
    let web = &set["spec"]["services"]["web"]["web"]["containers"]["web"];
    assert_eq!(web["env"]["NEW_PRICING_ENABLED"], "false");
    compose(&shops, "on --base off --flag new-pricing=on").succeeds();
    assert_eq!(digest(&shops, "on"), digest(&shops, "dev"));
}

/// Of a set of several namespaces one part is changed, and the others stay as they are.
#[test]
fn a_part_is_changed_and_the_others_stay() {
    let environment = TestEnvironment::new();
    let in_namespace = |namespace: &str, name: &str, version: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: {namespace}}}\n\
             spec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: \
             {{app: {name}}}}}\n    spec:\n      containers:\n      - {{name: {name}, image: \
             'registry.example/shop/{name}:{version}'}}\n---\n"
        )
    };
    let [cart, tax] =
        [in_namespace("shop", "cart", "2.0.0"), in_namespace("payments", "tax", "1.3.9")];
    environment.write("all.yaml", format!("{cart}{tax}"));
    let later = in_namespace("payments", "tax", "1.5.0");
    environment.write("later.yaml", format!("{cart}{later}"));
    for name in ["all", "later"] {
        let file = format!("./{name}.yaml");
        environment.plugin(["capture", name, "--from", &file, "--store", "store"]).succeeds();
    }
    compose(&environment, "next --base all --part payments --set tax=1.4.1 --offline").succeeds();
    let (all, next) = (get(&environment, "all"), get(&environment, "next"));
    let part = |set: &Value, name: &str| set["spec"]["parts"][name].clone();
    assert_eq!(part(&next, "shop"), part(&all, "shop"));
    assert_ne!(part(&next, "payments"), part(&all, "payments"));
    let tax = &part(&next, "payments")["services"]["tax"]["tax"]["containers"]["tax"];
    assert_eq!(tax["tag"], "1.4.1");
    let source = next["metadata"]["source"].as_str().unwrap();
    assert!(source.starts_with("composed of part payments of all (sha256:"), "{source}");
    // What is taken is of that part as well; the same set has the same digest.
    compose(&environment, "taken --base all --part payments --take tax@later").succeeds();
    assert_eq!(digest(&environment, "taken"), digest(&environment, "later"));
    let missing = compose(&environment, "x --base all --part ledger --remove tax").exits(2);
    assert!(missing.stderr.contains("it has no part ledger"), "{missing}");
}

/// Two parts with a tax each, of which the one of the payments needs a flag, beside a cart; and a
/// later set of the same.
fn in_parts() -> TestEnvironment {
    let environment = TestEnvironment::new();
    let service = |namespace: &str, name: &str, version: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: {namespace}, annotations: \
             {{kubectl-snapshot.dev/flags: 'ROUND_UP={name}-rounds-up'}}}}\n\
             spec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: \
             {{app: {name}}}}}\n    spec:\n      containers:\n      - {{name: {name}, image: \
             'registry.example/shop/{name}:{version}', env: [{{name: ROUND_UP, value: 'false'}}]}}\n---\n"
        )
    };
    let set = |cart: &str, eu: &str, us: &str, more: &str| {
        let [cart, eu] = [service("shop", "cart", cart), service("eu", "tax", eu)];
        format!("{cart}{eu}{}{more}", service("us", "tax", us))
    };
    environment.write("all.yaml", set("2.0.0", "1.3.9", "1.3.9", ""));
    environment
        .write("later.yaml", set("2.1.0", "1.5.0", "1.6.0", &service("us", "duty", "1.0.0")));
    environment.write("alone.yaml", service("anywhere", "tax", "1.9.0"));
    for name in ["all", "later", "alone"] {
        let file = format!("./{name}.yaml");
        environment.plugin(["capture", name, "--from", &file, "--store", "store"]).succeeds();
    }
    environment
}

/// Tags of a set in parts: `eu/tax 1.3.9`.
fn tags(set: &Value) -> Vec<String> {
    let mut tags = Vec::new();
    for (part, spec) in set["spec"]["parts"].as_object().expect("a set in parts") {
        for (service, instances) in spec["services"].as_object().expect("services") {
            let tag = &instances[service]["containers"][service]["tag"];
            tags.push(format!("{part}/{service} {}", tag.as_str().expect("a tag")));
        }
    }
    tags
}

#[test]
fn several_parts_are_changed_at_once_and_names_tell_which() {
    let sets = in_parts();
    let words = "next --base all --set cart=2.2.0 --set eu/tax=1.4.1 --take us/tax@later \
                 --take duty@later --flag eu/tax-rounds-up=on --flag cart-rounds-up=on --offline";
    let composed = compose(&sets, words).succeeds();
    let next = get(&sets, "next");
    assert_eq!(tags(&next), ["eu/tax 1.4.1", "shop/cart 2.2.0", "us/duty 1.0.0", "us/tax 1.6.0"]);
    let said = "us: service duty is new: all, part us has none";
    assert!(composed.stderr.contains(said), "{composed}");
    let flags = ["eu", "shop", "us"].map(|part| {
        let flags = next["spec"]["parts"][part]["flags"].as_object().unwrap();
        let on: Vec<&String> =
            flags.iter().filter(|(_, flag)| flag["value"] == true).map(|(key, _)| key).collect();
        on.into_iter().cloned().collect::<Vec<String>>()
    });
    assert_eq!(
        flags,
        [vec!["tax-rounds-up".to_owned()], vec!["cart-rounds-up".to_owned()], vec![]]
    );
    let source = next["metadata"]["source"].as_str().unwrap();
    assert!(source.contains("us/tax of later") && source.contains("eu/tax=1.4.1"), "{source}");
    // One instance and one container of a part.
    compose(&sets, "deep --base all --set us/tax/tax/tax=1.7.0 --offline").succeeds();
    assert_eq!(tags(&get(&sets, "deep"))[2], "us/tax 1.7.0");
    // What comes from a set of one namespace goes to the part that is named.
    compose(&sets, "alone-us --base all --take us/tax@alone").succeeds();
    assert_eq!(tags(&get(&sets, "alone-us"))[2], "us/tax 1.9.0");
    compose(&sets, "fewer --base all --remove eu/tax").succeeds();
    assert_eq!(tags(&get(&sets, "fewer")), ["shop/cart 2.0.0", "us/tax 1.3.9"]);
    let same = compose(&sets, "same --base all --set us/tax=1.3.9 --offline").succeeds();
    assert!(same.stderr.contains("nothing is changed"), "{same}");
    assert_eq!(digest(&sets, "same"), digest(&sets, "all"));
}

#[test]
fn a_name_that_several_parts_have_or_none_is_told_with_what_is_there() {
    let sets = in_parts();
    let told = |words: &str, exit: i32, said: &str| {
        let refused = compose(&sets, &format!("x --base {words} --offline")).exits(exit);
        assert!(refused.stderr.contains(said), "{said}: {refused}");
        sets.plugin(["get", "x", "--store", "store"]).exits(1);
    };
    told("all --set tax=1.4.1", 2, "service tax is in several parts of all: eu and us");
    told("all --set tax=1.4.1", 2, "say which, as eu/tax does, or choose one part with --part");
    told("all --remove tax", 2, "service tax is in several parts of all");
    told("all --take tax@later", 2, "service tax is in several parts of all");
    told("all --flag tax-rounds-up=on", 2, "flag tax-rounds-up is in several parts of all");
    told("all --set crat=1", 1, "there is no service crat in any part of all");
    told("all --set crat=1", 1, "shop/cart");
    told("all --take duty@alone", 1, "there is no service duty in any part of all");
    told("all --remove us/cart", 1, "there is no service cart in all, part us");
    told("alone --set a/b/c/d=1", 2, "names no service");
    told("alone --take tax@later", 2, "later: it is a set of several namespaces");
    told("all --set us/tax=1 --set us/tax/tax=2", 2, "tax/tax/tax is given two images");
}
