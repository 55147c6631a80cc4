//! Sets in parts, applied, promoted and rolled back as one.

use std::time::Duration;

use end_to_end::{Cluster, Folder, Invocation, Namespace, fixture, test, wait_for};
use serde_json::{Value, json};

use super::service;
use crate::shop::{self, DEV, PROD};

/// The shop in two namespaces, in dev and in prod, which have other names.
pub(crate) struct Stages {
    dev: [Namespace; 2],
    pub(crate) prod: [Namespace; 2],
}

/// Two namespaces as the places of the parts.
pub(crate) fn at([shop, payments]: &[Namespace; 2]) -> String {
    format!("shop={},payments={}", shop.name(), payments.name())
}

/// The shop's manifests, those of `shop` and those of `payments`.
fn split(manifests: &str) -> [String; 2] {
    let is_of_payments = |document: &&str| {
        ["tax", "pricing"].iter().any(|name| document.contains(&format!("\n  name: {name}\n")))
    };
    let (payments, shop): (Vec<&str>, Vec<&str>) =
        manifests.split("\n---\n").partition(is_of_payments);
    [shop, payments].map(|documents| documents.join("\n---\n"))
}

fn fill(places: &[Namespace; 2], manifests: &str) {
    for (place, manifests) in places.iter().zip(split(manifests)) {
        shop::fill(place, &manifests);
    }
}

/// The shop of dev with a tax that suits the new cart.
fn mended() -> String {
    fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1")
}

impl Stages {
    /// Dev runs the new set, which is captured as rel-42, and prod the old one.
    pub(crate) fn new() -> Self {
        let shop = Namespace::new(Cluster::shared(), "shop");
        let (payments, prod) =
            (shop.beside("payments"), [shop.beside("shop-prod"), shop.beside("pay-prod")]);
        let stages = Self { dev: [shop, payments], prod };
        fill(&stages.dev, &mended());
        fill(&stages.prod, &fixture(PROD));
        stages.succeeds("variables set dev DB_HOST=orders-db");
        stages.succeeds("variables set prod DB_HOST=orders.db.internal");
        stages.succeeds(&format!("stage set dev --at {} --variables dev", at(&stages.dev)));
        let prod = at(&stages.prod);
        stages.succeeds(&format!("stage set prod --at {prod} --after dev --variables prod"));
        stages.capture("rel-42");
        stages
    }

    pub(crate) fn plugin(&self, line: &str) -> Invocation {
        let store = ["--store-namespace", self.dev[0].store()];
        Cluster::shared().plugin(line.split_whitespace().chain(store))
    }

    pub(super) fn succeeds(&self, line: &str) -> end_to_end::Output {
        self.plugin(line).succeeds()
    }

    pub(super) fn capture(&self, name: &str) {
        self.succeeds(&format!("capture {name} --at {}", at(&self.dev)));
    }

    fn digest(&self, reference: &str) -> String {
        self.succeeds(&format!("get {reference} -o jsonpath={{.metadata.digest}}")).stdout
    }

    /// The tags of cart and tax in prod.
    pub(crate) fn in_prod(&self) -> [String; 2] {
        let tag = |place: &Namespace, deployment: &str| {
            let path = "jsonpath={.spec.template.spec.containers[0].image}";
            let image = place.kubectl(["get", "deployment", deployment, "-o", path]).succeeds();
            let image = image.stdout.split('@').next().unwrap_or_default().to_owned();
            image.rsplit(':').next().unwrap_or_default().to_owned()
        };
        [tag(&self.prod[0], "cart"), tag(&self.prod[1], "tax")]
    }

    fn holders(&self) -> Vec<String> {
        let holder = "jsonpath={.items[*].spec.holderIdentity}";
        let of = |place: &Namespace| place.kubectl(["get", "leases", "-o", holder]).run().stdout;
        self.prod.iter().map(of).collect()
    }
}

fn parts<'a>(report: &'a Value, member: &str) -> Vec<(&'a str, usize)> {
    let parts = report["parts"].as_array().unwrap().iter();
    let length = |one: &Value| one[member].as_array().map_or(0, Vec::len);
    parts.map(|one| (one["part"].as_str().unwrap(), length(one))).collect()
}

