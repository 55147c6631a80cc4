//! Rules of Istio's VirtualServices.

use serde_json::Value;

use super::{
    backend::{Backend, Unresolved, service_of_host},
    lists::{elements, texts},
    matches,
};

/// Hosts and rules of a `VirtualService`.
pub(super) fn read(route: &Value) -> (Vec<String>, Vec<Unresolved>) {
    let hosts = texts(route, "/spec/hosts");
    let of = |list: &str, protocol: &'static str| {
        let rules = elements(route, &format!("/spec/{list}"));
        rules.map(move |one| rule(one, protocol)).collect::<Vec<_>>()
    };
    let rules = [of("http", ""), of("tls", "TLS"), of("tcp", "TCP")];
    (hosts, rules.into_iter().flatten().collect())
}

fn rule(rule: &Value, protocol: &str) -> Unresolved {
    let words = matches::any_of(elements(rule, "/match").map(matches::of_mesh));
    let words = matches::named(rule, words);
    let requests = if protocol.is_empty() { words } else { format!("{protocol}, {words}") };
    let mut backends: Vec<Backend> = elements(rule, "/route").map(destination).collect();
    // The weight of a lone destination is not looked at.
    if let [lone] = backends.as_mut_slice() {
        lone.weight = 1;
    }
    let delegate = rule.pointer("/delegate/name").and_then(Value::as_str);
    let otherwise = match delegate {
        Some(name) => Some(format!("delegated to VirtualService {name}")),
        None if rule.get("redirect").is_some() => Some("redirected".to_owned()),
        None if rule.get("directResponse").is_some() => Some("answered by the mesh".to_owned()),
        None => None,
    };
    Unresolved { requests, otherwise, backends: Backend::added_up(backends) }
}

fn destination(route: &Value) -> Backend {
    let text = |pointer: &str| route.pointer(pointer).and_then(Value::as_str);
    let host = text("/destination/host").unwrap_or_default();
    let service = service_of_host(host).map(str::to_owned);
    let subset = text("/destination/subset").map(str::to_owned);
    let weight = route.get("weight").and_then(Value::as_u64).unwrap_or(0);
    let shown = service.clone().unwrap_or_else(|| host.to_owned());
    Backend { service, shown, subset, weight }
}
