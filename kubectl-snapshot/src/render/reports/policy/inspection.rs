//! Report of a policy's file.

use serde_json::Value;
use snapshot_core::policy::{Decision, Inspection, Problem};

use crate::render::reports::amounts::size;
use crate::render::{Cell, Column, Line, Page, Report, Table, Tone, page::Fit};

impl Report for Inspection {
    const KIND: &'static str = "PolicyInspection";

    fn page(&self, page: &mut Page) {
        let line = match (&self.problem, &self.about) {
            (None, Some(about)) => Line::default()
                .with(Tone::Good, "RUNS")
                .plain("  ")
                .with(Tone::Strong, format!("{} {}", about.name, about.version)),
            (Some(_), Some(_)) => Line::default()
                .with(Tone::Bad, "CANNOT BE BOUND")
                .plain("  ")
                .with(Tone::Strong, self.source.clone()),
            (_, None) => Line::default()
                .with(Tone::Bad, "DOES NOT RUN")
                .plain("  ")
                .with(Tone::Strong, self.source.clone()),
        };
        page.title(line);
        if let Some(Problem { message, hint }) = &self.problem {
            page.line(Line::default().plain(message.clone()));
            page.line(Line::default().with(Tone::Muted, "hint: ").plain(hint.clone()));
        }
        let mut facts =
            Table::headless([Column::new("WHAT", Fit::Whole), Column::new("IS", Fit::Wrap)]);
        let mut fact = |what: &'static str, is: String| {
            facts.row([Cell::toned(Tone::Muted, what), is.into()]);
        };
        if let Some(about) = &self.about {
            fact("summary", about.summary.clone());
            fact("decides", Decision::join(&about.decisions, ", "));
        }
        if let Some(contract) = &self.contract {
            fact("contract", format!("snapshot:policy {contract}"));
        }
        fact("digest", self.digest.to_string());
        fact("size", format!("{} ({} bytes)", size(self.bytes), self.bytes));
        // Of what is no component nothing is known.
        let is_component =
            self.about.is_some() || !(self.exports.is_empty() && self.imports.is_empty());
        if is_component {
            fact("exports", listed(&self.exports));
            fact("imports", listed(&self.imports));
        }
        if self.about.is_some() {
            let has_clock = self.imports.iter().any(|name| name.starts_with(WALL_CLOCK));
            fact("clock", if has_clock { CLOCK } else { NO_CLOCK }.to_owned());
        }
        page.table(facts);
        let settings = settings_table(self.settings_schema.as_ref());
        if settings.is_empty() && self.about.is_some() {
            page.line("It takes no settings.");
        }
        page.section("settings", settings);
    }

    fn names(&self) -> Vec<String> {
        vec![self.source.clone()]
    }
}

/// The interface by which a component reads the time.
const WALL_CLOCK: &str = "wasi:clocks/wall-clock@";
const CLOCK: &str = "stands at the question's time";
const NO_CLOCK: &str =
    "none is read: the time is in the question, and another would be that of the build";

/// Number of steps into a schema that are shown.
const DEEPEST: usize = 6;

/// A row for each setting, as the schema describes it, those within others too.
fn settings_table(schema: Option<&Value>) -> Table {
    let mut table = Table::new([
        Column::new("SETTING", Fit::Whole),
        Column::new("TYPE", Fit::Middle),
        Column::new("DEFAULT", Fit::Middle),
        Column::new("MEANING", Fit::Wrap),
    ]);
    if let Some(root) = schema {
        members(&mut table, root, root, "", DEEPEST);
    }
    table
}

/// Rows for the members of an object's schema, each followed by its own.
fn members(table: &mut Table, root: &Value, schema: &Value, path: &str, depth: usize) {
    let schema = resolved(root, schema);
    let required: Vec<&str> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = schema.get("properties").and_then(Value::as_object);
    for (name, member) in properties.into_iter().flatten() {
        let member = resolved(root, member);
        let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
        let text = |key: &str| member.get(key).and_then(Value::as_str);
        let default = member.get("default").map(plain);
        let default = default.unwrap_or_else(|| {
            if required.contains(&name.as_str()) { "required" } else { "-" }.to_owned()
        });
        let kind = kind(member);
        let meaning = text("description").unwrap_or_default().to_owned();
        table.row([path.clone().into(), kind.into(), default.into(), meaning.into()]);
        below(table, root, member, &path, depth);
    }
}

/// Rows for what is within a setting: members, those of a list's elements, those of any name.
fn below(table: &mut Table, root: &Value, schema: &Value, path: &str, depth: usize) {
    let Some(depth) = depth.checked_sub(1) else { return };
    members(table, root, schema, path, depth);
    if let Some(elements) = schema.get("items") {
        below(table, root, resolved(root, elements), &format!("{path}[]"), depth);
    }
    if let Some(any @ Value::Object(_)) = schema.get("additionalProperties") {
        below(table, root, resolved(root, any), &format!("{path}.*"), depth);
    }
}

/// A schema, or the one within the same document that it refers to.
fn resolved<'a>(root: &'a Value, schema: &'a Value) -> &'a Value {
    let within = |reference: &str| root.pointer(reference.strip_prefix('#')?);
    schema.get("$ref").and_then(Value::as_str).and_then(within).unwrap_or(schema)
}

/// Type of a setting: its choices, else its type with its format, else any.
fn kind(schema: &Value) -> String {
    if let Some(choices) = schema.get("enum").and_then(Value::as_array) {
        return choices.iter().map(plain).collect::<Vec<_>>().join("|");
    }
    let kind = match schema.get("type") {
        Some(Value::String(kind)) => kind.clone(),
        Some(Value::Array(kinds)) => kinds.iter().map(plain).collect::<Vec<_>>().join("|"),
        _ => return "any".to_owned(),
    };
    match schema.get("format").and_then(Value::as_str) {
        Some(format) => format!("{kind}, {format}"),
        None => kind,
    }
}

fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
