//! Conditions of a rule, in words.

use serde_json::Value;

use super::lists::elements;

/// The requests that some conditions match, any of which will do.
pub(super) fn any_of(conditions: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = conditions.collect();
    if all.is_empty() || all.iter().any(String::is_empty) {
        return "every request".to_owned();
    }
    all.join(" or ")
}

/// The words, behind the rule's name where it has one.
pub(super) fn named(rule: &Value, words: String) -> String {
    match rule.get("name").and_then(Value::as_str) {
        Some(name) => format!("{name}: {words}"),
        None => words,
    }
}

/// A condition of an `HTTPRoute` or `GRPCRoute`; empty where it has none.
pub(super) fn of_gateway(one: &Value) -> String {
    let mut parts = Vec::new();
    if let Some(path) = one.get("path") {
        let value = text(path, "value").unwrap_or("/");
        parts.push(match text(path, "type") {
            Some("Exact") => format!("path {value}"),
            Some("RegularExpression") => format!("path ~ {value}"),
            _ => format!("path {}", prefix(value)),
        });
    }
    match one.get("method") {
        Some(Value::String(method)) => parts.push(format!("method {method}")),
        Some(call) => {
            let [service, method] =
                ["service", "method"].map(|member| text(call, member).unwrap_or("*"));
            parts.push(format!("call {service}/{method}"));
        }
        None => {}
    }
    for (list, word) in [("/headers", "header"), ("/queryParams", "query")] {
        parts.extend(elements(one, list).map(|condition| {
            let name = text(condition, "name").unwrap_or_default();
            let is = if text(condition, "type") == Some("RegularExpression") { "~" } else { "=" };
            format!("{word} {name} {is} {}", text(condition, "value").unwrap_or_default())
        }));
    }
    parts.join(", ")
}

/// A condition of a `VirtualService`; empty where it has none.
pub(super) fn of_mesh(one: &Value) -> String {
    let mut parts = Vec::new();
    for (member, word) in
        [("uri", "path"), ("scheme", "scheme"), ("method", "method"), ("authority", "host")]
    {
        parts.extend(one.get(member).map(|value| format!("{word}{}", string_match(value))));
    }
    for (member, word) in
        [("headers", "header"), ("withoutHeaders", "without header"), ("queryParams", "query")]
    {
        let conditions = one.get(member).and_then(Value::as_object).into_iter().flatten();
        parts.extend(conditions.map(|(name, value)| {
            // What asks for no value asks whether there is any.
            let is = if text(value, "exact").or_else(|| text(value, "prefix")).is_some() {
                " ="
            } else {
                ""
            };
            format!("{word} {name}{is}{}", string_match(value))
        }));
    }
    let hosts: Vec<&str> = elements(one, "/sniHosts").filter_map(Value::as_str).collect();
    parts.extend((!hosts.is_empty()).then(|| format!("SNI {}", hosts.join(" or "))));
    parts.extend(one.get("port").map(|port| format!("port {port}")));
    let labels = one.get("sourceLabels").and_then(Value::as_object).into_iter().flatten();
    parts.extend(labels.map(|(name, value)| {
        format!("from pods with {name}={}", value.as_str().unwrap_or_default())
    }));
    let gateways: Vec<&str> = elements(one, "/gateways").filter_map(Value::as_str).collect();
    parts.extend((!gateways.is_empty()).then(|| format!("by {}", gateways.join(" or "))));
    parts.join(", ")
}

/// ` /cart*`, ` ~ a.*`; nothing where whatever is there will do.
fn string_match(condition: &Value) -> String {
    if let Some(value) = text(condition, "exact") {
        return format!(" {value}");
    }
    if let Some(value) = text(condition, "prefix") {
        return format!(" {}", prefix(value));
    }
    match text(condition, "regex") {
        Some(value) => format!(" ~ {value}"),
        None => String::new(),
    }
}

fn prefix(value: &str) -> String {
    format!("{value}*")
}

fn text<'a>(owner: &'a Value, member: &str) -> Option<&'a str> {
    owner.get(member).and_then(Value::as_str)
}
