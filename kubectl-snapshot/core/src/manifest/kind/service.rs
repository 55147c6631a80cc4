//! The kind Service: the names under which workloads' pods are reached.

use serde_json::{Map, Value, json};

use super::{Defaults, FixedFields, Form, KindSpec, Role, Serving, Wave};
use crate::manifest::defaults::{objects, remove_if, remove_if_same};

pub(super) static SPEC: KindSpec = KindSpec {
    name: "Service",
    group: "",
    former_groups: &[],
    version: "v1",
    other_versions: &[],
    plural: "services",
    serving: Serving::Always,
    wave: Wave::Services,
    role: Role::Service,
    fixed: FixedFields::Judged(is_fixed),
    form: Form::Reduced(Defaults {
        assigned: take_addresses_out,
        table: r#"
        spec.type = "" "ClusterIP"
        spec.sessionAffinity = "" "None"
        spec.sessionAffinityConfig.clientIP.timeoutSeconds = 10800
        spec.internalTrafficPolicy = "Cluster"
        spec.externalTrafficPolicy = "" "Cluster"
        spec.allocateLoadBalancerNodePorts = true
        spec.ipFamilyPolicy = "SingleStack"
        spec.publishNotReadyAddresses = false
        spec.externalName|loadBalancerIP = ""
        spec.ports[*].protocol = "" "TCP"
        spec.ports[*].name = ""
        spec.ports[*].targetPort = 0 ""
        "#,
        dependent: strip,
    }),
};

/// The label by which Argo Rollouts tells pods of one version from those of another. It puts it
/// into the selectors of the Services that a Rollout steers, and takes it out again.
pub const ROLLOUT_HASH: &str = "rollouts-pod-template-hash";

/// True if the server takes a Service for one of both address families: it has
/// no address of its own, and its endpoints, which nothing selects, may be of either.
#[must_use]
pub fn takes_any_family(service: &Map<String, Value>) -> bool {
    let selects =
        service.get("selector").and_then(Value::as_object).is_some_and(|labels| !labels.is_empty());
    !selects && service.get("clusterIP").is_some_and(|address| address == "None")
}

fn is_fixed(path: &str, sides: [&Value; 2]) -> bool {
    let is =
        |side: &Value, kind: &str| side.pointer("/spec/type").is_some_and(|found| found == kind);
    match path {
        // Another name has no address, so it may gain one and lose it.
        "spec.clusterIP" => !sides.iter().any(|side| is(side, "ExternalName")),
        "spec.loadBalancerClass" => sides.iter().all(|side| is(side, "LoadBalancer")),
        _ => false,
    }
}

fn take_addresses_out(service: &mut Map<String, Value>) {
    let Some(Value::Object(spec)) = service.get_mut("spec") else { return };
    if let Some(Value::Object(selector)) = spec.get_mut("selector") {
        selector.remove(ROLLOUT_HASH);
    }
    if spec.get("clusterIP").is_some_and(|address| address != "None") {
        spec.remove("clusterIP");
    }
    for assigned in ["clusterIPs", "ipFamilies", "healthCheckNodePort"] {
        spec.remove(assigned);
    }
    for port in objects(spec, "ports") {
        port.remove("nodePort");
    }
}

fn strip(service: &mut Map<String, Value>) {
    let Some(Value::Object(spec)) = service.get_mut("spec") else { return };
    if spec.get("sessionAffinity").is_none_or(|affinity| affinity != "ClientIP") {
        spec.remove("sessionAffinityConfig");
    }
    if takes_any_family(spec) {
        remove_if(spec, "ipFamilyPolicy", &json!("RequireDualStack"));
    }
    for port in objects(spec, "ports") {
        remove_if_same(port, "targetPort", "port");
    }
}
