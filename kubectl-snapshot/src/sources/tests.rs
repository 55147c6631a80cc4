//! Recognition of files, and errors of those that make no set.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use snapshot_core::{
    assembly::CaptureOptions,
    document,
    manifest::{Kind, Manifest},
    snapshot::Snapshot,
};

use super::{Content, Input, SourceError, content::read_here};

const CART: &str = "\
apiVersion: apps/v1
kind: Deployment
metadata:
  name: cart
  annotations:
    kubectl-snapshot.dev/flags: TAX_CALL_ENABLED=tax-call requires tax >=1.4
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - name: cart
        image: shop/cart:2.0.0
        env:
        - {name: TAX_CALL_ENABLED, valueFrom: {configMapKeyRef: {name: shop-config, key: tax}}}
";

const CONFIG: &str = "\
apiVersion: v1
kind: ConfigMap
metadata: {name: shop-config}
data: {tax: \"true\"}
";

fn input(text: &str) -> Input {
    Input { name: "shop.yaml".into(), text: text.into() }
}

fn read_text(text: &str) -> Result<Content, SourceError> {
    read_here(&[input(text)], CaptureOptions::default(), &[])
}

/// The objects of the set that the files make, by kind and name.
fn objects(inputs: &[Input], namespaces: &[&str]) -> BTreeMap<(Kind, String), Value> {
    match read_here(inputs, CaptureOptions::default(), &owned(namespaces)) {
        Ok(Content::Set { assembled, .. }) => {
            let objects = assembled.spec.objects.values();
            objects.map(|object| (object.identity().unwrap(), object.tree())).collect()
        }
        other => panic!("a set: {other:?}"),
    }
}

fn owned(names: &[&str]) -> Vec<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

fn names(text: &str) -> Vec<String> {
    objects(&[input(text)], &[]).into_keys().map(|(kind, name)| format!("{kind} {name}")).collect()
}

fn refusal(text: &str) -> String {
    read_text(text).expect_err(text).to_string()
}

fn config_map(name: &str, namespace: &str) -> String {
    format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: {name}, namespace: {namespace}}}\ndata: {{a: b}}\n"
    )
}

#[test]
fn manifests_become_a_set_with_its_flags() {
    let text = format!("# the shop\n---\n{CART}---\n{CONFIG}---\n# nothing more\n");
    let Ok(Content::Set { assembled, passed_over }) = read_text(&text) else { panic!("a set") };
    assert_eq!(
        assembled.spec.services["cart"]["cart"].containers["cart"].version.as_deref(),
        Some("2.0.0")
    );
    let flag = &assembled.spec.flags["tax-call"];
    assert_eq!((flag.is_on(), flag.requires[0].to_string()), (true, "tax >=1.4".into()));
    assert!(passed_over.is_empty());
}

