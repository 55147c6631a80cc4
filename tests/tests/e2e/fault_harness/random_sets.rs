//! Random sets under faults: what runs is the set, or what ran before, or it is told.

use end_to_end::{Namespace, Output};
use serde_json::{Value, json};

use super::{
    Run, drawn,
    scenarios::{Place, State, hold_states},
};

/// Words that images, variables and ConfigMaps have as versions: of no scheme, so that none is a
/// downgrade.
const WORDS: [&str; 4] = ["blue", "red", "green", "amber"];

/// Services that a set may have.
const SERVICES: u64 = 7;

/// A set that follows from a number: services, some of which require each other or read a ConfigMap,
/// at their start or in a volume. Every fifth has an image that no node can pull.
pub(super) struct RandomSet {
    objects: Vec<Value>,
    pub(super) is_broken: bool,
}

impl RandomSet {
    fn of(number: u64, side: &str) -> Self {
        let pick = |what: &str, below: u64| drawn(number, &format!("{side} {what}"), below);
        let word = |what: &str| {
            WORDS[usize::try_from(pick(what, WORDS.len() as u64)).expect("it is small")]
        };
        let has = |service: u64| service == 0 || pick(&format!("has {service}"), 4) > 0;
        let is_broken = side == "wanted" && pick("broken", 5) == 0;
        let mut objects = Vec::new();
        for service in (0..SERVICES).filter(|service| has(*service)) {
            let name = format!("service-{service}");
            let config = format!("config-{service}");
            let tag =
                if is_broken && service == 0 { "broken" } else { word(&format!("tag {name}")) };
            let requires = (0..SERVICES)
                .filter(|other| *other != service && has(*other))
                .filter(|other| pick(&format!("{service} requires {other}"), 6) == 0)
                .map(|other| format!("service-{other}"))
                .collect::<Vec<_>>();
            let mut container = json!({
                "name": "main", "image": format!("shop/{name}:{tag}"),
                "env": [{"name": "MODE", "value": word(&format!("mode {name}"))}],
            });
            let mut pod = json!({});
            let reads = pick(&format!("reads {name}"), 3);
            match reads {
                0 => container["envFrom"] = json!([{"configMapRef": {"name": config}}]),
                1 => pod["volumes"] = json!([{"name": "c", "configMap": {"name": config}}]),
                _ => {}
            }
            pod["containers"] = json!([container]);
            let labels = json!({"app": name});
            objects.push(json!({
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": {
                    "name": name,
                    "annotations": {"kubectl-snapshot.dev/requires": requires.join("; ")},
                },
                "spec": {
                    "selector": {"matchLabels": labels},
                    "template": {"metadata": {"labels": labels}, "spec": pod},
                },
            }));
            if reads < 2 {
                objects.push(json!({
                    "apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": config},
                    "data": {"version": word(&config)},
                }));
            }
        }
        Self { objects, is_broken }
    }

    fn text(&self) -> String {
        json!({"apiVersion": "v1", "kind": "List", "items": self.objects}).to_string()
    }

    fn state(&self) -> State {
        self.objects.iter().filter_map(state_of).collect()
    }
}

/// Object by its kind and name, with what a set says of it.
fn state_of(object: &Value) -> Option<(String, String)> {
    let kind = object["kind"].as_str()?;
    let name = object["metadata"]["name"].as_str()?;
    let said = match kind {
        "Deployment" => {
            let container = object.pointer("/spec/template/spec/containers/0")?;
            json!([container["image"], container["env"]])
        }
        _ if name.starts_with("config-") => object["data"].clone(),
        _ => return None,
    };
    Some((format!("{kind} {name}"), said.to_string()))
}

fn state(namespace: &Namespace) -> State {
    let get = ["get", "deployments,configmaps", "-o", "json"];
    let list = namespace.kubectl(get).succeeds().json();
    list["items"].as_array().expect("a list has items").iter().filter_map(state_of).collect()
}

/// A random set goes to where another runs.
pub(super) fn apply(place: &mut Place, run: &Run) -> Output {
    let namespace = place.namespace();
    for kind in ["deployments", "configmaps", "leases"] {
        namespace.kubectl(["delete", kind, "--all"]).succeeds();
    }
    let (there, wanted) =
        (RandomSet::of(run.number(), "there"), RandomSet::of(run.number(), "wanted"));
    let by = if drawn(run.number(), "server-side", 2) == 0 { &[][..] } else { &["--server-side"] };
    let create = ["apply", "-f", "-"].into_iter().chain(by.iter().copied());
    namespace.kubectl(create).stdin(there.text()).succeeds();
    namespace.wait_rollouts();
    let from = state(namespace);
    // What the set lacks stays.
    let mut to = from.clone();
    to.extend(wanted.state());
    let line = ["apply", "-", "--yes", "--timeout=20s", "-o", "json"];
    let faulty = line.into_iter().chain(["--request-timeout=3s"]);
    let output = run.through(namespace.plugin(faulty).stdin(wanted.text())).run();
    let now = state(namespace);
    let say = || format!("{}\n{}\n{}", run.what(), wanted.text(), output.transcript());
    assert!(!wanted.is_broken || output.exit != 0, "it cannot run: {}", say());
    hold_states(&output, &now, [&from, &to], &say);
    if run.forever {
        // Nobody could give the lock back; it runs out in a minute, which no test waits for.
        namespace.kubectl(["delete", "leases", "--all"]).succeeds();
    }
    let end = if wanted.is_broken { &there } else { &wanted };
    let again = namespace.plugin(line).stdin(end.text()).run();
    assert_eq!(again.exit, 0, "the next run: {}\n{}", say(), again.transcript());
    let now = state(namespace);
    for (object, said) in end.state() {
        assert_eq!(now.get(&object), Some(&said), "{object}: {}", say());
    }
    output
}
