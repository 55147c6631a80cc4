//! Unleash: reading as its clients do, and switching by its admin API.

use std::collections::{BTreeMap, BTreeSet};

use futures::{StreamExt, TryStreamExt, stream};
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;
use snapshot_core::flags::{FlagWords, ServedFlags};

use super::{
    FlagSystemError, Served, Switched, Token,
    connection::{Connection, encoded},
    error::Problem,
    wish::{Wish, refuse_moved, until},
};

/// The types of tags that say something to this tool.
const REQUIRES: &str = "requires";
const SERVICE: &str = "service";

/// Reads the flags of the environment that the backend token is for.
pub(super) async fn read(connection: &Connection<'_>) -> Result<Served, FlagSystemError> {
    let token = backend_token(connection)?;
    let environment = environment(connection, token)?;
    let (mut flags, revision) = all(connection, token).await?;
    let has_words = connection.tokens.admin.is_some();
    if let Some(admin) = &connection.tokens.admin {
        let words = words(connection, admin, &flags).await?;
        flags.add_words(&words);
    } else {
        // Clients are not told of tags: that a flag needs nothing would be a guess.
        flags.hide_words();
    }
    Ok(Served { flags, environment: Some(environment), revision, has_words })
}

/// All flags, and the revision that they are of.
async fn all(
    connection: &Connection<'_>,
    token: &Token,
) -> Result<(ServedFlags, Option<String>), FlagSystemError> {
    let path = match &connection.source.project {
        Some(project) => format!("/api/client/features?project={}", encoded(project)),
        None => "/api/client/features".to_owned(),
    };
    let answer = connection.get(&path, Some(token)).await?;
    let flags = ServedFlags::of_unleash(&answer.body).map_err(|error| connection.strange(error))?;
    Ok((flags, answer.tag))
}

fn backend_token<'a>(connection: &'a Connection<'_>) -> Result<&'a Token, FlagSystemError> {
    let token = connection.tokens.read.as_ref();
    let token = token.ok_or_else(|| connection.error(Problem::NoToken))?;
    if token.starts_with("*:*.") || token.starts_with("user:") {
        let text = "its token is an admin's, which is of no environment: read with a backend token";
        return Err(connection.error(Problem::WrongToken(text.to_owned())));
    }
    Ok(token)
}

/// The environment of a backend token, which must be the one that the source names.
fn environment(connection: &Connection<'_>, token: &Token) -> Result<String, FlagSystemError> {
    let named = connection.source.environment.as_deref();
    // PROJECT:ENVIRONMENT.SECRET; older ones, and those of some proxies, say nothing.
    let of_token = token.split_once(':').and_then(|(_, rest)| rest.split_once('.'));
    match (of_token.map(|(environment, _)| environment), named) {
        (Some(own), Some(named)) if own != named => {
            let text = format!("its token is of the environment {own}, and not of {named}");
            Err(connection.error(Problem::WrongToken(text)))
        }
        (Some(own), _) => Ok(own.to_owned()),
        (None, Some(named)) => Ok(named.to_owned()),
        (None, None) => {
            let text = "its token names no environment, and neither does the source";
            Err(connection.error(Problem::WrongToken(text.to_owned())))
        }
    }
}

#[derive(Deserialize)]
struct KnownTags {
    tags: Vec<Value>,
}

#[derive(Deserialize)]
struct Found {
    features: Vec<Tagged>,
}

#[derive(Deserialize)]
struct Tagged {
    name: String,
    #[serde(default)]
    tags: Option<Vec<Tag>>,
}

#[derive(Deserialize)]
struct Tag {
    #[serde(rename = "type")]
    of: String,
    value: String,
}

/// Projects that are asked at once.
const PROJECTS: usize = 4;

