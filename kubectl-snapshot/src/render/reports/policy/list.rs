//! Report of the policies: those that are asked, and those that could be.

use serde::Serialize;
use snapshot_core::policy::{Binding, Decision, Mode};

use crate::render::{Cell, Column, Page, Report, Table, Tone, page::Fit};

/// The policies that are asked, and those that could be.
#[derive(Clone, Debug, Serialize)]
pub struct PolicyList {
    items: Vec<PolicyRow>,
}

/// A policy in the list.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyRow {
    #[serde(flatten)]
    binding: Binding,
    asked: Asked,
}

/// Reason why a policy is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
enum Asked {
    /// Bound.
    Bound,
    /// Shipped, and nobody has bound another under its name.
    ByDefault,
    /// Shipped, and not asked.
    Not,
}

impl PolicyRow {
    /// A policy that somebody bound.
    #[must_use]
    pub fn bound(binding: Binding) -> Self {
        Self { binding, asked: Asked::Bound }
    }

    /// One that ships, and is asked unless bound otherwise.
    #[must_use]
    pub fn by_default(binding: Binding) -> Self {
        Self { binding, asked: Asked::ByDefault }
    }

    /// One that ships, and is not asked.
    #[must_use]
    pub fn available(binding: Binding) -> Self {
        Self { binding, asked: Asked::Not }
    }
}

impl PolicyList {
    /// The policies, in the order of their names.
    #[must_use]
    pub fn new(mut items: Vec<PolicyRow>) -> Self {
        items.sort_by(|a, b| a.binding.name.cmp(&b.binding.name));
        Self { items }
    }
}

impl Report for PolicyList {
    const KIND: &'static str = "PolicyList";

    fn page(&self, page: &mut Page) {
        let mut table = Table::new([
            Column::new("NAME", Fit::Whole),
            Column::new("ASKED", Fit::Whole),
            Column::new("MODE", Fit::Whole),
            Column::new("DECIDES", Fit::Whole),
            Column::new("VERSION", Fit::Whole).droppable(),
            Column::new("SIGNED", Fit::Whole).wide(),
            Column::new("DIGEST", Fit::Whole).droppable(),
            Column::new("SETTINGS", Fit::End).wide(),
            Column::new("SOURCE", Fit::Start).wide(),
            Column::new("SUMMARY", Fit::End).wide(),
        ]);
        for PolicyRow { binding, asked } in &self.items {
            table.row([
                binding.name.to_string().into(),
                where_asked(binding, *asked),
                mode(binding.mode, *asked),
                Decision::join(&binding.about.decisions, ", ").into(),
                binding.about.version.clone().into(),
                if binding.key.is_some() { "yes" } else { "no" }.into(),
                binding.policy.short().into(),
                binding.settings.to_json().into(),
                Cell::or_none(binding.source.as_deref()),
                binding.about.summary.clone().into(),
            ]);
        }
        page.table(table);
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|row| row.binding.name.to_string()).collect()
    }
}

fn where_asked(binding: &Binding, asked: Asked) -> Cell {
    match asked {
        Asked::Not => Cell::toned(Tone::Muted, "no"),
        Asked::ByDefault => "everywhere (default)".into(),
        Asked::Bound if binding.stages.is_empty() => "everywhere".into(),
        Asked::Bound => {
            let stages: Vec<&str> = binding.stages.iter().map(AsRef::as_ref).collect();
            stages.join(", ").into()
        }
    }
}

fn mode(mode: Mode, asked: Asked) -> Cell {
    match (asked, mode) {
        (Asked::Not, _) => Cell::toned(Tone::Muted, "-"),
        (_, Mode::Enforce) => mode.to_string().into(),
        (_, Mode::Warn) => Cell::toned(Tone::Caution, mode.to_string()),
    }
}