#[test]
fn a_set_in_parts_goes_to_a_stage_as_one_and_comes_back_as_one() {
    let stages = Stages::new();
    insta::assert_snapshot!("stages", stages.succeeds("stage list"));
    // What dev runs is what was captured there.
    stages.succeeds("promote rel-42 --to dev --yes");
    assert_eq!(stages.in_prod(), ["1.7.2", "1.3.9"]);
    // A stage's own namespaces are called as there.
    let here = format!("-n {},{}", stages.dev[0].name(), stages.dev[1].name());
    stages.succeeds(&format!("apply rel-42 {here} --dry-run=client"));
    insta::assert_snapshot!("plan", stages.succeeds("promote rel-42 --to prod --dry-run=client"));
    stages.succeeds("promote rel-42 --to prod --dry-run=server");
    assert_eq!(stages.in_prod(), ["1.7.2", "1.3.9"]);
    insta::assert_snapshot!("promote", stages.succeeds("promote rel-42 --to prod --yes"));
    assert_eq!(stages.in_prod(), ["1.8.0", "1.4.1"]);
    assert_eq!(stages.holders(), ["", ""], "the locks are given back");
    // The stage's variables hold in every part, and the whole has the digest of what was captured.
    let env = "jsonpath={.spec.template.spec.containers[0].env[0].value}";
    let host = stages.prod[0].kubectl(["get", "deployment", "cart", "-o", env]).succeeds();
    assert_eq!(host.stdout, "orders.db.internal");
    assert_eq!(stages.digest("stage:prod"), stages.digest("rel-42"));
    let live = format!("live:{},{}", stages.prod[0].name(), stages.prod[1].name());
    stages.succeeds(&format!("diff rel-42 {live} --at {}", at(&stages.prod)));

    let again = stages.succeeds("promote rel-42 --to prod --yes -o json").json();
    assert_eq!(again["applied"]["outcome"], "unchanged");
    let history = stages.succeeds("history prod -o json").json();
    assert_eq!(history["items"][3]["summary"]["images"], 4, "{history}");
    let places = history["items"][3]["parts"].as_object().unwrap();
    let names: Vec<&String> = places.keys().collect();
    assert_eq!(names, ["payments", "shop"]);
    assert!(places["shop"].as_str().unwrap().ends_with(stages.prod[0].name()), "{places:?}");
    stages.succeeds("history --verify");
    let record = stages.succeeds("history prod/1").stdout;
    assert!(record.contains("payments="), "{record}");

    let back = stages.succeeds("rollback prod --yes --reason carts -o json").json();
    assert_eq!(back["applied"]["outcome"], "applied");
    assert_eq!(
        parts(&back["plan"], "steps").iter().map(|(part, _)| *part).collect::<Vec<_>>(),
        ["payments", "shop"]
    );
    assert_eq!(stages.in_prod(), ["1.7.2", "1.3.9"]);
    stages.prod[0].kubectl(["get", "deployment", "cart-canary"]).exits(1);
    insta::assert_snapshot!("history", stages.succeeds("history prod"));
}

#[test]
fn what_fails_in_one_part_is_told_by_part_and_goes_back_in_all() {
    let stages = Stages::new();
    stages.succeeds("policy add promotion-ladder --mode warn");
    stages.succeeds("promote rel-42 --to prod --yes");
    let broken = mended()
        .replace("shop/tax:1.4.1", "shop/tax:1.5.0-broken")
        .replace("name: cart-canary", "name: cart-beta");
    for (place, manifests) in stages.dev.iter().zip(split(&broken)) {
        place.apply(&manifests);
    }
    stages.capture("rel-43");
    let before = stages.in_prod();
    let gone_back = stages.plugin("promote rel-43 --to prod --yes").exits(6);
    insta::assert_snapshot!("gone_back", gone_back);
    assert_eq!(stages.in_prod(), before);
    stages.prod[0].kubectl(["get", "deployment", "cart-beta"]).exits(1);
    let failed = stages.plugin("promote rel-43 --to prod --yes --no-rollback").exits(1);
    insta::assert_snapshot!("failed", failed);
    // What was left over is removed once all runs, in whatever part: it does not.
    stages.prod[0].kubectl(["get", "deployment", "cart-canary"]).succeeds();
    let history = stages.succeeds("history prod -o json").json();
    assert_eq!(history["items"][0]["result"], "failed");
    let problem = history["items"][0]["details"][0].as_str().unwrap();
    assert!(problem.starts_with("payments: Deployment tax: "), "{problem}");

    let back = stages.succeeds("rollback prod --yes --reason broken -o json").json();
    assert_eq!(back["snapshot"]["name"], "rel-42");
    stages.prod[0].kubectl(["get", "deployment", "cart-beta"]).exits(1);
    assert_eq!(stages.in_prod(), ["1.8.0", "1.4.1"]);
}

