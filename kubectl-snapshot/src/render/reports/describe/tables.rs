//! The tables of a description.

use std::collections::BTreeMap;

use snapshot_core::{
    digest::Digest,
    flag::Flag,
    image,
    routes::{Route, shares_in_words},
    snapshot::{Container, Instance, Instances, Metadata},
};

use super::ConfigMapSummary;
use crate::render::{
    Cell, Column, Row, Table, Tone,
    page::Fit,
    reports::{
        diff::{stands_for_itself, state},
        images::shortened,
        meanings,
        value::{shown, shown_text},
    },
};

/// Metadata of the snapshot as a whole, with its size in words.
pub(super) fn metadata(
    name: &str,
    metadata: &Metadata,
    digest: &Digest,
    size: &str,
    only: &[String],
) -> Table {
    let mut table =
        Table::headless([Column::new("FIELD", Fit::Whole), Column::new("VALUE", Fit::Wrap)]);
    let mut add = |name: &'static str, value: Option<&str>| {
        if let Some(value) = value {
            table.row([name.into(), value.to_owned().into()]);
        }
    };
    add("Name", Some(name));
    add("Digest", Some(&digest.to_string()));
    add("Created", metadata.created.as_deref());
    add("Author", metadata.author.as_deref());
    add("Source", metadata.source.as_deref());
    add("Message", metadata.message.as_deref());
    add("Size", Some(size));
    let only = only.join(", ");
    add("Only", (!only.is_empty()).then_some(only.as_str()));
    table
}

/// A row for each container.
pub(super) fn services(services: &BTreeMap<String, Instances>) -> Table {
    let mut table = Table::new([
        Column::new("SERVICE/INSTANCE", Fit::Instance).min_width(32),
        Column::new("VERSION", Fit::Middle),
        Column::new("COMMIT", Fit::Whole),
        Column::new("CONTAINER", Fit::Middle),
        Column::new("IMAGE", Fit::Start).min_width(16).droppable(),
        Column::new("KIND", Fit::Whole).droppable(),
        Column::new("DIGEST", Fit::Whole).wide(),
    ])
    .meaning("Each program, with the version that was built and the change of the code that it was built from.");
    for (service, instances) in services {
        for (name, instance) in instances {
            for (container_name, container) in &instance.containers {
                let key = format!("{service}/{name}");
                table.row(container_row(key, instance, container_name, container));
            }
        }
    }
    table
}

fn container_row(key: String, instance: &Instance, name: &str, container: &Container) -> Row {
    let name = if container.init { format!("{name} (init)") } else { name.to_owned() };
    let without_digest = Container { digest: None, env: BTreeMap::new(), ..container.clone() };
    let short = |text: &Option<String>| Cell::or_none(text.as_deref().map(shortened).as_deref());
    // Where nothing is known but a tag, that is what tells one build from another.
    let tag = container.tag.as_ref().filter(|_| container.commit.is_none());
    let version = container.version.as_ref().or(tag);
    Row::new([
        key.into(),
        Cell::or_none(version.map(String::as_str)),
        short(&container.commit),
        name.into(),
        shortened(&image::written(&without_digest)).into(),
        instance.kind.name().into(),
        short(&container.digest),
    ])
}

/// A row for each flag.
pub(super) fn flags(flags: &BTreeMap<String, Flag>) -> Table {
    let mut table = Table::new([
        Column::new("FLAG", Fit::Middle),
        Column::new("ON", Fit::Whole),
        Column::new("VALUE", Fit::Middle),
        Column::new("SOURCE", Fit::Middle),
        Column::new("REQUIRES", Fit::Middle),
    ])
    .meaning(meanings::FLAGS);
    for (key, flag) in flags {
        let (word, tone) = match state(flag) {
            "on" => ("yes", Tone::Good),
            "off" => ("no", Tone::Muted),
            other => (other, Tone::Unknown),
        };
        let value = stands_for_itself(&flag.value).then(|| shown(&flag.value));
        let value = value.unwrap_or_else(|| flag.value.to_string());
        let requires: Vec<String> = flag.requires.iter().map(ToString::to_string).collect();
        table.row([
            key.clone().into(),
            Cell::toned(tone, word),
            value.into(),
            flag.source.clone().into(),
            requires.join("; ").into(),
        ]);
    }
    table
}

/// A row for each `ConfigMap`.
pub(super) fn config_maps(config_maps: &BTreeMap<String, ConfigMapSummary>) -> Table {
    let mut table = Table::new([
        Column::new("NAME", Fit::Middle),
        Column::new("DIGEST", Fit::Whole),
        Column::new("KEYS", Fit::End),
    ])
    .meaning("Settings and files that programs read.");
    for (name, one) in config_maps {
        table.row([name.clone().into(), one.digest.short().into(), one.keys.join(", ").into()]);
    }
    table
}

/// A row for each rule of a route.
pub(super) fn routes(routes: &[Route]) -> Table {
    let mut table = Table::new([
        Column::new("ROUTE", Fit::Middle),
        Column::new("REQUESTS", Fit::Middle),
        Column::new("GO TO", Fit::Wrap),
    ])
    .meaning("How requests are shared among programs.");
    for route in routes {
        for rule in &route.rules {
            table.row([
                format!("{} {}", route.kind, route.name).into(),
                rule.requests.clone().into(),
                shares_in_words(rule).into(),
            ]);
        }
    }
    table
}

/// A row for each variable.
pub(super) fn variables(variables: &BTreeMap<String, Vec<String>>) -> Table {
    let mut table = Table::new([
        Column::new("NAME", Fit::Middle),
        Column::new("VALUE WHERE CAPTURED", Fit::Middle),
    ])
    .meaning(meanings::VARIABLES);
    for (name, values) in variables {
        let values: Vec<String> = values.iter().map(|value| shown_text(value)).collect();
        table.row([name.clone().into(), values.join(", ").into()]);
    }
    table
}
