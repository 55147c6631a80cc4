//! Rules of the Gateway API's routes.

use serde_json::Value;

use super::{
    backend::{Backend, Unresolved},
    lists::{elements, texts},
    matches,
};

/// Hosts and rules of an `HTTPRoute` or `GRPCRoute`.
pub(super) fn read(route: &Value) -> (Vec<String>, Vec<Unresolved>) {
    let hosts = texts(route, "/spec/hostnames");
    // A route without a rule has one, without a backend.
    let rules = elements(route, "/spec/rules").map(rule).collect();
    (hosts, rules)
}

fn rule(rule: &Value) -> Unresolved {
    let words = matches::any_of(elements(rule, "/matches").map(matches::of_gateway));
    let requests = matches::named(rule, words);
    let backends: Vec<Backend> = elements(rule, "/backendRefs").map(backend).collect();
    let is_redirect = |filter: &Value| filter.get("requestRedirect").is_some();
    let redirected = elements(rule, "/filters").any(is_redirect);
    let otherwise = (backends.is_empty() && redirected).then(|| "redirected".to_owned());
    Unresolved { requests, otherwise, backends: Backend::added_up(backends) }
}

fn backend(reference: &Value) -> Backend {
    let text = |member: &str| reference.get(member).and_then(Value::as_str);
    let name = text("name").unwrap_or_default();
    let weight = reference.get("weight").map_or(1, |weight| weight.as_u64().unwrap_or(0));
    let elsewhere = text("namespace").map(|namespace| format!("{name}.{namespace}"));
    let other = text("kind").filter(|kind| *kind != "Service").map(|kind| format!("{kind} {name}"));
    let service = (elsewhere.is_none() && other.is_none()).then(|| name.to_owned());
    let shown = other.or(elsewhere).unwrap_or_else(|| name.to_owned());
    Backend { service, shown, subset: None, weight }
}
