//! The answers of Flipt's management API and of its evaluation.

use serde_json::{Value, json};

use super::{
    http::{Answer, Received},
    storage::Storage,
};

const FLAG: &str = "flipt.core.Flag";

/// An error, as all of its APIs word it.
pub(super) fn error(status: u16, code: u8, message: &str) -> Answer {
    Answer::json(status, &json!({"code": code, "message": message, "details": []}))
}

fn not_found(what: &str) -> Answer {
    error(404, 5, &format!("{what} not found"))
}

/// Answer to a request. Evaluation may be behind: it tells what was there before the last write.
pub(super) fn answer(storage: &mut Storage, received: &Received, is_behind: bool) -> Answer {
    let segments = received.segments();
    let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
    let ["api", "v2", "environments", rest @ ..] = segments.as_slice() else {
        return match (received.method.as_str(), segments.as_slice()) {
            ("POST", ["evaluate", "v1", of]) => evaluate(storage, of, &received.json(), is_behind),
            _ => Answer::text(404, "404 page not found\n"),
        };
    };
    if rest.is_empty() {
        return environments(storage);
    }
    let environment = rest[0];
    if storage.namespaces(environment).is_none() {
        return not_found(&format!("environment: {environment:?}"));
    }
    match (received.method.as_str(), &rest[1..]) {
        ("GET", ["namespaces"]) => namespaces(storage, environment),
        ("GET", ["namespaces", namespace, "resources", of]) if *of == FLAG => {
            list(storage, (environment, namespace))
        }
        ("GET", ["namespaces", namespace, "resources", of, key]) if *of == FLAG => {
            one(storage, (environment, namespace), key)
        }
        ("PUT", ["namespaces", namespace, "resources"]) => {
            put(storage, (environment, namespace), &received.json())
        }
        _ => Answer::text(404, "404 page not found\n"),
    }
}

fn environments(storage: &Storage) -> Answer {
    let all = storage.environments().map(|key| {
        json!({"key": key, "name": key, "default": key == "default", "directory": "", "ref": "main"})
    });
    Answer::json(200, &json!({"environments": all.collect::<Vec<_>>()}))
}

fn namespaces(storage: &Storage, environment: &str) -> Answer {
    let all = storage.namespaces(environment).into_iter().flatten();
    let items: Vec<Value> = all.map(|key| json!({"key": key, "name": key})).collect();
    Answer::json(200, &json!({"items": items, "revision": storage.revision()}))
}

fn resource(namespace: &str, key: &str, payload: &Value) -> Value {
    json!({"namespaceKey": namespace, "key": key, "payload": payload})
}

/// Flags of a namespace: of one that is not there, an empty list.
fn list(storage: &Storage, place: (&str, &str)) -> Answer {
    let all = storage.all(place).map(|(key, payload)| resource(place.1, key, payload));
    let resources: Vec<Value> = all.collect();
    Answer::json(200, &json!({"resources": resources, "revision": storage.revision()}))
}

fn one(storage: &Storage, place: (&str, &str), key: &str) -> Answer {
    let Some(payload) = storage.get(place, key) else {
        return not_found(&format!("flag \"{}/{key}\"", place.1));
    };
    let resource = resource(place.1, key, payload);
    Answer::json(200, &json!({"resource": resource, "revision": storage.revision()}))
}

fn put(storage: &mut Storage, place: (&str, &str), body: &Value) -> Answer {
    let key = body["key"].as_str().unwrap_or_default();
    if storage.get(place, key).is_none() {
        return not_found(&format!("flag \"{}/{key}\"", place.1));
    }
    let current = storage.revision();
    let asked = body["revision"].as_str().unwrap_or_default();
    if is_commit(asked) && asked != current {
        let text = format!("revision {asked} is not the current one, which is {current}");
        return error(409, 10, &text);
    }
    if body["payload"]["@type"] != FLAG {
        return error(400, 3, "payload has no known @type");
    }
    storage.set(place, key, body["payload"].clone());
    one(storage, place, key)
}

/// True if a text can be a commit. Another is taken as none, and the last write wins.
fn is_commit(text: &str) -> bool {
    let is_hash = text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    is_hash && text.bytes().any(|byte| byte != b'0')
}

/// Evaluation for somebody whom no rule and no partial rollout means.
fn evaluate(storage: &Storage, of: &str, body: &Value, is_behind: bool) -> Answer {
    let text = |name: &str| body[name].as_str().unwrap_or_default();
    let environment = match text("environmentKey") {
        "" => "default",
        named => named,
    };
    let (place, key) = ((environment, text("namespaceKey")), text("flagKey"));
    let found = if is_behind { storage.before(place, key) } else { storage.get(place, key) };
    let Some(flag) = found else { return not_found(&format!("flag \"{}/{key}\"", place.1)) };
    let of_type = match of {
        "boolean" => "BOOLEAN_FLAG_TYPE",
        "variant" => "VARIANT_FLAG_TYPE",
        _ => return Answer::text(404, "404 page not found\n"),
    };
    if flag["type"] != of_type {
        return error(400, 3, "flag type does not match");
    }
    let enabled = flag["enabled"].as_bool().unwrap_or_default();
    if of == "boolean" {
        return Answer::json(
            200,
            &json!({
                "enabled": for_all(flag).unwrap_or(enabled), "flagKey": key,
                "reason": "DEFAULT_EVALUATION_REASON", "segmentKeys": [],
            }),
        );
    }
    // One that is off still names its default.
    let reason =
        if enabled { "DEFAULT_EVALUATION_REASON" } else { "FLAG_DISABLED_EVALUATION_REASON" };
    let variant = flag["defaultVariant"].as_str().unwrap_or_default();
    Answer::json(
        200,
        &json!({
            "match": false, "variantKey": variant, "variantAttachment": "", "flagKey": key,
            "reason": reason, "segmentKeys": [],
        }),
    )
}

/// The value that the first rollout has for everybody.
fn for_all(flag: &Value) -> Option<bool> {
    let threshold = flag.pointer("/rollouts/0/threshold")?;
    (threshold["percentage"].as_f64()? >= 100.0).then(|| threshold["value"] == true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_commit_is_no_precondition() {
        assert!(is_commit("3f2a91c0d4e5b6a7980123456789abcdef012345"));
        for text in ["", "abc", &"x".repeat(40), &"0".repeat(40)] {
            assert!(!is_commit(text), "{text}");
        }
    }
}