/// The words of the flags' tags, which clients are not told. Of a project all flags come in one
/// answer: the search has a hundred on a page, and the export leaves an event that holds all of it.
async fn words(
    connection: &Connection<'_>,
    admin: &Token,
    flags: &ServedFlags,
) -> Result<BTreeMap<String, FlagWords>, FlagSystemError> {
    let mut words = BTreeMap::new();
    if !has_tags(connection, admin, REQUIRES).await?
        && !has_tags(connection, admin, SERVICE).await?
    {
        return Ok(words);
    }
    let of_project = async |project: &str| {
        let path = format!("/api/admin/projects/{}/features", encoded(project));
        let answer = connection.get(&path, Some(admin)).await?;
        parsed::<Found>(connection, &answer.body)
    };
    let projects = flags.places().into_iter().map(of_project);
    let found: Vec<Found> = stream::iter(projects).buffered(PROJECTS).try_collect().await?;
    for Tagged { name, tags } in found.into_iter().flat_map(|it| it.features) {
        add_words(&mut words, &name, tags.unwrap_or_default());
    }
    Ok(words)
}

/// Adds what the tags of one flag say.
fn add_words(words: &mut BTreeMap<String, FlagWords>, flag: &str, tags: Vec<Tag>) {
    let own = tags.into_iter().filter(|tag| [REQUIRES, SERVICE].contains(&tag.of.as_str()));
    for Tag { of, value } in own {
        let words = words.entry(flag.to_owned()).or_default();
        if of == SERVICE {
            words.service = Some(value);
            continue;
        }
        // A tag holds fifty characters: several are one list.
        let list = words.requires.get_or_insert_default();
        if !list.is_empty() {
            list.push_str("; ");
        }
        list.push_str(&value);
    }
}

