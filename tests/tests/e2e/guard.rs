//! `init`, its roles and its guard, tried by users who have those roles and no others.

mod broken;
mod chains;
mod docs;
mod evidence;
mod generated;
mod init;
mod parts;
mod promotion;
mod records;
mod roles;
mod ways_round;

use std::collections::BTreeMap;

use end_to_end::{Cluster, Namespace, Output, wait_for};
use serde_json::{Value, json};

/// The label that says which part of the store a ConfigMap is.
const PART: &str = "kubectl-snapshot.dev/part";

/// The label that says what a part belongs to.
const OF: &str = "kubectl-snapshot.dev/of";

/// One service, as manifests have it.
const TAX: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: tax}
spec:
  selector: {matchLabels: {app: tax}}
  template:
    metadata: {labels: {app: tax}}
    spec:
      containers: [{name: tax, image: 'registry.example/shop/tax:1.4.1'}]
";

/// A namespace whose store has been set up, and is taken down at the end.
pub(crate) struct Shop {
    pub(crate) place: Namespace,
}

impl Shop {
    /// With the roles, and each bound to the user of its name.
    fn with_roles() -> Self {
        let shop = Self { place: Namespace::new(Cluster::shared(), "qa") };
        shop.place.plugin(["init"]).succeeds();
        for user in ["reader", "developer", "promoter"] {
            shop.bind(user, &format!("snapshot-{user}"));
        }
        shop
    }

    /// With the guard as well.
    pub(crate) fn guarded() -> Self {
        let shop = Self::with_roles();
        shop.place.plugin(["init", "--guard"]).succeeds();
        shop
    }

    /// The store's namespace.
    fn store(&self) -> &str {
        self.place.store()
    }

    /// Gives a user a role of the store, and waits until it counts.
    pub(crate) fn bind(&self, user: &str, role: &str) {
        self.bind_role(user, role);
        self.wait_until_may(user, &json!({"verb": "list", "resource": "configmaps"}));
    }

    /// Gives a user one right that exists in roles alone, for one name.
    pub(crate) fn grant(&self, user: &str, verb: &str, resource: &str, name: &str) {
        let title = format!("{user}-{verb}-{name}");
        let role = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role",
            "metadata": {"name": title},
            "rules": [{
                "apiGroups": ["kubectl-snapshot.dev"], "resources": [resource],
                "verbs": [verb], "resourceNames": [name],
            }],
        });
        passes(&self.create("admin", &role));
        self.bind_role(user, &title);
        let right = json!({
            "group": "kubectl-snapshot.dev", "verb": verb, "resource": resource, "name": name,
        });
        self.wait_until_may(user, &right);
    }

    fn bind_role(&self, user: &str, role: &str) {
        let line = format!("create rolebinding {user}-{role} --role={role} --user={user}");
        passes(&self.kubectl("admin", &line));
    }

    /// Waits until a user has a right in the store's namespace. `kubectl auth can-i`
    /// asks only for what the API server serves.
    fn wait_until_may(&self, user: &str, right: &Value) {
        let mut right = right.clone();
        right["namespace"] = self.store().into();
        let review = json!({
            "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
            "spec": {"resourceAttributes": right},
        });
        wait_for("the role", || {
            let answer = self.send(user, "create --validate=false -o json", &review).json();
            (answer["status"]["allowed"] == true).then_some(())
        });
    }

    /// kubectl on the store, as some user.
    fn kubectl(&self, user: &str, line: &str) -> Output {
        let words = ["-n", self.store()].into_iter().chain(line.split_whitespace());
        self.place.cluster().kubectl(words).as_user(user).run()
    }

    /// Creates an object in the store, as some user.
    fn create(&self, user: &str, object: &Value) -> Output {
        self.send(user, "create", object)
    }

    /// Sends an object to the store by `create`, `apply --server-side`, `replace`, ….
    fn send(&self, user: &str, verb: &str, object: &Value) -> Output {
        let words = verb.split_whitespace().chain(["-n", self.store(), "-f", "-"]);
        let kubectl = self.place.cluster().kubectl(words).as_user(user);
        kubectl.stdin(object.to_string()).run()
    }

    /// A ConfigMap of the store, as it is there.
    fn get(&self, name: &str) -> Value {
        self.kubectl("admin", &format!("get configmap {name} -o json")).json()
    }
}

