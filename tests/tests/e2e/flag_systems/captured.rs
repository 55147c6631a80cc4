//! Captures of flags that Flipt serves.

use end_to_end::test;
use serde_json::json;

use super::{Place, layout, service, tax_call};

#[test]
fn flags_are_captured_with_what_people_have_put_on_them() {
    let dev = Place::new("dev");
    dev.flipt.set_flag("default", "tax-call", tax_call(true));
    dev.flipt.set_flag("default", "layout", layout("wide"));
    dev.flipt.set_boolean("beta", false);
    let set = dev.captured();
    let flags = &set["spec"]["flags"];
    let tax = &flags["tax-call"];
    assert_eq!((&tax["enabled"], &tax["value"]), (&json!(true), &json!(true)), "{tax:#}");
    assert_eq!(tax["requires"], json!(["tax >=1.4"]), "{tax:#}");
    assert_eq!(tax["service"], "cart", "{tax:#}");
    assert_eq!(tax["source"], "flipt:default", "{tax:#}");
    let layout = &flags["layout"];
    assert_eq!(layout["value"], json!({"columns": 4}), "{layout:#}");
    let variants = json!({"compact": {"columns": 2}, "wide": {"columns": 4}});
    assert_eq!(layout["variants"], variants, "{layout:#}");
    assert_eq!(flags["beta"]["enabled"], false, "{flags:#}");
    let seen = &set["metadata"]["flagSources"]["dev"];
    assert_eq!(seen["type"], "flipt", "{seen:#}");
    assert_eq!(seen["url"], dev.flipt.url(), "{seen:#}");
    assert_eq!(seen["environment"], "default", "{seen:#}");
    assert_eq!(seen["revision"], dev.flipt.revision(), "{seen:#}");
    assert_eq!(dev.flipt.requests("PUT"), 0);
}

#[test]
fn another_revision_of_the_same_flags_is_the_same_set() {
    let dev = Place::new("dev");
    dev.flipt.set_flag("default", "tax-call", tax_call(true));
    let before = dev.plugin("capture rel-42 -o json").succeeds().json();
    // Another flag of Flipt's, which is none of this place's, and this one as it was.
    dev.flipt.set_flag("elsewhere", "layout", layout("wide"));
    dev.flipt.set_flag("default", "tax-call", tax_call(true));
    let after = dev.plugin("capture rel-43 -o json").succeeds().json();
    let revision = "/metadata/flagSources/dev/revision";
    assert_ne!(before.pointer(revision), after.pointer(revision));
    assert_eq!(before["spec"], after["spec"]);
    let digest = |name: &str| {
        let path = format!("get {name} -o jsonpath={{.digest}}");
        dev.plugin(&path).run().stdout
    };
    assert_eq!(digest("rel-42"), digest("rel-43"));
    dev.plugin("diff rel-42 rel-43").exits(0);
}

#[test]
fn flags_are_listed_and_shown_with_who_needs_them() {
    let dev = Place::new("dev");
    dev.flipt.set_flag("default", "tax-call", tax_call(true));
    dev.flipt.set_flag("default", "layout", layout("wide"));
    dev.run(&service("cart", "1.8.0", "flag tax-call=on"));
    insta::assert_snapshot!(dev.plugin("flags list").exits(0), @r#"
    $ kubectl snapshot flags list
    exit: 0
    -- stdout --
    FLAG      ON   VALUE          SOURCE         REQUIRES   NEEDED BY
    layout    yes  {"columns":4}  flipt:default  <none>     <none>
    tax-call  yes  true           flipt:default  tax >=1.4  cart/cart
    "#);
    insta::assert_snapshot!(dev.plugin("flags get tax-call").exits(0), @r"
    $ kubectl snapshot flags get tax-call
    exit: 0
    -- stdout --
    WHERE  FLAG      ON   VALUE  SOURCE         READ BY  REQUIRES   NEEDED BY
    live   tax-call  yes  true   flipt:default  cart     tax >=1.4  cart/cart
    ");
    let unknown = dev.plugin("flags get no-such").exits(1);
    assert!(unknown.stderr.contains("no flag no-such is in "), "{}", unknown.transcript());
}

#[test]
fn a_namespace_that_flipt_lacks_has_unknown_flags_and_not_none() {
    let dev = Place::new("dev");
    dev.flipt.set_flag("default", "tax-call", tax_call(true));
    let more = ["--flipt-namespace", "shop", "--force"];
    dev.add_source("dev", &dev.flipt.url(), &more).succeeds();
    let output = dev.plugin("capture").succeeds();
    let said = "it has no namespace shop in the environment default";
    assert!(output.stderr.contains(said), "{}", output.transcript());
    assert!(output.stderr.contains("are unknown"), "{}", output.transcript());
    let set = output.json();
    let spec = &set["spec"];
    assert!(spec["flags"].get("tax-call").is_none(), "{spec:#}");
    assert!(spec.to_string().contains("flag source dev did not answer"), "{spec:#}");
    let required = dev.plugin("capture --require-flags").exits(1);
    assert!(required.stderr.contains(said), "{}", required.transcript());
    // Once it is there, the flags are known, and there are some.
    dev.flipt.set_flag("shop", "tax-call", tax_call(false));
    assert_eq!(dev.captured()["spec"]["flags"]["tax-call"]["source"], "flipt:shop");
}

#[test]
fn ten_thousand_flags_are_listed() {
    let dev = Place::new("dev");
    dev.flipt.set_many(10_000, &json!({"requires": "tax >=x"}));
    let list = dev.plugin("flags list -o name").exits(0);
    assert_eq!(list.stdout.lines().count(), 10_000);
    assert!(list.stderr.lines().count() < 20, "{}", list.stderr);
    let captured = dev.plugin("capture many").exits(0);
    assert!(captured.stderr.lines().count() < 20, "{}", captured.stderr);
}
