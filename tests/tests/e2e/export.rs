//! Exports, brought by the deployer that takes each: what runs then is captured as the very same set.

use end_to_end::{Cluster, Folder, Helm, Namespace, Output, fixture, test};

use crate::shop::{self, DEV, PROD};

/// The digest of what a REF names.
fn digest(place: &Namespace, reference: &str) -> String {
    let path = "jsonpath={.metadata.digest}";
    place.plugin(["get", reference, "-o", path]).succeeds().stdout
}

fn live(place: &Namespace) -> String {
    digest(place, &format!("live:{}", place.name()))
}

/// Dev runs the newer shop, which is captured as rel-42; its variable is the place's.
fn dev() -> Namespace {
    let dev = Namespace::new(Cluster::shared(), "dev");
    shop::fill(&dev, &fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1"));
    dev.plugin(["variables", "set", "prod", "DB_HOST=orders.db.internal"]).succeeds();
    dev.plugin(["capture", "rel-42"]).succeeds();
    dev
}

fn export(place: &Namespace, folder: &Folder, line: &str) -> Output {
    let words = ["export", "rel-42"].into_iter().chain(line.split_whitespace());
    place.plugin(words).current_dir(folder.path()).succeeds()
}

#[test]
fn manifests_make_the_same_set() {
    let dev = dev();
    let folder = Folder::new(dev.cluster());
    let prod = dev.beside("prod");
    prod.apply(&fixture("shop/secret.yaml"));
    let manifests = export(&dev, &folder, "-o manifests --variables prod").stdout;
    assert!(manifests.contains("orders.db.internal"), "{manifests}");
    prod.apply(&manifests);
    prod.wait_rollouts();
    assert_eq!(live(&prod), digest(&dev, "rel-42"));
    // Without its values nobody can say what to create.
    dev.plugin(["export", "rel-42", "-o", "manifests"]).exits(1);
    dev.plugin(["export", "rel-42", "-o", "manifests", "--variables", "none"]).exits(2);
}

#[test]
fn a_kustomize_component_makes_old_manifests_run_the_set() {
    let dev = dev();
    let folder = Folder::new(dev.cluster());
    // The team's manifests have what the set has, at other versions and values.
    let old = fixture(DEV)
        .replace("shop/cart:1.8.0", "shop/cart:1.7.2")
        .replace("shop/web:7d1f0c9a4be2", "shop/web:3f2a91c05d6e")
        .replace("http://tax}", "http://old-tax}")
        .replace("minutes: 30", "minutes: 5");
    folder.write("prod/shop.yaml", &old);
    let kustomization = "resources: [shop.yaml]\ncomponents: [../rel-42]\n";
    folder.write("prod/kustomization.yaml", kustomization);
    let prod = dev.beside("prod");
    shop::fill(&prod, &old);
    assert_ne!(live(&prod), digest(&dev, "rel-42"));
    for variables in ["--variables prod", ""] {
        let component = export(&dev, &folder, &format!("-o kustomize {variables}")).stdout;
        folder.write("rel-42/kustomization.yaml", &component);
        let built = prod.kubectl(["kustomize", "prod"]).current_dir(folder.path()).succeeds();
        prod.apply(&built.stdout);
        prod.wait_rollouts();
        assert_eq!(live(&prod), digest(&dev, "rel-42"), "{component}\n{}", built.stdout);
        let host = "jsonpath={.spec.template.spec.containers[0].env[?(@.name=='DB_HOST')].value}";
        let host = prod.kubectl(["get", "deployment", "cart", "-o", host]).succeeds().stdout;
        let here = if variables.is_empty() { "orders-db" } else { "orders.db.internal" };
        assert!(host.starts_with(here), "{host}");
    }
}

#[test]
fn helm_values_make_a_chart_run_the_set() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let prod = dev.beside("prod");
    let newer = "--set tax.tag=1.4.1 --set currency=USD";
    Helm::at(&dev).run(&format!("install shop CHART --wait {newer}")).succeeds();
    Helm::at(&prod).run("install shop CHART --wait").succeeds();
    dev.plugin(["capture", "rel-42"]).succeeds();
    let folder = Folder::new(dev.cluster());
    folder.write(
        "mapping.yaml",
        "containers:\n  cart/cart: {tag: cart.tag}\n  tax/tax: {tag: tax.tag}\n\
         configMaps:\n  shop: {currency: currency}\n",
    );
    let values = export(&dev, &folder, "-o helm-values --mapping mapping.yaml");
    assert_eq!(values.stderr, "");
    insta::assert_snapshot!("helm_values", values);
    folder.write("values.yaml", &values.stdout);
    let file = folder.path().join("values.yaml").display().to_string();
    Helm::at(&prod).run(&format!("upgrade shop CHART --wait --values {file}")).succeeds();
    assert_eq!(live(&prod), digest(&dev, "rel-42"));

    folder.write("mapping.yaml", "containers: {tax/tax: {tag: tax.tag}}\n");
    let some = export(&dev, &folder, "-o helm-values --mapping mapping.yaml");
    assert!(some.stderr.contains("no value has the image of cart/cart"), "{}", some.transcript());
    for (mapping, said) in [
        ("containers: {pay/pay: {tag: a}}", "the mapping names pay/pay"),
        ("tags: {}", "unknown field `tags`"),
        ("containers: {tax/tax: {tag: a, repository: a}}", "would be given twice"),
    ] {
        folder.write("mapping.yaml", mapping);
        let words = ["export", "rel-42", "-o", "helm-values", "--mapping", "mapping.yaml"];
        let refused = dev.plugin(words).current_dir(folder.path()).exits(1);
        assert!(refused.stderr.contains(said), "{}", refused.transcript());
    }
    dev.plugin(["export", "rel-42", "-o", "helm-values"]).exits(2);
}