#[test]
fn one_set_in_every_shape_that_kubectl_takes() {
    let docs: Vec<Value> =
        [CART, CONFIG].iter().map(|text| serde_saphyr::from_str(text).unwrap()).collect();
    let (cart, config) = (docs[0].to_string(), docs[1].to_string());
    let expected = names(&format!("{CART}---\n{CONFIG}"));
    assert_eq!(expected, ["ConfigMap shop-config", "Deployment cart"]);
    let list =
        |items: &str| format!(r#"{{"apiVersion": "v1", "kind": "List", "items": [{items}]}}"#);
    for text in [
        format!("\u{feff}{CONFIG}---\r\n{CART}...\n"),
        format!("{cart}{config}"),
        format!("{cart}\n---\n{config}\n"),
        format!("---\n{cart}\n---\n{config}\n---\n"),
        format!("{CART}---\n{config}"),
        list(&format!("{cart},{config}")),
        list(&format!("{},{config}", list(&cart))),
        format!("{}{config}", list(&cart)),
        format!("{cart} null {config}"),
    ] {
        assert_eq!(names(&text), expected, "{text}");
    }
}

#[test]
fn items_of_a_typed_list_need_not_say_what_they_are() {
    let mut config: Value = serde_saphyr::from_str(CONFIG).unwrap();
    config
        .as_object_mut()
        .unwrap()
        .retain(|member, _| matches!(member.as_str(), "metadata" | "data"));
    let list = json!({"apiVersion": "v1", "kind": "ConfigMapList", "items": [config]});
    assert_eq!(names(&list.to_string()), ["ConfigMap shop-config"]);
    let list = json!({"apiVersion": "v1", "kind": "List", "items": [config]});
    assert_eq!(
        refusal(&list.to_string()),
        "shop.yaml, document 1: it has neither kind nor flags, but data, metadata; expected a snapshot document, Kubernetes manifests or flag definitions"
    );
    let empty = json!({"apiVersion": "v1", "kind": "ConfigMapList", "items": null});
    assert_eq!(
        names(&format!("{empty}{}", serde_saphyr::from_str::<Value>(CONFIG).unwrap())),
        ["ConfigMap shop-config"]
    );
}

#[test]
fn yaml_is_what_kubectl_takes_it_for() {
    let pod = |volume: &str| {
        let text = format!("{CART}      volumes:\n      - {{name: config, {volume}}}\n");
        objects(&[input(&text)], &[]).into_values().next().unwrap()
    };
    let octal = pod("secret: {secretName: s, defaultMode: 0644}");
    assert_eq!(octal, pod("secret: {secretName: s, defaultMode: 420}"));
    assert_eq!(octal, pod("secret: {secretName: s}"), "which is the default");
    assert_eq!(
        pod("secret: {secretName: s, defaultMode: 0400}"),
        pod("secret: {secretName: s, defaultMode: 0o400}")
    );
    for yes in ["yes", "on", "True", "y"] {
        let optional = pod(&format!("configMap: {{name: c, optional: {yes}}}"));
        assert_eq!(optional, pod("configMap: {name: c, optional: true}"), "{yes}");
    }
    let anchored = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: c}\ndata: &data {a: 2024-01-15, b: 1.4.0, c: 3f2a91c}\n";
    let config = objects(&[input(anchored)], &[]).into_values().next().unwrap();
    assert_eq!(config["data"], json!({"a": "2024-01-15", "b": "1.4.0", "c": "3f2a91c"}));
}

#[test]
fn yaml_that_reads_as_something_else_is_pointed_out() {
    let with = |value: &str| CONFIG.replace("\"true\"", value);
    assert_eq!(
        refusal(&with("yes")),
        "shop.yaml: ConfigMap shop-config: data.tax is true, and must be text; put it in quotes"
    );
    assert_eq!(
        refusal(&with("0644")),
        "shop.yaml: ConfigMap shop-config: data.tax is 420, and must be text; put it in quotes"
    );
    assert_eq!(
        refusal(&with("12e3456")),
        "shop.yaml is not valid YAML: non-finite float `12e3456` rejected by the configured policy at line 4, column 13; put it in quotes"
    );
    let twice = format!("{CONFIG}data: {{}}\n");
    assert_eq!(
        refusal(&twice),
        "shop.yaml is not valid YAML: duplicate mapping key: data at line 5, column 1"
    );
}

