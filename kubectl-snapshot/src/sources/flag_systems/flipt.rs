//! Flipt v2: reading and writing by its management API.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use snapshot_core::flags::ServedFlags;

use super::{
    FlagSystemError, Served, Switched,
    connection::{Connection, encoded},
    error::Problem,
    wish::{Wish, no_such_value, refuse_moved, until},
};

/// The environment that Flipt has where nothing is configured.
const DEFAULT: &str = "default";

#[derive(Deserialize)]
struct Environments {
    environments: Vec<Environment>,
}

#[derive(Deserialize)]
struct Environment {
    key: String,
    #[serde(default)]
    default: Option<bool>,
}

#[derive(Deserialize)]
struct Namespaces {
    items: Vec<Namespace>,
}

#[derive(Deserialize)]
struct Namespace {
    key: String,
}

#[derive(Deserialize)]
struct Revision {
    revision: String,
}

/// Reads the flags of a namespace.
pub(super) async fn read(connection: &Connection<'_>) -> Result<Served, FlagSystemError> {
    let environment = environment(connection).await?;
    let namespace = connection.source.flipt_namespace();
    // Of a namespace that is not there, Flipt says that it is empty.
    check_namespace(connection, &environment, namespace).await?;
    let path = format!("{}/flipt.core.Flag", resources(&environment, namespace));
    let answer = connection.get(&path, connection.tokens.read.as_ref()).await?;
    let flags = ServedFlags::of_flipt(&answer.body, namespace)
        .map_err(|error| connection.strange(error))?;
    let revision = serde_json::from_slice::<Revision>(&answer.body).ok().map(|it| it.revision);
    Ok(Served { flags, environment: Some(environment), revision, has_words: true })
}

/// Path of the resources of a namespace.
pub(super) fn resources(environment: &str, namespace: &str) -> String {
    format!(
        "/api/v2/environments/{}/namespaces/{}/resources",
        encoded(environment),
        encoded(namespace)
    )
}

/// The environment that the source names, or Flipt's default one.
pub(super) async fn environment(connection: &Connection<'_>) -> Result<String, FlagSystemError> {
    if let Some(environment) = &connection.source.environment {
        return Ok(environment.clone());
    }
    let answer = connection.get("/api/v2/environments", connection.tokens.read.as_ref()).await?;
    let known: Environments = parsed(connection, &answer.body)?;
    let default = known.environments.into_iter().find(|one| one.default == Some(true));
    Ok(default.map_or_else(|| DEFAULT.to_owned(), |one| one.key))
}

async fn check_namespace(
    connection: &Connection<'_>,
    environment: &str,
    namespace: &str,
) -> Result<(), FlagSystemError> {
    let path = format!("/api/v2/environments/{}/namespaces", encoded(environment));
    let answer = connection.get(&path, connection.tokens.read.as_ref()).await?;
    let known: Namespaces = parsed(connection, &answer.body)?;
    if known.items.iter().any(|one| one.key == namespace) {
        return Ok(());
    }
    let text = format!("it has no namespace {namespace} in the environment {environment}");
    Err(connection.error(Problem::NotThere(text)))
}

fn parsed<T: for<'de> Deserialize<'de>>(
    connection: &Connection<'_>,
    body: &[u8],
) -> Result<T, FlagSystemError> {
    serde_json::from_slice(body).map_err(|error| {
        let said = format!("an answer that is none of Flipt's: {error}");
        connection.error(Problem::Refused { status: 200, said })
    })
}

/// Number of tries to write a flag, for any write in the storage makes a revision an old one.
const TRIES: u32 = 8;

#[derive(Deserialize)]
struct Stored {
    resource: Resource,
    revision: String,
}

#[derive(Deserialize, Serialize)]
struct Resource {
    key: String,
    payload: Value,
}

/// Writes a flag as it is, save for what is switched, and only where nobody else has changed it.
pub(super) async fn switch(
    connection: &Connection<'_>,
    wish: Wish<'_>,
) -> Result<Switched, FlagSystemError> {
    let environment = environment(connection).await?;
    let namespace = connection.source.flipt_namespace();
    check_namespace(connection, &environment, namespace).await?;
    let resources = resources(&environment, namespace);
    let one = format!("{resources}/flipt.core.Flag/{}", encoded(wish.key));
    let stored = stored(connection, &one).await?;
    let text = json!({"resources": [stored.resource], "revision": stored.revision}).to_string();
    let now = ServedFlags::of_flipt(text.as_bytes(), namespace)
        .map_err(|error| connection.strange(error))?;
    refuse_moved(connection, wish, now.get(wish.key))?;
    let wanted = switched(connection, wish, &stored.resource.payload)?;
    if wish.is_trial {
        return Ok(Switched::default());
    }
    if wanted != stored.resource.payload {
        write(connection, (&resources, &one), wish, &wanted, stored).await?;
    }
    let is_served = until(wish.patience, async || {
        evaluates(connection, (&environment, namespace), wish, &wanted).await
    })
    .await?;
    Ok(Switched { notes: Vec::new(), is_served })
}

