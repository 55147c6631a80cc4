//! Names that are taken, unknown or ambiguous.

use end_to_end::{Output, TAX, TestEnvironment, test};

/// A store in a directory with `rel-41`.
fn store() -> TestEnvironment {
    let environment = TestEnvironment::new();
    environment.write("tax.yaml", TAX);
    environment.write("newer.yaml", TAX.replace("1.3.9", "1.4.0"));
    assert_eq!(run(&environment, "capture rel-41 --from tax.yaml").exit, 0);
    environment
}

#[track_caller]
fn run(environment: &TestEnvironment, words: &str) -> Output {
    environment.plugin(words.split(' ').chain(["--store", "snapshots"])).run()
}

#[test]
fn a_name_that_is_taken() {
    let environment = store();
    insta::assert_snapshot!(run(&environment, "capture rel-41 --from newer.yaml"), @r"
    $ kubectl snapshot capture rel-41 --from newer.yaml --store snapshots
    exit: 5
    -- stderr --
    error: there is a snapshot rel-41 already, with the digest sha256:[1]
    hint: choose another name, or replace it with --force
    ");
    assert_eq!(tags(&environment), "1.3.9");
    insta::assert_snapshot!(run(&environment, "capture rel-41 --from newer.yaml --force"), @r"
    $ kubectl snapshot capture rel-41 --from newer.yaml --force --store snapshots
    exit: 0
    -- stdout --
    snapshot/rel-41 captured: 1 service, 0 flags, sha256:[1]
    ");
    assert_eq!(tags(&environment), "1.4.0");
}

fn tags(environment: &TestEnvironment) -> String {
    run(environment, "get rel-41 -o jsonpath={.spec.services.*.*.containers.*.tag}").stdout
}

#[test]
fn a_name_that_does_not_exist() {
    let environment = store();
    insta::assert_snapshot!(run(&environment, "describe rel-42"), @r"
    $ kubectl snapshot describe rel-42 --store snapshots
    exit: 1
    -- stderr --
    error: there is no snapshot rel-42 in snapshots; did you mean rel-41?
    ");
    insta::assert_snapshot!(run(&environment, "describe winter"), @r"
    $ kubectl snapshot describe winter --store snapshots
    exit: 1
    -- stderr --
    error: there is no snapshot winter in snapshots
    hint: kubectl snapshot list shows those that there are
    ");
    insta::assert_snapshot!(run(&environment, "delete rel-4"), @r"
    $ kubectl snapshot delete rel-4 --store snapshots
    exit: 1
    -- stderr --
    error: there is no snapshot rel-4 in snapshots; did you mean rel-41?
    ");
    insta::assert_snapshot!(run(&environment, "tag rel-4 winter"), @r"
    $ kubectl snapshot tag rel-4 winter --store snapshots
    exit: 1
    -- stderr --
    error: there is no snapshot rel-4 in snapshots; did you mean rel-41?
    ");
    insta::assert_snapshot!(run(&environment, "diff rel-4 rel-41"), @r"
    $ kubectl snapshot diff rel-4 rel-41 --store snapshots
    exit: 2
    -- stderr --
    error: there is no snapshot rel-4 in snapshots; did you mean rel-41?
    ");
}

#[test]
fn digests_that_name_nothing() {
    let environment = store();
    insta::assert_snapshot!(run(&environment, "describe sha256:12345"), @r#"
    $ kubectl snapshot describe sha256:12345 --store snapshots
    exit: 1
    -- stderr --
    error: "sha256:12345" is not a snapshot's digest: expected sha256: and at least 8 of its hexadecimal digits
    "#);
    insta::assert_snapshot!(run(&environment, "describe sha256:spring"), @r#"
    $ kubectl snapshot describe sha256:spring --store snapshots
    exit: 1
    -- stderr --
    error: "sha256:spring" is not a snapshot's digest: expected sha256: and at least 8 of its hexadecimal digits
    "#);
    let digest = run(&environment, "list -o jsonpath={.items[0].digest}").stdout;
    // One digit differs, the last of eight.
    let last = if digest.as_bytes()[14] == b'0' { '1' } else { '0' };
    let other = format!("describe {}{last}", &digest[..14]);
    let output = run(&environment, &other);
    assert_eq!(output.exit, 1, "{}", output.transcript());
    assert!(output.stderr.contains("there is no snapshot sha256:"), "{}", output.transcript());
}

#[test]
fn two_names_of_one_digest_are_no_ambiguity() {
    let environment = store();
    assert_eq!(run(&environment, "tag rel-41 winter").exit, 0);
    let digest = run(&environment, "get rel-41 -o jsonpath={.metadata.digest}").stdout;
    assert_eq!(run(&environment, &format!("describe {}", &digest[..15])).exit, 0);
}

/// Two sets whose digests begin alike, found by trying 130,000.
#[test]
fn a_digest_that_means_two_snapshots() {
    let environment = store();
    for rate in ["109892", "133515"] {
        let flag = FLAG.replace("RATE", rate);
        environment.write("f.flagd.json", flag);
        assert_eq!(run(&environment, &format!("capture rate-{rate} --from f.flagd.json")).exit, 0);
    }
    insta::assert_snapshot!(run(&environment, "describe sha256:3631a219"), @r"
    $ kubectl snapshot describe sha256:[1] --store snapshots
    exit: 1
    -- stderr --
    error: sha256:[1] is the beginning of more than one snapshot's digest; use more digits, or a name: rate-109892 (sha256:[1]), rate-133515 (sha256:[2])
    ");
}

const FLAG: &str = r#"{"flags": {"tax-call": {
    "state": "ENABLED", "variants": {"rate": RATE}, "defaultVariant": "rate"
}}}"#;