#[test]
fn broken_files_are_told_apart() {
    assert_eq!(
        refusal(r#"{"apiVersion": "v1", "kind": "ConfigMap", "meta"#),
        "shop.yaml is not valid JSON: EOF while parsing a string at line 1 column 47; the file is cut short"
    );
    assert!(
        refusal("{{ .Values.shop }}")
            .starts_with("shop.yaml is not valid JSON: key must be a string at line 1 column 2")
    );
    let config: Value = serde_saphyr::from_str(CONFIG).unwrap();
    assert!(
        refusal(&format!("{config}\n{{,}}"))
            .starts_with("shop.yaml is not valid JSON: key must be a string at line 2")
    );
    assert!(
        refusal("a: b: c")
            .starts_with("shop.yaml is not valid YAML: mapping values are not allowed")
    );
    assert_eq!(
        names("{apiVersion: v1, kind: ConfigMap, metadata: {name: c}, data: {a: b}}"),
        ["ConfigMap c"]
    );
    let nothing = "shop.yaml holds nothing that belongs to a set: no workload, ConfigMap or flag";
    for text in ["", "# nothing", "---\n---\n", "null", "~\n"] {
        assert_eq!(refusal(text), nothing, "{text:?}");
    }
    let secret = "apiVersion: v1\nkind: Secret\nmetadata: {name: s}\n";
    assert_eq!(refusal(secret), format!("{nothing}; it has 1 Secret"));
}

#[test]
fn what_is_no_manifest_is_named() {
    let expected = "expected a snapshot document, Kubernetes manifests or flag definitions";
    for (text, found) in [
        ("just words", "document 1: it is plain text"),
        ("- a\n- b\n", "document 1: it is a list"),
        ("a: 1\n", "document 1: it has neither kind nor flags, but a"),
        (
            "kind: Deployment\nmetadata: {name: cart}\n",
            "document 1: it has a kind, but no apiVersion",
        ),
        ("apiVersion: v1\ndata: {}\n", "document 1: it has an apiVersion, but no kind"),
        (r#"{"$schema": "s", "$id": "i"}"#, "document 1: it is a JSON Schema"),
    ] {
        assert_eq!(refusal(text), format!("shop.yaml, {found}; {expected}"));
    }
    assert!(refusal(&format!("{CONFIG}---\na: 1\n")).contains("shop.yaml, document 2: "));
}

#[test]
fn kinds_that_belong_to_no_set_are_counted() {
    let ingress = "apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: shop}\n";
    let crd = "apiVersion: example.com/v1\nkind: Deployment\nmetadata: {name: not-that-one}\n";
    let Ok(Content::Set { assembled, passed_over }) =
        read_text(&format!("{ingress}---\n{ingress}---\n{crd}---\n{CONFIG}"))
    else {
        panic!("a set")
    };
    assert_eq!(assembled.spec.objects.len(), 1);
    assert_eq!(passed_over.to_string(), "1 Deployment, 2 Ingress");
}

#[test]
fn a_deployment_of_earlier_days_is_one() {
    let today = objects(&[input(CART)], &[]);
    let old = CART
        .replace("apps/v1", "extensions/v1beta1")
        .replace("  selector: {matchLabels: {app: cart}}\n", "");
    assert_eq!(objects(&[input(&old)], &[]), today);
}

#[test]
fn a_set_is_of_one_namespace() {
    let [dev, qa, none] = [config_map("a", "dev"), config_map("a", "qa"), CONFIG.to_owned()];
    let all = format!("{none}---\n{dev}---\n{qa}---\n{}", config_map("b", "prod"));
    assert_eq!(
        refusal(&all),
        "shop.yaml: ConfigMap shop-config names no namespace, and the manifests are of several \
         (dev, prod, qa): which part it belongs to cannot be told"
    );
    let chosen = |namespace| {
        let found = objects(&[input(&all)], &[namespace]);
        found.into_keys().map(|(_, name)| name).collect::<Vec<_>>()
    };
    assert_eq!(chosen("prod"), ["b", "shop-config"]);
    assert_eq!(chosen("dev"), ["a", "shop-config"]);
    let error = read_here(&[input(&all)], CaptureOptions::default(), &owned(&["stage"]))
        .expect_err("none of them")
        .to_string();
    assert!(error.contains("(dev, prod, qa)"), "{error}");
    assert_eq!(
        objects(&[input(&dev)], &["qa"]).len(),
        1,
        "one namespace is taken whatever it is called"
    );
    assert_eq!(
        names(&format!("{}---\n{dev}", config_map("b", "\"\""))),
        ["ConfigMap a", "ConfigMap b"]
    );
}

#[test]
fn manifests_of_several_namespaces_are_parts() {
    let [dev, qa, prod] = ["dev", "qa", "prod"].map(|namespace| config_map("a", namespace));
    let account =
        "apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: idle, namespace: empty}\n";
    let all = format!("{qa}---\n{dev}---\n{account}---\n{prod}");
    let parts = |chosen: &[&str]| match read_here(
        &[input(&all)],
        CaptureOptions::default(),
        &owned(chosen),
    ) {
        Ok(Content::Parts { parts, .. }) => parts
            .into_iter()
            .map(|(name, part)| (name.to_string(), part.spec.objects.len()))
            .collect::<Vec<_>>(),
        other => panic!("parts: {other:?}"),
    };
    let part = |name: &str, objects| (name.to_owned(), objects);
    assert_eq!(parts(&[]), [part("dev", 1), part("prod", 1), part("qa", 1)]);
    assert_eq!(parts(&["qa", "dev"]), [part("dev", 1), part("qa", 1)]);
    assert_eq!(parts(&["qa", "empty"]), [part("empty", 0), part("qa", 1)], "as it was asked for");
    let chosen = owned(&["dev", "stage"]);
    let error = read_here(&[input(&all)], CaptureOptions::default(), &chosen).unwrap_err();
    assert_eq!(error.to_string(), "shop.yaml holds no manifest of the namespace stage");
    assert_eq!(names(&format!("{account}---\n{dev}")), ["ConfigMap a"], "one part is a set");
    let job = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: j, namespace: jobs}\n\
               spec: {template: {spec: {containers: [{name: j, image: j}]}}}\n";
    assert_eq!(names(&format!("{job}---\n{CONFIG}---\n{dev}")).len(), 2, "a Job is no part");
    assert!(refusal(&config_map("a", "Dev")).contains("\"Dev\" cannot be the name of a namespace"));
}

#[test]
fn what_one_part_has_twice_is_no_matter_of_the_others() {
    let [dev, qa] = ["dev", "qa"].map(|namespace| config_map("a", namespace));
    let other = dev.replace("a: b", "a: c");
    let again = Input { name: "again.yaml".into(), text: other };
    let error =
        read_here(&[input(&format!("{qa}---\n{dev}")), again], CaptureOptions::default(), &[]);
    let error = error.unwrap_err().to_string();
    assert!(error.starts_with("ConfigMap a is in shop.yaml and in again.yaml"), "{error}");
}

#[test]
fn one_object_twice_is_a_mistake() {
    let again = |text: &str| Input { name: "again.yaml".into(), text: text.to_owned() };
    let equal = [input(CONFIG), again(CONFIG)];
    assert!(read_here(&equal, CaptureOptions::default(), &[]).is_ok(), "equal ones are one");
    let other = [input(CONFIG), again(&format!("{CONFIG}immutable: true\n"))];
    let error =
        read_here(&other, CaptureOptions::default(), &[]).expect_err("they differ").to_string();
    assert_eq!(
        error,
        "ConfigMap shop-config is in shop.yaml and in again.yaml, and they differ; take one out, or name one namespace's manifests"
    );
}

#[test]
fn a_snapshot_stands_alone() {
    let mut snapshot = Snapshot::default();
    let manifest = Manifest::new(&serde_saphyr::from_str(CONFIG).unwrap());
    snapshot.spec.objects.insert(manifest.digest(), manifest);
    let text = document::to_value(&snapshot.clone().into()).to_string();
    let Ok(Content::Document(read_back)) = read_text(&text) else { panic!("a snapshot") };
    assert_eq!(read_back.digest(), snapshot.spec.digest());
    let mixed =
        "shop.yaml holds a snapshot document beside others; give one snapshot, or manifests";
    for text in [
        format!("{text}{text}"),
        format!("{text}\n---\n{CONFIG}"),
        format!("{CONFIG}---\n{text}\n"),
    ] {
        assert_eq!(refusal(&text), mixed);
    }
}

#[test]
fn flags_in_a_file_of_their_own_belong_to_the_set() {
    let flags = json!({"flags": {"tax-call": {"state": "ENABLED", "variants": {"on": true, "off": false}, "defaultVariant": "on"}}});
    let inputs = [input(CONFIG), Input { name: "flags.json".into(), text: flags.to_string() }];
    let Ok(Content::Set { assembled, .. }) = read_here(&inputs, CaptureOptions::default(), &[])
    else {
        panic!("a set")
    };
    assert_eq!(assembled.spec.flags["tax-call"].source, "flagd:flags.json");
    let alone = read_here(&inputs[1..], CaptureOptions::default(), &[]);
    assert!(matches!(alone, Ok(Content::Set { assembled, .. }) if assembled.spec.flags.len() == 1));
}

#[test]
fn flags_in_yaml_are_what_flagd_makes_of_them() {
    let text = "# words\n---\nflags:\n  tax-call:\n    state: ENABLED\n    variants: {on: true, off: false}\n    defaultVariant: on\n";
    let inputs = [input(CONFIG), Input { name: "shop.flagd.yaml".into(), text: text.into() }];
    let read = read_here(&inputs, CaptureOptions::default(), &[]);
    let Ok(Content::Set { assembled, .. }) = read else { panic!("{read:?}") };
    assert!(assembled.spec.flags["tax-call"].is_on());
}

#[test]
fn a_flag_that_cannot_be_read_names_its_file() {
    let flags = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: flags}\ndata: {shop.flagd.json: \"{\"}\n";
    let inputs = [input(CONFIG), Input { name: "flags.yaml".into(), text: flags.into() }];
    let error = read_here(&inputs, CaptureOptions::default(), &[]).unwrap_err().to_string();
    assert!(error.starts_with("flags.yaml: ConfigMap flags, key shop.flagd.json"), "{error}");
}