#[test]
fn a_part_that_a_later_set_lacks_is_removed_and_comes_back() {
    let stages = Stages::new();
    stages.succeeds("policy add promotion-ladder --mode warn");
    let [platform, platform_prod] =
        ["platform", "platform-prod"].map(|hint| stages.dev[0].beside(hint));
    platform.apply(&service("audit", "1.0.0", ""));
    platform_prod.apply(&service("theirs", "1.0.0", ""));
    let dev = format!("{},platform={}", at(&stages.dev), platform.name());
    let prod = format!("{},platform={}", at(&stages.prod), platform_prod.name());
    stages.succeeds(&format!("stage set prod --at {prod} --after dev --variables prod"));
    // A part that the set lacks, and that no set has brought, is left alone.
    let left = stages.succeeds("promote rel-42 --to prod --yes").stdout;
    assert!(left.contains("rel-42 has no such part: what is here is left alone"), "{left}");
    platform_prod.kubectl(["get", "deployment", "theirs"]).succeeds();
    assert_eq!(stages.digest("stage:prod"), stages.digest("rel-42"));

    stages.succeeds(&format!("capture rel-43 --at {dev}"));
    stages.succeeds("promote rel-43 --to prod --yes");
    platform_prod.kubectl(["get", "deployment", "audit"]).succeeds();
    let without = stages.succeeds("promote rel-42 --to prod --yes").stdout;
    assert!(without.contains("what earlier snapshots brought here is removed"), "{without}");
    platform_prod.kubectl(["get", "deployment", "audit"]).exits(1);
    platform_prod.kubectl(["get", "deployment", "theirs"]).succeeds();
    let back = stages.succeeds("rollback prod --yes --reason audit -o json").json();
    assert_eq!(back["snapshot"]["name"], "rel-43");
    platform_prod.kubectl(["get", "deployment", "audit"]).succeeds();
}

#[test]
fn a_lock_of_one_part_that_is_lost_stops_all_parts() {
    let shop = Namespace::new(Cluster::shared(), "shop");
    let payments = shop.beside("payments");
    let mut manifests = Vec::new();
    for (part, name) in [("shop", "cart"), ("payments", "homeless")] {
        let mut object: Value = serde_json::from_str(&service(name, "1.0.0", "")).unwrap();
        object["metadata"]["namespace"] = json!(part);
        if name == "homeless" {
            object["spec"]["template"]["spec"]["nodeSelector"] = json!({"nowhere": "at-all"});
        }
        manifests.push(object.to_string());
    }
    let folder = Folder::new(Cluster::shared());
    folder.write("set.yaml", manifests.join("\n---\n"));
    let places = [shop, payments];
    let [shop, payments] = &places;
    let at = at(&places);
    let apply = ["apply", "./set.yaml", "--at", &at, "--yes", "--timeout", "90s", "-o", "json"];
    let apply = apply.into_iter().chain(["--store-namespace", shop.store()]);
    let apply = Cluster::shared().plugin(apply).current_dir(folder.path());
    let apply = apply.timeout(Duration::from_mins(2)).start();
    let holder = "jsonpath={.spec.holderIdentity}";
    let lease =
        |place: &Namespace| place.kubectl(["get", "lease", "kubectl-snapshot", "-o", holder]);
    wait_for("the write", || {
        let written = payments.kubectl(["get", "deployment", "homeless"]).run().exit == 0;
        (written && !lease(payments).run().stdout.is_empty()).then_some(())
    });
    let steal = r#"{"spec": {"holderIdentity": "eve@elsewhere/1"}}"#;
    let patch = ["patch", "lease", "kubectl-snapshot", "--type=merge", "-p", steal];
    payments.kubectl(patch).succeeds();
    let output = apply.finish();
    assert_eq!(output.exit, 5, "{}", output.transcript());
    let report = output.json();
    assert_eq!(report["outcome"], "stopped");
    let says = format!("{}: someone else has taken the lock of the namespace", payments.name());
    assert_eq!(report["interruption"], says);
    assert_eq!(parts(&report, "written"), [("payments", 1), ("shop", 1)]);
    assert_eq!(lease(shop).succeeds().stdout, "", "the other lock is given back");
    assert_eq!(lease(payments).succeeds().stdout, "eve@elsewhere/1");
}

