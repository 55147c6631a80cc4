//! The Cart/Tax story: production gets what was tested in dev, once it fits.

use end_to_end::{fixture, test};

use super::{assert_untouched, every_write, writes};
use crate::shop::{self, DEV, PROD};

#[test]
fn production_gets_what_dev_has_once_it_fits() {
    let dev = shop::running("dev", &fixture(DEV));
    let prod = dev.beside("prod");
    shop::fill(&prod, &fixture(PROD));
    dev.plugin(["variables", "set", "dev", "DB_HOST=orders-db.dev"]).succeeds();
    dev.plugin(["variables", "set", "prod", "DB_HOST=orders-db.prod"]).succeeds();
    dev.plugin(["capture", "rel-41", "-m", "cart asks tax"]).succeeds();
    let apply = |name| prod.plugin(["apply", name, "--variables", "prod", "--yes"]);

    // The flag tax-call is on, and tax too old for it.
    insta::assert_snapshot!("story_refused", apply("rel-41").exits(3));
    assert_untouched(&prod);

    dev.kubectl(["set", "image", "deployment/tax", "tax=registry.example/shop/tax:1.4.1"])
        .succeeds();
    dev.wait_rollouts();
    dev.plugin(["capture", "rel-42", "-m", "tax 1.4.1"]).succeeds();
    insta::assert_snapshot!("story_applied", apply("rel-42").exits(0));
    let live_prod = format!("live:{}", prod.name());
    insta::assert_snapshot!("story_same", dev.plugin(["diff", "rel-42", &live_prod]).exits(0));

    // Exactly what differed was written; orders-db, pricing and the rest were not.
    insta::assert_snapshot!("story_writes", writes(&prod).join("\n"));
    let replicas = "jsonpath={.items[*].spec.replicas}";
    let replicas = prod.kubectl(["get", "deployments", "-o", replicas]).succeeds().stdout;
    assert_eq!(replicas, "2 1 2 2 2", "of cart, cart-canary, pricing, tax and web");
    let host = "jsonpath={.spec.template.spec.containers[0].env[?(@.name=='DB_HOST')].value}";
    let host = prod.kubectl(["get", "deployment", "cart", "-o", host]).succeeds().stdout;
    assert_eq!(host, "orders-db.prod");

    // Once more: nothing differs, so nothing is written, not even the Lease.
    let before = every_write(&prod);
    insta::assert_snapshot!("story_again", apply("rel-42").exits(0));
    assert_eq!(every_write(&prod), before);
}
