//! Flags as flagd reads them, in whatever way they are written down.

use end_to_end::{Output, TAX, TestEnvironment, test};

/// A cart with requirements, as the shop's story has it.
const CART: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, annotations: {kubectl-snapshot.dev/requires: REQUIRES}}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec: {containers: [{name: cart, image: 'shop/cart:2.0.0'}]}
";

/// A shop whose tax is too old for the flag, and whose cart requires that.
fn shop(requires: &str) -> String {
    format!("{}---\n{TAX}", CART.replace("REQUIRES", requires))
}

const YAML: &str = "flags: {tax-call: {state: ENABLED, variants: {on: true, off: false}, defaultVariant: on, metadata: {requires: tax >=1.4.0}}}";

const JSON: &str = r#"{"flags": {"tax-call": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on", "metadata": {"requires": "tax >=1.4.0"}}}}"#;

/// `JSON` in base64, broken over two lines as some tools break it.
const ENCODED: &str = "|\n    eyJmbGFncyI6IHsidGF4LWNhbGwiOiB7InN0YXRlIjogIkVOQUJMRUQiLCAidmFyaWFudHMiOiB7Im9uIjogdHJ1ZSwgIm9mZiI6\n    IGZhbHNlfSwgImRlZmF1bHRWYXJpYW50IjogIm9uIiwgIm1ldGFkYXRhIjogeyJyZXF1aXJlcyI6ICJ0YXggPj0xLjQuMCJ9fX19";

fn config_map(name: &str, member: &str, key: &str, text: &str) -> String {
    format!(
        "---\napiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n{member}:\n  {key}: {text}\n"
    )
}

/// The answer of `check` about the shop with `objects`, where the cart requires that.
fn check(requires: &str, objects: &str) -> Output {
    let environment = TestEnvironment::new();
    environment.write("shop.yaml", shop(requires) + objects);
    environment.plugin(["check", "./shop.yaml"]).run()
}

#[test]
fn flags_in_a_config_map_are_read_however_they_are_written() {
    let quoted = format!("'{JSON}'");
    for (member, key, text) in [
        ("data", "shop.flagd.json", quoted.as_str()),
        ("data", "shop.flagd.yaml", &format!("\"{YAML}\"")),
        ("data", "flags.yml", &format!("\"{YAML}\"")),
        ("data", "flags", &format!("\"{YAML}\"")),
        ("binaryData", "shop.flagd.json", ENCODED),
    ] {
        let checked = check("tax", &config_map("flagd-config", member, key, text));
        assert_eq!(checked.exit, 3, "{member} {key}: {checked}");
        assert!(checked.stdout.contains("flag tax-call is on"), "{checked}");
    }
}

#[test]
fn flags_in_a_file_of_their_own_are_read_as_flagd_reads_them() {
    let environment = TestEnvironment::new();
    environment.write("shop/shop.yaml", shop("tax"));
    environment.write("shop/shop.flagd.yaml", YAML);
    let checked = environment.plugin(["check", "./shop"]).exits(3);
    assert!(checked.stdout.contains("flag tax-call is on"), "{checked}");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_file() {
    let environment = TestEnvironment::new();
    environment.write("shop/cart.yaml", shop("tax"));
    for (key, text, says) in [
        (
            "shop.flagd.yaml",
            "'flags: ['",
            "./shop/flags.yaml: ConfigMap flagd-config, key shop.flagd.yaml",
        ),
        ("flags.yaml", "\"flags: {a: {state: ENABLED, variants\"", "key flags.yaml"),
        (
            "shop.flagd.json",
            r#"'{"flags": {"stale": {"state": "ENABLED", "variants": {"on": true}, "targeting": {"if": [{"$ref": "staff"}]}}}}'"#,
            "./shop/flags.yaml: flagd:flagd-config/shop.flagd.json: flag stale: its targeting refers to \"staff\"",
        ),
    ] {
        environment.write("shop/flags.yaml", config_map("flagd-config", "data", key, text));
        let refused = environment.plugin(["check", "./shop"]).exits(1);
        assert!(refused.stderr.contains(says), "{refused}");
    }
}

#[test]
fn one_value_has_one_verdict() {
    let full_and_half = |full: &str, half: &str| {
        let text = format!(
            r#"'{{"flags":{{"rate":{{"state":"ENABLED","variants":{{"full":{full},"half":{half}}},"defaultVariant":"full"}}}}}}'"#
        );
        config_map("flagd", "data", "shop.flagd.json", &text)
    };
    let flag = |number: &str| full_and_half(number, "0.5");
    for number in ["1", "1.0", "1e0", "10e-1"] {
        let checked = check("flag rate=1", &flag(number));
        assert_eq!(checked.exit, 0, "{number}: {checked}");
    }
    for (number, asked) in [("-0.0", "0"), ("1e3", "1000")] {
        let checked = check(&format!("'flag rate={asked}'"), &flag(number));
        assert_eq!(checked.exit, 0, "{number}: {checked}");
    }
    let rounded = check("flag rate=9007199254740992", &flag("9007199254740993"));
    assert_eq!(rounded.exit, 0, "{rounded}");
    assert!(rounded.stderr.contains("the number 9007199254740993 is rounded"), "{rounded}");
    // The stored snapshot is the file.
    let environment = TestEnvironment::new();
    environment.write("a.yaml", shop("flag rate=1") + &flag("1.0"));
    let plugin = |line: &str| environment.plugin(line.split(' '));
    plugin("capture rel-9 --from ./a.yaml --store ./store").succeeds();
    plugin("check rel-9 --store ./store").exits(0);
    environment
        .write("b.flagd.json", r#"{"flags":{"rate":{"state":"ENABLED","variants":{"full":1.0}}}}"#);
    environment
        .write("c.flagd.json", r#"{"flags":{"rate":{"state":"ENABLED","variants":{"full":1}}}}"#);
    plugin("diff ./b.flagd.json ./c.flagd.json").exits(0);
}

#[test]
fn one_key_in_two_flag_sets_is_two_flags() {
    let environment = TestEnvironment::new();
    let flag = |set: &str, on: &str| {
        format!(
            r#"{{"key": "new-checkout", "state": "ENABLED", "variants": {{"on": true, "off": false}}, "defaultVariant": "{on}", "metadata": {{"flagSetId": "{set}"}}}}"#
        )
    };
    let array = format!(r#"{{"flags": [{}, {}]}}"#, flag("web", "on"), flag("app", "off"));
    environment.write("shop.flagd.json", &array);
    let described = environment.plugin(["describe", "./shop.flagd.json", "-o", "json"]).succeeds();
    // Not that they contradict each other, which they do not.
    let says = "Warning: flagd:./shop.flagd.json: flags is a list: flagd serves it; ";
    assert!(described.stderr.starts_with(says), "{described}");
    assert_eq!(described.stderr.lines().count(), 1, "{described}");
    let flags = &described.json()["flags"];
    assert_eq!(
        (&flags["web/new-checkout"]["value"], &flags["app/new-checkout"]["value"]),
        (&true.into(), &false.into())
    );
    let asked = |requires: &str| {
        check(requires, &config_map("flags", "data", "shop.flagd.json", &format!("'{array}'"))).exit
    };
    assert_eq!(asked("flag web/new-checkout=on"), 0);
    assert_eq!(asked("flag app/new-checkout=on"), 3);
    assert_eq!(asked("flag new-checkout=on"), 3, "in both");
}
