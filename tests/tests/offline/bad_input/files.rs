//! Files that are not what they should be.

use end_to_end::{Output, TAX, TestEnvironment, test};

#[track_caller]
fn describe(content: impl AsRef<[u8]>) -> Output {
    let environment = TestEnvironment::new();
    environment.write("file", content);
    environment.plugin(["describe", "./file"]).run()
}

/// The document of one service.
fn document() -> String {
    let environment = TestEnvironment::new();
    environment.plugin(["capture", "--from", "-", "-o", "json"]).stdin(TAX).succeeds().stdout
}

#[test]
fn a_document_that_is_cut_short() {
    let cut = describe(&document().as_bytes()[..200]);
    insta::assert_snapshot!(cut, @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file is not valid JSON: EOF while parsing a string at line 6 column 62; the file is cut short
    ");
}

#[test]
fn json_of_something_else() {
    let package = r#"{"name": "shop", "version": "1.0.0", "dependencies": {"left-pad": "1"}}"#;
    insta::assert_snapshot!(describe(package), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file, document 1: it has neither kind nor flags, but dependencies, name, version; expected a snapshot document, Kubernetes manifests or flag definitions
    ");
}

#[test]
fn yaml_of_something_else() {
    insta::assert_snapshot!(describe("services:\n  tax: {image: tax}\n"), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file, document 1: it has neither kind nor flags, but services; expected a snapshot document, Kubernetes manifests or flag definitions
    ");
}

#[test]
fn plain_text() {
    insta::assert_snapshot!(describe("tax 1.3.9\n"), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file, document 1: it is plain text; expected a snapshot document, Kubernetes manifests or flag definitions
    ");
}

#[test]
fn an_empty_file() {
    insta::assert_snapshot!(describe(""), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file holds nothing that belongs to a set: no workload, ConfigMap or flag
    ");
}

#[test]
fn a_document_of_a_later_version() {
    let later = document().replace("kubectl-snapshot.dev/v1alpha1", "kubectl-snapshot.dev/v3");
    insta::assert_snapshot!(describe(later), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file: it was written by a newer kubectl snapshot: the document's version is v3, this one reads v1… and v2…; upgrade the plugin
    ");
}

#[test]
fn a_document_that_somebody_has_edited() {
    let edited = document().replace("\"tag\": \"1.3.9\"", "\"tag\": \"1.4.0\"");
    assert_ne!(edited, document());
    insta::assert_snapshot!(describe(edited), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file: the document has been changed: metadata.digest is sha256:[1], but the digest of spec is sha256:[2]; get it again from where it was captured, or, if the change is meant, take metadata.digest out
    ");
}

#[test]
fn a_document_with_another_manifest() {
    let edited = document().replace("shop/tax:1.3.9", "shop/tax:1.4.0");
    assert_ne!(edited, document());
    insta::assert_snapshot!(describe(edited), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file: the document has been changed: the object listed under sha256:[1] in spec.objects has the digest sha256:[2]; get it again from where it was captured
    ");
}

#[test]
fn two_manifests_of_one_name_that_differ() {
    let other = TAX.replace("1.3.9", "1.4.0");
    assert_ne!(other, TAX);
    insta::assert_snapshot!(describe(format!("{TAX}---\n{other}")), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file: Deployment tax is there twice; take one out, or name one namespace's manifests
    ");
}

#[test]
fn an_environment_variable_twice() {
    let environment = "env: [{name: TAX_URL, value: a}, {name: TAX_URL, value: b}]";
    let twice = TAX.replace("1.3.9'}", &format!("1.3.9', {environment}}}"));
    insta::assert_snapshot!(describe(twice), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file: Deployment tax, container tax: the environment variable TAX_URL is there twice; take one out
    ");
}

#[test]
fn a_key_twice() {
    let twice = TAX.replace("kind: Deployment", "kind: Deployment\nkind: StatefulSet");
    insta::assert_snapshot!(describe(twice), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file is not valid YAML: duplicate mapping key: kind at line 3, column 1
    ");
}

#[test]
fn broken_yaml() {
    let broken = TAX.replace("{app: tax}}\n  template", "{app: tax}\n  template");
    insta::assert_snapshot!(describe(broken), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file is not valid YAML: while parsing a flow mapping, did not find expected ',' or '}' at line 6, column 3
    ");
}

#[test]
fn several_namespaces() {
    let [one, two] = ["dev", "qa"]
        .map(|n| TAX.replace("{name: tax}\n", &format!("{{name: tax, namespace: {n}}}\n")));
    let environment = TestEnvironment::new();
    environment.write("both.yaml", format!("{one}---\n{two}"));
    let parts =
        ["describe", "./both.yaml", "-o", "jsonpath={.parts.dev.digest} {.parts.qa.digest}"];
    let parts = environment.plugin(parts).succeeds().stdout;
    let (dev, qa) = parts.split_once(' ').unwrap();
    assert_eq!(dev, qa, "each is the set of its namespace");
    environment.write("none.yaml", TAX.replace("name: tax}\n", "name: other}\n"));
    let beside = environment.plugin(["describe", "."]).run();
    insta::assert_snapshot!(beside, @r"
    $ kubectl snapshot describe .
    exit: 1
    -- stderr --
    error: ./none.yaml: Deployment other names no namespace, and the manifests are of several (dev, qa): which part it belongs to cannot be told
    hint: give it a metadata.namespace, or choose one namespace with --namespace
    ");
    environment.plugin(["describe", ".", "-n", "qa"]).succeeds();
    environment.plugin(["describe", "./both.yaml", "-n", "qa"]).succeeds();
    insta::assert_snapshot!(environment.plugin(["describe", "./both.yaml", "-n", "prod"]).run(), @r"
    $ kubectl snapshot describe ./both.yaml -n prod
    exit: 1
    -- stderr --
    error: ./both.yaml holds manifests of several namespaces (dev, qa)
    hint: choose some of them with --namespace, or none for all as parts
    ");
    environment.write("one.yaml", one);
    let same = ["describe", "./one.yaml", "-o", "jsonpath={.size.workloads}"];
    let elsewhere = environment.plugin(same.into_iter().chain(["-n", "prod"])).succeeds();
    assert_eq!(elsewhere.stdout, environment.plugin(same).succeeds().stdout);
}

#[test]
fn bytes() {
    insta::assert_snapshot!(describe([0x7f, b'E', b'L', b'F', 0xff, 0xfe, 0]), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file is not UTF-8 text; expected a snapshot document, Kubernetes manifests or flag definitions
    ");
}

#[test]
fn nothing_that_belongs_to_a_set() {
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: credentials}\n";
    insta::assert_snapshot!(describe(secret), @r"
    $ kubectl snapshot describe ./file
    exit: 1
    -- stderr --
    error: ./file holds nothing that belongs to a set: no workload, ConfigMap or flag; it has 1 Secret
    ");
}

#[test]
fn a_folder_without_manifests() {
    let environment = TestEnvironment::new();
    environment.write("manifests/README.md", "none here");
    insta::assert_snapshot!(environment.plugin(["describe", "./manifests"]).run(), @r"
    $ kubectl snapshot describe ./manifests
    exit: 1
    -- stderr --
    error: ./manifests holds no .yaml, .yml or .json file
    ");
}

#[test]
fn a_file_that_is_not_there() {
    let environment = TestEnvironment::new();
    insta::assert_snapshot!(environment.plugin(["describe", "./tax.yaml"]).run(), @r"
    $ kubectl snapshot describe ./tax.yaml
    exit: 1
    -- stderr --
    error: there is no file or folder ./tax.yaml
    ");
    // For `diff`, 1 is no error.
    insta::assert_snapshot!(environment.plugin(["diff", "./tax.yaml", "./tax.yaml"]).run(), @r"
    $ kubectl snapshot diff ./tax.yaml ./tax.yaml
    exit: 2
    -- stderr --
    error: there is no file or folder ./tax.yaml
    ");
}

/// kubectl would apply the first of them alone.
#[test]
fn a_document_that_begins_without_dashes() {
    let environment = TestEnvironment::new();
    let manifest =
        |name: &str| format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}}}\n...\n");
    environment.write("two.yaml", format!("{}{}", manifest("cart"), manifest("tax")));
    let refused = environment.plugin(["describe", "./two.yaml"]).exits(1).stderr;
    let says = "error: ./two.yaml, line 5: a document begins after `...` without `---`";
    assert!(
        refused.starts_with(says) && refused.contains("hint: write --- before it"),
        "{refused}"
    );
    environment.write("fine.yaml", format!("{}---\n{}", manifest("cart"), manifest("tax")));
    environment.plugin(["describe", "./fine.yaml"]).succeeds();
}
