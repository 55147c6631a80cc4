//! `flags source`: adding, listing and removing.

use end_to_end::{Cluster, FliptStandIn, Namespace, test};

use super::{Place, service, tax_call};

#[test]
fn a_source_is_added_listed_and_removed() {
    let flipt = FliptStandIn::new();
    flipt.set_flag("default", "tax-call", tax_call(true));
    let dev = Place { namespace: Namespace::new(Cluster::shared(), "dev"), flipt };
    insta::assert_snapshot!(dev.add_source("dev", &dev.flipt.url(), &[]).exits(0), @r"
    $ kubectl snapshot flags source add dev --type flipt --url http://127.0.0.1:[port] --at [dev]
    exit: 0
    -- stdout --
    flag source/dev added
    -- stderr --
    it serves 1 flag of default
    ");
    insta::assert_snapshot!(dev.plugin("flags source list").exits(0), @r"
    $ kubectl snapshot flags source list
    exit: 0
    -- stdout --
    SOURCE  TYPE   URL                     ENVIRONMENT  AT                FLAGS
    dev     flipt  http://127.0.0.1:[port]  default      [dev]  1
    ");
    assert!(dev.captured()["spec"]["flags"].get("tax-call").is_some());
    // The same again is no change.
    dev.add_source("dev", &dev.flipt.url(), &[]).exits(0);
    insta::assert_snapshot!(dev.plugin("flags source remove dev").exits(0), @r"
    $ kubectl snapshot flags source remove dev
    exit: 0
    -- stdout --
    flag source/dev removed
    ");
    dev.flipt.forget_requests();
    assert!(dev.captured()["spec"].get("flags").is_none_or(|all| all.get("tax-call").is_none()));
    assert_eq!(dev.flipt.requests("GET"), 0);
    dev.plugin("flags source remove dev").exits(1);
}

#[test]
fn a_stage_has_the_flags_of_its_namespaces() {
    let flipt = FliptStandIn::new();
    flipt.set_flag("default", "tax-call", tax_call(false));
    let prod = Place { namespace: Namespace::new(Cluster::shared(), "prod"), flipt };
    prod.run(&service("tax", "1.4.1", ""));
    let stage = format!("stage set live-shop --at {}", prod.namespace.name());
    prod.plugin(&stage).succeeds();
    let add = "flags source add shop --type flipt --at live-shop --url";
    prod.plugin(&format!("{add} {}", prod.flipt.url())).succeeds();
    let at = "flags source list -o jsonpath={.items[0].at[0]}";
    assert_eq!(prod.plugin(at).succeeds().stdout, "stage:live-shop");
    let store = prod.namespace.store();
    let set = ["flags", "set", "tax-call=on", "--at", "live-shop", "--yes"];
    let set = set.into_iter().chain(["--store-namespace", store]);
    prod.namespace.cluster().plugin(set).exits(0);
    assert_eq!(prod.flipt.flag("tax-call")["enabled"], true);
    let shown = prod.plugin("flags get tax-call --stages -o json").exits(0).json();
    assert_eq!(shown["items"][0]["state"], "on", "{shown:#}");
}

#[test]
fn flags_of_two_systems_at_one_place_are_called_by_their_sources() {
    let dev = Place::new("dev");
    let other = FliptStandIn::new();
    dev.add_source("mobile", &other.url(), &[]).succeeds();
    for flipt in [&dev.flipt, &other] {
        flipt.set_boolean("tax-call", true);
    }
    dev.run(&service("tax", "1.4.1", ""));
    let names = dev.plugin("flags list -o name").succeeds().stdout;
    assert_eq!(names, "dev/tax-call\nmobile/tax-call\n");
    dev.plugin("flags set mobile/tax-call=off --yes").exits(0);
    assert_eq!(other.flag("tax-call")["enabled"], false);
    assert_eq!((dev.flipt.requests("PUT"), other.requests("PUT")), (0, 1));
}

#[test]
fn one_of_that_name_is_replaced_only_by_force() {
    let dev = Place::new("dev");
    let refused = dev.add_source("dev", "http://127.0.0.1:9", &[]).exits(5);
    let says = "there is a flag source dev already";
    assert!(refused.stderr.contains(says), "{}", refused.transcript());
    assert!(refused.stderr.contains("--force"), "{}", refused.transcript());
    let list = "flags source list -o jsonpath={.items[0].url}";
    assert_eq!(dev.plugin(list).succeeds().stdout, dev.flipt.url());
    dev.add_source("dev", "http://127.0.0.1:9", &["--force"]).exits(0);
    assert_eq!(dev.plugin(list).succeeds().stdout, "http://127.0.0.1:9");
    // One that does not answer is listed, and why.
    let list = dev.plugin("flags source list").exits(0);
    assert!(list.stdout.contains("no answer"), "{}", list.transcript());
    assert!(list.stdout.contains("cannot be reached"), "{}", list.transcript());
}

#[test]
fn credentials_in_an_address_are_refused_and_not_repeated() {
    let dev = Place::new("dev");
    for url in ["http://ada:hunter2@flipt.example", "https://flipt.example?token=hunter2"] {
        let refused = dev.add_source("other", url, &[]).exits(2);
        let said = &refused.stderr;
        assert!(said.contains("it holds credentials or a query"), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
    }
    let names = dev.plugin("flags source list -o name").succeeds().stdout;
    assert_eq!(names, "dev\n");
}

#[test]
fn what_belongs_to_another_system_is_refused() {
    let dev = Place::new("dev");
    for (more, says) in [
        (["--project", "shop"], "Flipt has no projects"),
        (["--type", "flagr"], "flagr"),
        (["--at", "stage:nowhere"], "there is no stage nowhere"),
    ] {
        let mut add = vec!["flags", "source", "add", "other", "--url", "http://127.0.0.1:9"];
        let of = ["--type", "flipt", "--at", "dev"];
        let left = of.chunks(2).filter(|pair| pair[0] != more[0]).flatten();
        add.extend(left.chain(&more));
        let refused = dev.namespace.plugin(add).exits(2);
        assert!(refused.stderr.contains(says), "{}", refused.transcript());
    }
}