/// A flag as it is stored, and the revision of all flags.
async fn stored(connection: &Connection<'_>, path: &str) -> Result<Stored, FlagSystemError> {
    let token = connection.tokens.admin.as_ref().or(connection.tokens.read.as_ref());
    let answer = connection.get(path, token).await?;
    parsed(connection, &answer.body)
}

/// Writes a whole flag, unless somebody else has changed it: any write makes a revision an old
/// one, also that of another flag.
async fn write(
    connection: &Connection<'_>,
    (all, one): (&str, &str),
    wish: Wish<'_>,
    wanted: &Value,
    mut known: Stored,
) -> Result<(), FlagSystemError> {
    let token = connection.tokens.admin.as_ref().or(connection.tokens.read.as_ref());
    for tried in 0.. {
        let body = json!({"key": wish.key, "payload": wanted, "revision": known.revision});
        match connection.send(Method::PUT, all, token, Some(&body)).await {
            Ok(_) => break,
            Err(FlagSystemError { problem: Problem::Moved(_), .. }) if tried < TRIES => {}
            Err(error) => return Err(error),
        }
        let now = stored(connection, one).await?;
        if now.resource.payload != known.resource.payload {
            let text = format!("flag {} was changed by somebody else meanwhile", wish.key);
            return Err(connection.error(Problem::Moved(text)));
        }
        known = now;
    }
    Ok(())
}

fn is_variant(payload: &Value) -> bool {
    payload.get("type").and_then(Value::as_str) == Some("VARIANT_FLAG_TYPE")
}

fn has(payload: &Value, member: &str) -> bool {
    payload.get(member).and_then(Value::as_array).is_some_and(|all| !all.is_empty())
}

/// A whole flag with what is switched: whatever is left out of a write would be gone.
fn switched(
    connection: &Connection<'_>,
    wish: Wish<'_>,
    payload: &Value,
) -> Result<Value, FlagSystemError> {
    let mut wanted = payload.clone();
    if let Some(on) = wish.is_on() {
        if has(payload, "rollouts") && !is_variant(payload) {
            let text = format!(
                "flag {} has rollouts, which go on to decide: change them in Flipt",
                wish.key
            );
            return Err(connection.error(Problem::Unswitchable(text)));
        }
        wanted["enabled"] = on.into();
        return Ok(wanted);
    }
    let variants = payload.get("variants").and_then(Value::as_array);
    let is_it = |one: &Value| one.get("key").and_then(Value::as_str) == Some(wish.to);
    if !is_variant(payload) || !variants.into_iter().flatten().any(is_it) {
        return Err(no_such_value(connection, wish));
    }
    wanted["enabled"] = true.into();
    wanted["defaultVariant"] = wish.to.into();
    Ok(wanted)
}

/// True if services are told what was written, as Flipt evaluates it.
async fn evaluates(
    connection: &Connection<'_>,
    (environment, namespace): (&str, &str),
    wish: Wish<'_>,
    wanted: &Value,
) -> Result<bool, FlagSystemError> {
    let of = if is_variant(wanted) { "variant" } else { "boolean" };
    let body = json!({
        "environmentKey": environment, "namespaceKey": namespace, "flagKey": wish.key,
        "entityId": "kubectl-snapshot", "context": {},
    });
    let token = connection.tokens.read.as_ref();
    let path = format!("/evaluate/v1/{of}");
    let answer = connection.send(Method::POST, &path, token, Some(&body)).await?;
    let answer: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let on = wanted.get("enabled").and_then(Value::as_bool).unwrap_or_default();
    if !is_variant(wanted) {
        return Ok(answer.get("enabled").and_then(Value::as_bool) == Some(on));
    }
    let is_off =
        answer.get("reason").and_then(Value::as_str) == Some("FLAG_DISABLED_EVALUATION_REASON");
    if !on || has(wanted, "rules") {
        return Ok(is_off != on);
    }
    let default = wanted.get("defaultVariant").and_then(Value::as_str).unwrap_or_default();
    let served = answer.get("variantKey").and_then(Value::as_str).unwrap_or_default();
    Ok(!is_off && served == default)
}
