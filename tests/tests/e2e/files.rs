//! Meaning of files: what the API server makes of them, sent by kubectl, is the reference.

use std::collections::BTreeMap;

use end_to_end::{Cluster, Folder, Namespace, test};
use serde_json::{Deserializer, Value};

/// `data` of ConfigMaps, as people write it.
const DATA: &[&str] = &[
    "\n  a: ~\n  b: x",
    "\n  a: &x |\n    hello\n  b: *x",
    "\n  <<: {c: d}\n  a: b",
    "\n  a: !!str 1\n  b: !!str true",
    "\n  'a': \"x\\ty\\u00e9\"\n  \"b\": 'it''s'",
    "\n  a: >-\n    one\n    two\n\n    three\n  b: >+\n    x\n\n  c: |2\n      indented",
    "\r\n  a: |\r\n    one\r\n    two\r\n  b: x\r\n",
    "\n  a: x # c\n  b: x#c\n  c: '# c'",
    "\n  a: one\n    two\n    three",
    "\n  a: http://x:80/y\n  b: a:b",
    "\n  a: ''\n  b: \"\"",
    "\n  a: 1",
    "\n  a: true",
    "\n  a: 2001-01-01",
    "\n  a: 12:30:45",
    "\n  a: 0o17",
    "\n  a: 017",
    "\n  a: 1_000",
    "\n  a: 1e3",
    "\n  a: .inf",
    "\n  y: y\n  n: n\n  on: on\n  off: off\n  YES: YES",
    "\n  1: a\n  2.5: b\n  true: c\n  null: d\n  0x10: e",
    "\n  0o17: a\n  1_000: b\n  +1: c\n  .5: d",
    "\n  {a: 'x', b: \"y\", c: z}",
    "\n  ? a\n  : x\n  ? |\n    long\n  : y",
    "\n  a: !!binary aGVsbG8=",
    "\n  a: |\n    ---\n    b\n---",
    "\n  a: b\n...\n---\n\n---\n# nothing\n---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: u}",
    "\n  a: b\n--- # second\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: u}",
];

/// Members of a container.
const CONTAINER: &[&str] = &[
    "env: [{name: A, value: 'yes'}, {name: B, value: y}]",
    "env: [{name: A, value: null}, {name: B, value: ~}, {name: C}]",
    "ports: [{containerPort: 80.0}, {containerPort: 0x51, protocol: UDP}]",
    "resources: {limits: {cpu: 1, memory: 1e9}, requests: {cpu: .5}}",
    "resources: {limits: {cpu: 1.5, memory: 0x10}}",
    "tty: yes",
    "stdin: On",
    "livenessProbe: {periodSeconds: 1_0, exec: {command: [a]}}",
];

/// Files whose form is the question.
const WHOLE: &[&str] = &[
    "\u{feff}apiVersion: v1\nkind: ConfigMap\nmetadata: {name: t}\n",
    r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"t"}}
{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"u"}}"#,
    r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"t"}}
---
{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"u"}}"#,
    r#"{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"t"},"data":{"a":"x\/y\u00e9\ud83d\ude00"}}"#,
    "{\n\t\"apiVersion\":\"v1\",\n\t\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"t\"}}",
    "apiVersion: v1\nkind: ConfigMapList\nitems:\n- metadata: {name: t}\n  data: {a: b}\n- apiVersion: v1\n  kind: ConfigMap\n  metadata: {name: u}\n",
    "apiVersion: v1\nkind: List\nitems:\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: t}}\n- {apiVersion: v1, kind: ConfigMap, metadata: {name: u}}\n",
];

#[test]
fn files_mean_what_they_mean_to_the_api_server() {
    let namespace = Namespace::new(Cluster::shared(), "files");
    let folder = Folder::new(Cluster::shared());
    let config_map = |data: &&str| {
        format!("apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: t}}\ndata:{data}\n")
    };
    let deployment = |member: &&str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: t}}\nspec:\n  selector: {{matchLabels: {{a: t}}}}\n  template:\n    metadata: {{labels: {{a: t}}}}\n    spec:\n      containers:\n      - name: c\n        image: shop/cart:1.0.0\n        {member}\n"
        )
    };
    let files = DATA.iter().map(config_map).chain(CONTAINER.iter().map(deployment));
    let files = files.chain(WHOLE.iter().map(|text| (*text).to_owned()));
    for (number, file) in files.enumerate() {
        folder.write("file.yaml", &file);
        let create = ["create", "--dry-run=server", "-o", "json", "-f", "./file.yaml"];
        let kubectl = namespace.kubectl(create).current_dir(folder.path()).run();
        let get = ["get", "./file.yaml", "-o", "json"];
        let ours = namespace.plugin(get).current_dir(folder.path()).run();
        let refused = (kubectl.exit != 0, ours.exit != 0);
        assert_eq!(refused.0, refused.1, "file {number}:\n{file}\n{kubectl}\n{ours}");
        if refused.0 {
            continue;
        }
        let seen = printed(&kubectl.stdout);
        let document = ours.json();
        let read = document["spec"]["objects"].as_object().into_iter().flatten();
        let read: Vec<Value> = read.map(|(_, object)| object.clone()).collect();
        assert_eq!(meaning(&read), meaning(&seen), "file {number}:\n{file}");
    }
}

/// Objects that kubectl has printed, one after the other or as a list.
fn printed(text: &str) -> Vec<Value> {
    let documents = Deserializer::from_str(text).into_iter::<Value>();
    documents
        .flat_map(|document| {
            let document = document.expect("kubectl prints JSON");
            document["items"].as_array().cloned().unwrap_or_else(|| vec![document])
        })
        .collect()
}

/// Members that the files here set, by the objects' names, without what the API server adds.
fn meaning(objects: &[Value]) -> BTreeMap<String, Value> {
    let said = |object: &Value| {
        let Some(container) = object.pointer("/spec/template/spec/containers/0") else {
            return object["data"].clone();
        };
        let mut container = container.clone();
        container.as_object_mut().expect("it is one").retain(|name, value| {
            let added = ["imagePullPolicy", "terminationMessagePolicy"].contains(&name.as_str());
            !added && *value != serde_json::json!({}) && *value != "/dev/termination-log"
        });
        for port in container["ports"].as_array_mut().into_iter().flatten() {
            port.as_object_mut()
                .expect("it is one")
                .retain(|name, value| name != "protocol" || value != "TCP");
        }
        if let Some(probe) = container["livenessProbe"].as_object_mut() {
            let added = ["failureThreshold", "successThreshold", "timeoutSeconds", "periodSeconds"];
            probe.retain(|name, value| {
                !(added.contains(&name.as_str())
                    && [1, 3, 10].iter().any(|default| value == default))
            });
        }
        container
    };
    objects
        .iter()
        .map(|object| {
            let name = object["metadata"]["name"].as_str().expect("an object has a name");
            (name.to_owned(), said(object))
        })
        .collect()
}
