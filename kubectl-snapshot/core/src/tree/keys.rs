//! Keys of list elements: the member by which Kubernetes tells them apart.

use std::collections::BTreeSet;

use serde_json::Value;

/// Key of an element of the list `name`, or `None` where the list is one value.
fn key_of(list: &str, element: &Value) -> Option<String> {
    let text = |pointer: &str| match element.pointer(pointer)? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    match list {
        "containers" | "initContainers" | "env" | "volumes" | "imagePullSecrets"
        | "resourceClaims" => text("/name"),
        "ports" => {
            let port = text("/containerPort").or_else(|| text("/port"))?;
            Some(
                text("/protocol")
                    .map_or_else(|| port.clone(), |protocol| format!("{port}/{protocol}")),
            )
        }
        "volumeMounts" => text("/mountPath"),
        "volumeDevices" => text("/devicePath"),
        "hostAliases" => text("/ip"),
        "topologySpreadConstraints" => {
            Some(format!("{}/{}", text("/topologyKey")?, text("/whenUnsatisfiable")?))
        }
        "volumeClaimTemplates" => text("/metadata/name"),
        "items" => text("/key"),
        _ => None,
    }
}

/// The elements' keys in order, where each has one and no two are equal.
pub(crate) fn keys(list: &str, elements: &[Value]) -> Option<Vec<String>> {
    let keys: Vec<String> =
        elements.iter().map(|element| key_of(list, element)).collect::<Option<_>>()?;
    let distinct: BTreeSet<&String> = keys.iter().collect();
    (distinct.len() == keys.len()).then_some(keys)
}

/// Returns true if the order of the list's elements changes what a pod does, or how.
///
/// The kubelet starts containers one after another and waits for each one's `postStart` hook, init
/// containers run in order, a variable may refer to those before it, and the credentials for an
/// image are tried in turn. A Service's ports and a pod's volumes are alike in any order.
pub(super) fn is_ordered(list: &str) -> bool {
    matches!(list, "containers" | "initContainers" | "env" | "imagePullSecrets")
}