/// True if there is any tag of a type; a type that nobody has made has none.
async fn has_tags(
    connection: &Connection<'_>,
    admin: &Token,
    of: &str,
) -> Result<bool, FlagSystemError> {
    match connection.get(&format!("/api/admin/tags/{of}"), Some(admin)).await {
        Ok(answer) => Ok(!parsed::<KnownTags>(connection, &answer.body)?.tags.is_empty()),
        Err(FlagSystemError { problem: Problem::NotThere(_), .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

fn parsed<T: for<'de> Deserialize<'de>>(
    connection: &Connection<'_>,
    body: &[u8],
) -> Result<T, FlagSystemError> {
    serde_json::from_slice(body).map_err(|error| {
        let said = format!("an answer that is none of Unleash's: {error}");
        connection.error(Problem::Refused { status: 200, said })
    })
}

/// The state of a flag in an environment, as the admin API has it.
struct AdminState {
    is_on: bool,
    /// Number of its strategies that are not disabled.
    enabled: usize,
    /// Number of those that are.
    disabled: usize,
}

/// Reads the state of a flag in an environment.
async fn state(
    connection: &Connection<'_>,
    admin: &Token,
    (project, key): (&str, &str),
    environment: &str,
) -> Result<AdminState, FlagSystemError> {
    let path = format!("/api/admin/projects/{}/features/{}", encoded(project), encoded(key));
    let answer = connection.get(&path, Some(admin)).await?;
    let feature: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    let environments = feature.get("environments").and_then(Value::as_array);
    let found = environments
        .into_iter()
        .flatten()
        .find(|one| one.get("name").and_then(Value::as_str) == Some(environment));
    let Some(found) = found else {
        let text = format!("flag {key} has no environment {environment} in project {project}");
        return Err(connection.error(Problem::NotThere(text)));
    };
    let strategies = found.get("strategies").and_then(Value::as_array);
    let is_disabled = |one: &&Value| one.get("disabled").and_then(Value::as_bool) == Some(true);
    let all = strategies.map_or(0, Vec::len);
    let disabled = strategies.into_iter().flatten().filter(is_disabled).count();
    Ok(AdminState {
        is_on: found.get("enabled").and_then(Value::as_bool).unwrap_or_default(),
        enabled: all - disabled,
        disabled,
    })
}

/// Switches a flag on or off in the environment, by the admin API.
pub(super) async fn switch(
    connection: &Connection<'_>,
    wish: Wish<'_>,
) -> Result<Switched, FlagSystemError> {
    let on = match wish.to {
        ON_FOR_SOME => true,
        _ => wish.is_on().ok_or_else(|| no_on_or_off(connection, wish))?,
    };
    let token = backend_token(connection)?;
    let environment = environment(connection, token)?;
    let Some(admin) = &connection.tokens.admin else {
        let text = "switching takes an admin's token, and none is known".to_owned();
        return Err(connection.error(Problem::WrongToken(text)));
    };
    let served = format!("/api/client/features/{}", encoded(wish.key));
    let answer = connection.get(&served, Some(token)).await?;
    let now =
        ServedFlags::of_one_of_unleash(&answer.body).map_err(|error| connection.strange(error))?;
    refuse_moved(connection, wish, now.get(wish.key))?;
    let project = wish.source.split_once(':').map_or("default", |(_, project)| project);
    let before = state(connection, admin, (project, wish.key), &environment).await?;
    refuse_opening(connection, wish, &before, on)?;
    if wish.is_trial {
        return Ok(Switched::default());
    }
    let mut notes = Vec::new();
    if before.is_on != on {
        let place = (wish.key, environment.as_str());
        let known = events_since(connection, admin, place, 0).await?;
        let last = known.iter().map(|event| event.id).max().unwrap_or_default();
        let word = if on { "on" } else { "off" };
        let path = format!(
            "/api/admin/projects/{}/features/{}/environments/{}/{word}",
            encoded(project),
            encoded(wish.key),
            encoded(&environment)
        );
        connection.send(Method::POST, &path, Some(admin), None).await?;
        let events = events_since(connection, admin, place, last).await?;
        notes.extend(others(wish.key, &events));
    }
    // The list of all is what clients get, and comes later than the answer about one.
    let is_served = until(wish.patience, async || {
        let (flags, _) = all(connection, token).await?;
        Ok(flags.get(wish.key).is_some_and(|flag| flag.enabled == on))
    })
    .await?;
    Ok(Switched { notes, is_served })
}

/// A state that a flag has by its own strategies.
const ON_FOR_SOME: &str = "on for some";

/// Refuses to open to everybody what was closed to all but some: where no strategy is enabled,
/// Unleash adds one for everybody.
fn refuse_opening(
    connection: &Connection<'_>,
    wish: Wish<'_>,
    before: &AdminState,
    on: bool,
) -> Result<(), FlagSystemError> {
    if !on || before.is_on || before.enabled > 0 || before.disabled == 0 {
        return Ok(());
    }
    let text = format!(
        "flag {} would open to everybody: all of its {} strategies are disabled; enable those that \
         it is to have, in Unleash",
        wish.key, before.disabled
    );
    Err(connection.error(Problem::Unswitchable(text)))
}

fn no_on_or_off(connection: &Connection<'_>, wish: Wish<'_>) -> FlagSystemError {
    let text = format!(
        "flag {} cannot be {}: Unleash switches flags on and off; which variant somebody gets, its \
         strategies say",
        wish.key, wish.to
    );
    connection.error(Problem::Unswitchable(text))
}

/// The events of a flag in an environment that a number is not yet among.
async fn events_since(
    connection: &Connection<'_>,
    admin: &Token,
    (key, environment): (&str, &str),
    last: u64,
) -> Result<Vec<Event>, FlagSystemError> {
    // Of one flag: the list of all takes no limit, and holds whole exports.
    let path = format!("/api/admin/events/{}", encoded(key));
    let answer = connection.get(&path, Some(admin)).await?;
    let mut events = parsed::<Events>(connection, &answer.body)?.events;
    events.retain(|event| {
        event.id > last
            && event.of.starts_with("feature-environment-")
            && event.environment.as_deref() == Some(environment)
    });
    Ok(events)
}

/// Sentence about what others did to the flag while it was switched. Unleash takes no precondition, so that it
/// can only be told.
fn others(key: &str, events: &[Event]) -> Option<String> {
    // One of them is ours.
    if events.len() < 2 {
        return None;
    }
    let by: BTreeSet<&str> = events.iter().map(|event| event.created_by.as_str()).collect();
    let by = by.into_iter().collect::<Vec<_>>().join(" and ");
    Some(format!("flag {key} was switched {} times at once, by {by}", events.len()))
}

#[derive(Deserialize)]
struct Events {
    events: Vec<Event>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    id: u64,
    #[serde(rename = "type")]
    of: String,
    #[serde(default)]
    created_by: String,
    #[serde(default)]
    environment: Option<String>,
}
