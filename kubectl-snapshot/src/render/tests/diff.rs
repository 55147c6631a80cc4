//! The table of a diff.

use serde_json::json;
use snapshot_core::diff::{self, Diff};

use super::{assert_text, at, machine, printed, story};
use crate::render::Style;

#[test]
fn at_80_columns() {
    assert_text(
        &at(80, &story::from_42_to_43()),
        r#"
rel-42 (sha256:d54a02ae3da2) → rel-43 (sha256:7ea633f61439)
2 images (1 newer, 1 of unknown order), 3 environment entries, 1 ConfigMap, 3
flags, 1 requirement, 1 other field; 1 workload added, 1 workload removed, 1
container added, 1 ConfigMap added

SERVICES
~ cart/cart  Deployment
    image      registry.example:5000/shop/cart  1.8.0 → 1.9.0 (▲ newer)
  + container  proxy: envoyproxy/envoy:v1.30.1
    env        DB_PASSWORD  configMap app-config/DB_PASSWO… → secret db/password
    env        TAX_TIMEOUT                      500ms → 1500ms
    env        TAX_URL                          + http://tax:8080
    field      resources                        + {"limits":{"memory":"256Mi"}}
- legacy/legacy  Deployment
    image      shop/legacy:0.9.1
~ search/search  Deployment
    image      shop/search  …n-a1b2a1b2a1b2 → …in-c3d4c3d4c3d4 (? order unknown)
+ tax/tax  Deployment
    image      registry.example:5000/shop/tax:1.4.0

CONFIG MAPS
~ app-config
    LOG_LEVEL   info → debug
    nginx.conf  6 lines → 6 lines, 1 of them changed
      @@ -3,3 +3,3 @@
       http {
      -  keepalive_timeout 65;
      +  keepalive_timeout 10;
         server {}
+ tax-config

FLAGS
~ layout       compact → wide
+ new-pricing  on
~ tax-call     off → on

REQUIREMENTS
+ flag tax-call  requires tax >=1.4

VARIABLES  which belong to the place, not to the set
~ DB_HOST  db.dev → db.qa
"#,
    );
}

#[test]
fn at_200_columns() {
    assert_text(
        &at(200, &story::from_42_to_43()),
        r#"
rel-42 (sha256:d54a02ae3da2) → rel-43 (sha256:7ea633f61439)
2 images (1 newer, 1 of unknown order), 3 environment entries, 1 ConfigMap, 3 flags, 1 requirement, 1 other field; 1 workload added, 1 workload removed, 1 container added, 1 ConfigMap added

SERVICES
~ cart/cart  Deployment
    image      registry.example:5000/shop/cart  1.8.0 → 1.9.0 (▲ newer)
  + container  proxy: envoyproxy/envoy:v1.30.1
    env        DB_PASSWORD                      configMap app-config/DB_PASSWORD → secret db/password
    env        TAX_TIMEOUT                      500ms → 1500ms
    env        TAX_URL                          + http://tax:8080
    field      resources                        + {"limits":{"memory":"256Mi"}}
- legacy/legacy  Deployment
    image      shop/legacy:0.9.1
~ search/search  Deployment
    image      shop/search                      main-a1b2a1b2a1b2 → main-c3d4c3d4c3d4 (? order unknown)
+ tax/tax  Deployment
    image      registry.example:5000/shop/tax:1.4.0

CONFIG MAPS
~ app-config
    LOG_LEVEL   info → debug
    nginx.conf  6 lines → 6 lines, 1 of them changed
      @@ -3,3 +3,3 @@
       http {
      -  keepalive_timeout 65;
      +  keepalive_timeout 10;
         server {}
+ tax-config

FLAGS
~ layout       compact → wide
+ new-pricing  on
~ tax-call     off → on

REQUIREMENTS
+ flag tax-call  requires tax >=1.4

VARIABLES  which belong to the place, not to the set
~ DB_HOST  db.dev → db.qa
"#,
    );
}

/// Names as long as Kubernetes lets them be, and values that differ in the middle.
fn long() -> Diff {
    let name = |letter: &str| letter.repeat(63);
    let set = |tag: &str, path: &str| {
        let url = format!(
            "https://tax.shop.svc.cluster.local:8080/api/{path}/rates?country=all&include=history"
        );
        let env = json!([{"name": format!("URL_{}", name("E")), "value": url}, {"name": "MODE", "value": path}]);
        let image = format!("registry.example:5000/{}/{}:{tag}", name("p"), name("i"));
        let config = json!({"settings.json": format!("{{\"url\":\"{url}\",\"retries\":3}}"), name("k"): tag});
        let objects = vec![
            story::deployment(&name("w"), &image, &env),
            story::config_map(&name("c"), &config),
        ];
        story::snapshot(&name("s"), objects)
    };
    let (before, after) = (set("1.8.0", "v1"), set("1.9.0", "v2"));
    diff::compare([&name("a"), &name("b")], &before, &after)
}

#[test]
fn long_names_and_values_at_80_columns() {
    assert_text(
        &at(80, &long()),
        "
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
(sha256:2433332a39ce) →
bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
(sha256:b538139d23d3)
1 image (1 newer), 2 environment entries, 1 ConfigMap

SERVICES
~ wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww  Deployment
    image  registry.example…iiiiiiiiiiiiiiii  1.8.0 → 1.9.0 (▲ newer)
    env    MODE                               v1 → v2
    env    URL_EEEEEEEEEEEE…EEEEEEEEEEEEEEEE  …/api/v1/rates… → …/api/v2/rates…

CONFIG MAPS
~ ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
    kkkkkkkkkkkkkkkkkk…kkkkkkkkkkkkkkkkkk  1.8.0 → 1.9.0
    settings.json  …al:8080/api/v1/rates?countr… → …al:8080/api/v2/rates?countr…
",
    );
}

#[test]
fn without_a_width_lines_are_as_long_as_they_are() {
    assert_text(
        &machine("table", &long()),
        r#"
aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa (sha256:2433332a39ce) → bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb (sha256:b538139d23d3)
1 image (1 newer), 2 environment entries, 1 ConfigMap

SERVICES
~ wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww/wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww  Deployment
    image  registry.example:5000/ppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppppp/iiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiiii  1.8.0 → 1.9.0 (▲ newer)
    env    MODE                                                                                                                                                   v1 → v2
    env    URL_EEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEEE                                                                                    https://tax.shop.svc.cluster.local:8080/api/v1/rates?country=all&include=history → https://tax.shop.svc.cluster.local:8080/api/v2/rates?country=all&include=history

CONFIG MAPS
~ ccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc
    kkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkkk  1.8.0 → 1.9.0
    settings.json                                                    {"url":"https://tax.shop.svc.cluster.local:8080/api/v1/rates?country=all&include=history","retries":3} → {"url":"https://tax.shop.svc.cluster.local:8080/api/v2/rates?country=all&include=history","retries":3}
"#,
    );
}

#[test]
fn a_pipe_gets_what_a_broad_terminal_gets() {
    let diff = story::from_42_to_43();
    assert_eq!(machine("table", &diff), at(200, &diff));
}

#[test]
fn in_colour() {
    let mut diff = story::from_42_to_43();
    diff.instances.truncate(2);
    diff.flags.truncate(2);
    diff.config_maps.truncate(1);
    let style = Style { colour: true, width: Some(80), terminal: true };
    assert_text(
        &printed(&diff, "", style).replace('\u{1b}', "ESC"),
        r#"
ESC[1mrel-42ESC[0mESC[2m (sha256:d54a02ae3da2)ESC[0m → ESC[1mrel-43ESC[0mESC[2m (sha256:7ea633f61439)ESC[0m
2 images (1 newer), 3 environment entries, 1 ConfigMap, 3 flags, 1 requirement,
1 other field; 1 workload added, 1 workload removed, 1 container added, 1
ConfigMap added

ESC[1mSERVICESESC[0m
ESC[33m~ESC[0m ESC[1mcart/cartESC[0mESC[2m  DeploymentESC[0m
    image      registry.example:5000/shop/cart  1.8.0ESC[2m → ESC[0mESC[33m1.9.0ESC[0mESC[32m (▲ newer)ESC[0m
  ESC[32m+ESC[0m container  ESC[32mproxy: envoyproxy/envoy:v1.30.1ESC[0m
    env        DB_PASSWORD  configMap app-config/DB_PASSWO…ESC[2m → ESC[0mESC[33msecret db/passwordESC[0m
    env        TAX_TIMEOUT                      500msESC[2m → ESC[0mESC[33m1500msESC[0m
    env        TAX_URL                          ESC[32m+ http://tax:8080ESC[0m
    field      resources                        ESC[32m+ {"limits":{"memory":"256Mi"}}ESC[0m
ESC[31m-ESC[0m ESC[1mlegacy/legacyESC[0mESC[2m  DeploymentESC[0m
    image      shop/legacy:0.9.1

ESC[1mCONFIG MAPSESC[0m
ESC[33m~ESC[0m ESC[1mapp-configESC[0m
    LOG_LEVEL   infoESC[2m → ESC[0mESC[33mdebugESC[0m
    nginx.conf  6 linesESC[2m → ESC[0mESC[33m6 lines, 1 of them changedESC[0m
      ESC[2m@@ -3,3 +3,3 @@ESC[0m
       http {
      ESC[31m-  keepalive_timeout 65;ESC[0m
      ESC[32m+  keepalive_timeout 10;ESC[0m
         server {}

ESC[1mFLAGSESC[0m
ESC[33m~ESC[0m layout       compactESC[2m → ESC[0mESC[33mwideESC[0m
ESC[32m+ESC[0m new-pricing  ESC[32monESC[0m

ESC[1mREQUIREMENTSESC[0m
ESC[32m+ESC[0m flag tax-call  ESC[32mrequires tax >=1.4ESC[0m

ESC[1mVARIABLESESC[0m  which belong to the place, not to the set
ESC[33m~ESC[0m DB_HOST  db.devESC[2m → ESC[0mESC[33mdb.qaESC[0m
"#,
    );
}

#[test]
fn the_same_is_one_word() {
    let same = diff::compare(["a", "b"], &story::rel_42(), &story::rel_42());
    assert_text(
        &at(80, &same),
        "
a (sha256:d54a02ae3da2) → b (sha256:d54a02ae3da2)
same
",
    );
    let mut read_elsewhere = story::rel_42();
    read_elsewhere.spec.flags.get_mut("layout").unwrap().source =
        "env:cart/cart/cart/LAYOUT".to_owned();
    assert_text(
        &at(80, &diff::compare(["a", "b"], &story::rel_42(), &read_elsewhere)),
        "
a (sha256:d54a02ae3da2) → b (sha256:90bd0f529ca7)
same: the digests differ only in what makes no difference, such as where a flag
was read
",
    );
}