impl Drop for Shop {
    fn drop(&mut self) {
        let (cluster, store) = (self.place.cluster(), self.place.store());
        let guard = format!("kubectl-snapshot-guard.{store}");
        let kinds = "validatingadmissionpolicybinding,validatingadmissionpolicy";
        cluster.kubectl(["delete", kinds, &guard, "--ignore-not-found"]).run();
        for role in ["capture", "apply"] {
            let role = format!("kubectl-snapshot-{role}.{store}");
            cluster.kubectl(["delete", "clusterrole", &role, "--ignore-not-found"]).run();
        }
        // The namespaces are deleted next, which the guard forbids for as long as it is remembered.
        let gone = || {
            let delete = ["delete", "namespace", store, "--ignore-not-found", "--dry-run=server"];
            cluster.kubectl(delete).run().exit == 0
        };
        (0..100).any(|_| gone());
    }
}

/// Reason of the guard's refusal: what it said after naming itself.
#[track_caller]
fn refusal(output: &Output) -> &str {
    assert_eq!(output.exit, 1, "{}", output.transcript());
    let (_, why) = output
        .stderr
        .split_once("denied request: ")
        .unwrap_or_else(|| panic!("it was not the guard:\n{}", output.transcript()));
    why.trim_end()
}

/// A write that the guard lets pass.
#[track_caller]
fn passes(output: &Output) {
    assert_eq!(output.exit, 0, "{}", output.transcript());
}

/// A ConfigMap with the labels of a part of the store.
fn part(name: &str, data: &Value) -> Value {
    let part = name.split('.').next().unwrap();
    json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": name, "labels": {PART: part}},
        "data": data,
    })
}

/// A record that `actor` may write: the decision to let a snapshot onto a stage.
fn record(stage: &str, number: &str, actor: &str) -> Value {
    let mut record = part(
        &format!("records.{stage}.{number}"),
        &json!({
            "actor": actor, "stage": stage, "number": number, "event": "decided",
            "verdict": "allow", "outcome": "approved",
        }),
    );
    record["metadata"]["labels"][OF] = stage.into();
    record["immutable"] = true.into();
    written(&mut record);
    record
}

/// Gives a record the document that goes with its members.
fn written(record: &mut Value) {
    let data = &record["data"];
    let digest = format!("sha256:{}", "0".repeat(64));
    let decision = match (&data["outcome"], &data["overridden"]) {
        (outcome, _) if outcome == "refused" => "refused",
        (_, Value::Null) => "approved",
        _ => "overridden",
    };
    let number: u64 = data["number"].as_str().and_then(|text| text.parse().ok()).unwrap_or(0);
    let common = json!({
        "actor": {"groups": [], "name": data["actor"]},
        "apiVersion": "kubectl-snapshot.dev/v1alpha1", "at": "2026-01-01T00:00:00Z",
        "event": data["event"], "kind": "Record", "number": number, "stage": data["stage"],
        "writer": "ada@desk/1",
    });
    let more = if data["event"] == "ended" {
        json!({"decision": number - 1, "result": "succeeded"})
    } else {
        json!({
            "before": {"digest": digest}, "decision": decision, "policies": [], "questions": {},
            "snapshot": {"digest": digest, "name": "rel-42"}, "summary": {},
            "target": {"context": "kind", "namespace": "prod"}, "verdict": data["verdict"],
            "way": "promotion",
        })
    };
    // Canonical JSON: its members are sorted.
    let members: BTreeMap<&String, &Value> =
        [&common, &more].into_iter().filter_map(Value::as_object).flatten().collect();
    let text = serde_json::to_string(&members).expect("texts are keys");
    record["data"]["record"] = text.into();
}

/// The end of a chain.
fn chain_end(stage: &str, number: &str) -> Value {
    let digest = format!("sha256:{}", "0".repeat(64));
    part(&format!("chains.{stage}"), &json!({"number": number, "digest": digest}))
}