#[test]
fn a_write_that_is_refused_in_one_part_begins_nothing_new_in_another() {
    let dev = super::shop_and_payments("1.4.1");
    let [shop, payments] = &dev;
    let qa = [shop.beside("shop-qa"), shop.beside("pay-qa")];
    let (from, to) = (at(&dev), at(&qa));
    let plugin = |words: &[&str]| {
        let store = ["--store-namespace", shop.store()];
        Cluster::shared().plugin(words.iter().copied().chain(store))
    };
    plugin(&["capture", "rel-42", "--at", &from]).succeeds();
    plugin(&["apply", "rel-42", "--at", &to, "--yes"]).succeeds();
    shop.apply(&service("cart", "1.9.0", "tax >=1.4"));
    let rates = json!({
        "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "rates"}, "data": {"vat": "19"},
    });
    payments.apply(&rates.to_string());
    plugin(&["capture", "rel-43", "--at", &from]).succeeds();
    // Who does not wait asks nobody beforehand whether there is room for one more.
    let quota = json!({
        "apiVersion": "v1", "kind": "ResourceQuota", "metadata": {"name": "full"},
        "spec": {"hard": {"count/configmaps": "1"}},
    });
    qa[1].apply(&quota.to_string());
    let used = "jsonpath={.status.used.count/configmaps}";
    wait_for("the quota", || {
        let used = qa[1].kubectl(["get", "resourcequota", "full", "-o", used]).run().stdout;
        (!used.is_empty()).then_some(())
    });
    let apply = ["apply", "rel-43", "--at", &to, "--yes", "-o", "json"];
    let told = plugin(&apply).exits(1);
    assert!(told.stderr.contains("payments: ConfigMap rates"), "{}", told.transcript());
    let at_once: Vec<&str> = apply.into_iter().chain(["--wait=false"]).collect();
    let failed = plugin(&at_once).exits(1).json();
    assert_eq!(failed["outcome"], "failed");
    assert_eq!(parts(&failed, "failed"), [("payments", 1), ("shop", 0)]);
    assert_eq!(parts(&failed, "notStarted"), [("payments", 0), ("shop", 1)]);
    assert_eq!(parts(&failed, "written"), [("payments", 0), ("shop", 0)]);
    let image = "jsonpath={.spec.template.spec.containers[0].image}";
    let image = || qa[0].kubectl(["get", "deployment", "cart", "-o", image]).succeeds().stdout;
    assert!(image().starts_with("registry.example/cart:1.8.0"), "{}", image());
    qa[1].kubectl(["delete", "resourcequota", "full"]).succeeds();
    let applied = plugin(&apply).succeeds().json();
    assert_eq!(parts(&applied, "written"), [("payments", 1), ("shop", 1)]);
    assert!(image().starts_with("registry.example/cart:1.9.0"), "{}", image());
}

#[test]
fn places_that_are_no_stage_are_named_for_each_part() {
    let [shop, payments] = super::shop_and_payments("1.4.1");
    let places = [shop, payments];
    let [shop, payments] = &places;
    let store = ["--store-namespace", shop.store()];
    let plugin = |line: String| {
        let words: Vec<&str> = line.split_whitespace().chain(store).collect();
        Cluster::shared().plugin(words)
    };
    plugin(format!("capture rel-42 --at {}", at(&places))).succeeds();
    let others = [shop.beside("shop-qa"), shop.beside("pay-qa")];
    let to = at(&others);
    let applied = plugin(format!("apply rel-42 --at {to} --yes -o json")).succeeds().json();
    assert_eq!(applied["kind"], "PartsApplyReport");
    assert_eq!(applied["outcome"], "applied");
    assert_eq!(parts(&applied, "written"), [("payments", 1), ("shop", 1)]);
    let unchanged = plugin(format!("apply rel-42 --at {to} --yes -o json")).succeeds().json();
    assert_eq!(unchanged["outcome"], "unchanged");
    let plan = plugin(format!("apply rel-42 --at {to} --dry-run=client -o json")).succeeds().json();
    assert_eq!((&plan["kind"], parts(&plan, "steps").len()), (&"PartsPlan".into(), 2));
    // Where the namespaces are called like the parts, their names do.
    plugin(format!("capture rel-43 -n {},{}", shop.name(), payments.name())).succeeds();
    let both = format!("-n {},{}", shop.name(), payments.name());
    let same = plugin(format!("apply rel-43 {both} --yes -o json")).succeeds().json();
    assert_eq!(same["outcome"], "unchanged");
    // Names of objects stand behind their parts'.
    let names = plugin(format!("apply rel-42 --at {to} --dry-run=client -o name")).succeeds();
    assert_eq!(names.stdout, "");
    others[1].kubectl(["delete", "deployment", "tax"]).succeeds();
    let names = plugin(format!("apply rel-42 --at {to} --dry-run=client -o name")).succeeds();
    assert_eq!(names.stdout, "payments/deployment.apps/tax\n");
    // The cart needs the tax of the other part: policies see both.
    plugin(format!("apply rel-42 --at {to} --yes")).succeeds();
}
