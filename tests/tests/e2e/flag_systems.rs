//! Flags that a system serves over the network: captured, switched with the set, and put back.

mod applying;
mod captured;
mod going_back;
mod planned;
mod secrets;
mod silent;
mod sources;
mod switching;

use end_to_end::{Cluster, FliptStandIn, Invocation, Namespace};
use serde_json::{Value, json};

/// A namespace, and the Flipt that has its flags; its source is called as the namespace's hint.
struct Place {
    namespace: Namespace,
    flipt: FliptStandIn,
}

impl Place {
    fn new(hint: &str) -> Self {
        Self::of(Namespace::new(Cluster::shared(), hint), FliptStandIn::new(), hint)
    }

    /// Another place with a Flipt of its own, on the same store.
    fn beside(&self, hint: &str) -> Self {
        Self::of(self.namespace.beside(hint), FliptStandIn::new(), hint)
    }

    fn of(namespace: Namespace, flipt: FliptStandIn, name: &str) -> Self {
        let place = Self { namespace, flipt };
        place.add_source(name, &place.flipt.url(), &[]).succeeds();
        place.flipt.forget_requests();
        place
    }

    /// A run that adds a source for the namespace.
    fn add_source(&self, name: &str, url: &str, more: &[&str]) -> Invocation {
        let at = self.namespace.name();
        let add = ["flags", "source", "add", name, "--type", "flipt", "--url", url, "--at", at];
        self.namespace.plugin(add.into_iter().chain(more.iter().copied()))
    }

    /// A run of the plugin in the namespace.
    fn plugin(&self, line: &str) -> Invocation {
        self.namespace.plugin(line.split_whitespace())
    }

    /// Runs manifests in the namespace, until they have rolled out.
    fn run(&self, manifests: &str) {
        self.namespace.apply(manifests);
        self.namespace.wait_rollouts();
    }

    /// The image's tag that a Deployment asks for.
    fn tag(&self, name: &str) -> String {
        tag(self.namespace.name(), name)
    }

    /// The set that runs, as one JSON document.
    fn captured(&self) -> Value {
        self.plugin("capture").succeeds().json()
    }
}

fn tag(namespace: &str, name: &str) -> String {
    let path = "jsonpath={.spec.template.spec.containers[0].image}";
    let get = ["get", "deployment", name, "--namespace", namespace, "-o", path];
    let image = Cluster::shared().kubectl(get).succeeds().stdout;
    // It may be pinned to a digest.
    let image = image.split('@').next().unwrap_or_default();
    image.rsplit(':').next().unwrap_or_default().to_owned()
}

/// A Deployment of a version, which requires something.
fn service(name: &str, version: &str, requires: &str) -> String {
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": {"name": name, "annotations": {"kubectl-snapshot.dev/requires": requires}},
        "spec": {
            "replicas": 1,
            "selector": {"matchLabels": {"app": name}},
            "template": {
                "metadata": {"labels": {"app": name}},
                "spec": {"containers": [{
                    "name": name, "image": format!("registry.example/shop/{name}:{version}"),
                }]},
            },
        },
    })
    .to_string()
}

/// A flag of true and false with all that people put on one.
fn tax_call(on: bool) -> Value {
    json!({
        "type": "BOOLEAN_FLAG_TYPE", "name": "Tax call", "description": "cart asks tax",
        "enabled": on, "metadata": {"requires": "tax >=1.4", "service": "cart", "team": "money"},
    })
}

/// A flag with three variants, which serves one of them.
fn layout(default: &str) -> Value {
    json!({
        "type": "VARIANT_FLAG_TYPE", "name": "Layout", "enabled": true,
        "variants": [
            {"key": "compact", "name": "Compact", "attachment": {"columns": 2}},
            {"key": "wide", "name": "Wide", "attachment": {"columns": 4}},
        ],
        "defaultVariant": default,
    })
}