#[test]
fn the_document_is_that_of_get() {
    let dev = shop::running("dev", &fixture(PROD));
    dev.plugin(["capture", "rel-42"]).succeeds();
    let document = dev.plugin(["get", "rel-42", "-o", "json"]).succeeds().json();
    assert_eq!(dev.plugin(["export", "rel-42"]).succeeds().json(), document);
    dev.plugin(["export", "rel-42", "--variables", "prod"]).exits(2);
}

#[test]
fn a_plan_is_what_it_writes_alone() {
    let dev = dev();
    let folder = Folder::new(dev.cluster());
    let prod = dev.beside("prod");
    shop::fill(&prod, &fixture(DEV));
    let run = |line: &str| prod.plugin(line.split_whitespace()).current_dir(folder.path());
    let apply = "apply rel-42 --variables prod --plan-out plan.json";
    run(apply).succeeds();
    let component = run("export --plan plan.json -o kustomize").succeeds().stdout;
    assert!(component.contains("shop/tax") && component.contains("1.4.1"), "{component}");
    assert!(!component.contains("shop/web"), "{component}");
    folder.write(
        "mapping.yaml",
        "containers:\n  web/web: {tag: web.tag}\n  tax/tax: {tag: tax.tag}\n",
    );
    let values = run("export --plan plan.json -o helm-values --mapping mapping.yaml").succeeds();
    assert_eq!(values.stdout, "tax:\n  tag: \"1.4.1\"\n", "{}", values.transcript());
    // Brought by a commit, it is the set.
    folder.write("shop/shop.yaml", fixture(DEV));
    folder.write("shop/kustomization.yaml", "resources: [shop.yaml]\ncomponents: [../rel]\n");
    folder.write("rel/kustomization.yaml", &component);
    let built = prod.kubectl(["kustomize", "shop"]).current_dir(folder.path()).succeeds();
    prod.apply(&built.stdout);
    prod.wait_rollouts();
    assert_eq!(live(&prod), digest(&dev, "rel-42"), "{component}");
    run("export --plan plan.json").exits(2);
    run("export").exits(2);
    dev.plugin(["capture", "rel-0", "--from", "-"]).stdin(fixture(PROD)).succeeds();
    run("export rel-0 --plan plan.json -o manifests").exits(5);
}
