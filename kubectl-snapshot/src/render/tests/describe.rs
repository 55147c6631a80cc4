//! One snapshot, for people.

use snapshot_core::requirement::resolve;

use super::{assert_text, at, machine, story};
use crate::render::Description;

#[test]
fn at_80_columns() {
    let set = story::rel_43();
    assert_text(
        &at(80, &Description::new("rel-43", &set, resolve(&set.spec))),
        "
Name     rel-43
Digest   sha256:7ea633f61439c6894c4ec3d09546347b2cc17f42d32c2e23711294410bd30487
Created  2026-11-20T09:30:00Z
Author   dev@shop.example
Source   live:kind-dev/shop
Message  the tax call, behind its flag
Size     3 services, 3 workloads

SERVICES
SERVICE/INSTANCE  VERSION  COMMIT        CONTAINER  IMAGE             KIND
cart/cart         1.9.0    <none>        cart       …shop/cart:1.9.0  Deployment
cart/cart         1.30.1   <none>        proxy      …y/envoy:v1.30.1  Deployment
search/search     <none>   c3d4c3d4c3d4  search     …in-c3d4c3d4c3d4  Deployment
tax/tax           1.4.0    <none>        tax        …/shop/tax:1.4.0  Deployment

FLAGS
FLAG         ON   VALUE  SOURCE                REQUIRES
layout       yes  wide   flagd:flags/tax-call
new-pricing  yes  true   flagd:flags/tax-call
tax-call     yes  true   flagd:flags/tax-call  tax >=1.4

REQUIREMENTS
DEPENDENT      REQUIRES   STATE  FOUND
flag tax-call  tax >=1.4  met    tax runs 1.4.0

CONFIG MAPS
NAME        DIGEST               KEYS
app-config  sha256:415514b4174b  LOG_LEVEL, nginx.conf
tax-config  sha256:3b0fdbfa1149  RATES

VARIABLES  which belong to the place, not to the set
NAME     VALUE WHERE CAPTURED
DB_HOST  db.qa
",
    );
}

#[test]
fn at_200_columns() {
    let set = story::rel_43();
    assert_text(&at(200, &Description::new("rel-43", &set, Vec::new())), "
Name     rel-43
Digest   sha256:7ea633f61439c6894c4ec3d09546347b2cc17f42d32c2e23711294410bd30487
Created  2026-11-20T09:30:00Z
Author   dev@shop.example
Source   live:kind-dev/shop
Message  the tax call, behind its flag
Size     3 services, 3 workloads

SERVICES
SERVICE/INSTANCE  VERSION  COMMIT        CONTAINER  IMAGE                                  KIND
cart/cart         1.9.0    <none>        cart       registry.example:5000/shop/cart:1.9.0  Deployment
cart/cart         1.30.1   <none>        proxy      envoyproxy/envoy:v1.30.1               Deployment
search/search     <none>   c3d4c3d4c3d4  search     shop/search:main-c3d4c3d4c3d4          Deployment
tax/tax           1.4.0    <none>        tax        registry.example:5000/shop/tax:1.4.0   Deployment

FLAGS
FLAG         ON   VALUE  SOURCE                REQUIRES
layout       yes  wide   flagd:flags/tax-call
new-pricing  yes  true   flagd:flags/tax-call
tax-call     yes  true   flagd:flags/tax-call  tax >=1.4

CONFIG MAPS
NAME        DIGEST               KEYS
app-config  sha256:415514b4174b  LOG_LEVEL, nginx.conf
tax-config  sha256:3b0fdbfa1149  RATES

VARIABLES  which belong to the place, not to the set
NAME     VALUE WHERE CAPTURED
DB_HOST  db.qa
");
}

#[test]
fn machines_get_the_set() {
    let set = story::rel_43();
    let description = Description::new("rel-43", &set, Vec::new());
    assert_text(&machine("name", &description), "rel-43\n");
    assert_text(
        &machine("jsonpath={.services.cart.cart.containers.proxy.tag}", &description),
        "v1.30.1",
    );
    assert_text(
        &machine("jsonpath={.configMaps.app-config.keys}", &description),
        "[\"LOG_LEVEL\",\"nginx.conf\"]",
    );
}
