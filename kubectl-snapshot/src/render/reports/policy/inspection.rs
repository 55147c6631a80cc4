//! Report of a policy's file.

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
            _ => Line::default()
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
        fact("exports", listed(&self.exports));
        fact("imports", listed(&self.imports));
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

/// A row for each setting, as the schema describes it.
fn settings_table(schema: Option<&serde_json::Value>) -> Table {
    let mut table = Table::new([
        Column::new("SETTING", Fit::Whole),
        Column::new("TYPE", Fit::Middle),
        Column::new("DEFAULT", Fit::Middle),
        Column::new("MEANING", Fit::Wrap),
    ]);
    let properties =
        schema.and_then(|schema| schema.get("properties")).and_then(serde_json::Value::as_object);
    for (name, schema) in properties.into_iter().flatten() {
        let text = |member: &str| schema.get(member).and_then(serde_json::Value::as_str);
        let choices = schema
            .get("enum")
            .and_then(serde_json::Value::as_array)
            .map(|choices| choices.iter().map(plain).collect::<Vec<_>>().join("|"));
        table.row([
            name.clone().into(),
            choices.as_deref().or(text("type")).unwrap_or("any").to_owned().into(),
            schema.get("default").map_or_else(|| "-".to_owned(), plain).into(),
            text("description").unwrap_or_default().to_owned().into(),
        ]);
    }
    table
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn listed(names: &[String]) -> String {
    if names.is_empty() { "none".to_owned() } else { names.join(", ") }
}
