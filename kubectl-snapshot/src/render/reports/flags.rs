//! Flags: what each serves, where it lives, who reads it, and what needs it.

use serde::Serialize;
use snapshot_core::{
    flag::Flag,
    flags::Uses,
    parts::{Document, PartName},
};

use super::{
    diff::{stands_for_itself, state},
    meanings,
    value::shown,
};
use crate::render::{Cell, Column, Page, Report, Table, Tone, page::Fit};

/// The flags of sets, by key.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FlagList {
    items: Vec<FlagRow>,
}

/// One flag in some sets.
#[derive(Clone, Debug, Default, Serialize)]
pub struct FlagReport {
    items: Vec<FlagRow>,
}

/// A flag in a set.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FlagRow {
    key: String,
    /// The set, as the user calls it.
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    part: Option<PartName>,
    /// For whom it is on, in a word.
    state: &'static str,
    /// Readers of it, as far as the set says.
    read_by: Vec<String>,
    /// Dependents of it.
    needed_by: Vec<String>,
    #[serde(flatten)]
    flag: Flag,
}

impl FlagRow {
    fn all(
        label: Option<&str>,
        document: &Document,
        is_meant: impl Fn(&str, &Flag) -> bool,
    ) -> Vec<Self> {
        let mut rows = Vec::new();
        for (part, set) in document.sets() {
            let uses = Uses::of(&set.spec);
            for (key, flag) in set.spec.flags.iter().filter(|(key, flag)| is_meant(key, flag)) {
                rows.push(Self {
                    key: key.clone(),
                    label: label.map(str::to_owned),
                    part: part.cloned(),
                    state: state(flag),
                    read_by: uses.read_by(flag),
                    needed_by: uses.needed_by(key, flag),
                    flag: flag.clone(),
                });
            }
        }
        rows
    }

    /// The key, with the part before it where there is one.
    fn name(&self) -> String {
        self.part.as_ref().map_or_else(|| self.key.clone(), |part| format!("{part}/{}", self.key))
    }

    fn on(&self) -> Cell {
        match self.state {
            "on" => Cell::toned(Tone::Good, "yes"),
            "off" | "disabled" => Cell::toned(Tone::Muted, "no"),
            other => Cell::toned(Tone::Unknown, other),
        }
    }

    /// Value that it serves; of one that is off, nothing.
    fn value(&self) -> String {
        let value = &self.flag.value;
        if !self.flag.enabled {
            return String::new();
        }
        if stands_for_itself(value) { shown(value) } else { value.to_string() }
    }

    fn requires(&self) -> Cell {
        let mut requires: Vec<String> =
            self.flag.requires.iter().map(ToString::to_string).collect();
        if self.flag.unreadable_requires.is_some() {
            requires.push("unknown".to_owned());
            return Cell::toned(Tone::Unknown, requires.join("; "));
        }
        Cell::or_none((!requires.is_empty()).then(|| requires.join("; ")).as_deref())
    }
}

fn or_none(names: &[String]) -> Cell {
    Cell::or_none((!names.is_empty()).then(|| names.join(", ")).as_deref())
}

impl FlagList {
    /// The flags of sets.
    #[must_use]
    pub fn of(documents: &[&Document]) -> Self {
        let rows = documents.iter().flat_map(|one| FlagRow::all(None, one, |_, _| true));
        Self { items: rows.collect() }
    }

    /// True if there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl Report for FlagList {
    const KIND: &'static str = "FlagList";

    fn page(&self, page: &mut Page) {
        let mut table = Table::new([
            Column::new("FLAG", Fit::Middle),
            Column::new("ON", Fit::Whole),
            Column::new("VALUE", Fit::Middle),
            Column::new("SOURCE", Fit::Middle),
            Column::new("REQUIRES", Fit::Middle),
            Column::new("NEEDED BY", Fit::End),
        ])
        .meaning(meanings::FLAGS);
        for row in &self.items {
            table.row([
                row.name().into(),
                row.on(),
                row.value().into(),
                row.flag.source.clone().into(),
                row.requires(),
                or_none(&row.needed_by),
            ]);
        }
        page.table(table);
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(FlagRow::name).collect()
    }
}

impl FlagReport {
    /// A flag in each of some sets, by its key or by the name that it goes by there.
    #[must_use]
    pub fn of(key: &str, sets: &[(&str, &Document)]) -> Self {
        let is_it = |name: &str, flag: &Flag| name == key || flag.key_in_set(name) == key;
        let rows = sets.iter().flat_map(|(label, one)| FlagRow::all(Some(label), one, is_it));
        Self { items: rows.collect() }
    }

    /// True if no set has it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }
}

impl Report for FlagReport {
    const KIND: &'static str = "Flag";

    fn page(&self, page: &mut Page) {
        let mut table = Table::new([
            Column::new("WHERE", Fit::Middle),
            Column::new("FLAG", Fit::Middle),
            Column::new("ON", Fit::Whole),
            Column::new("VALUE", Fit::Middle),
            Column::new("SOURCE", Fit::Middle),
            Column::new("READ BY", Fit::End),
            Column::new("REQUIRES", Fit::Middle),
            Column::new("NEEDED BY", Fit::End),
        ])
        .meaning(meanings::FLAGS);
        for row in &self.items {
            table.row([
                row.label.clone().unwrap_or_default().into(),
                row.name().into(),
                row.on(),
                row.value().into(),
                row.flag.source.clone().into(),
                or_none(&row.read_by),
                row.requires(),
                or_none(&row.needed_by),
            ]);
        }
        page.table(table);
        for row in &self.items {
            if let Some(reason) = &row.flag.unreadable {
                page.line(format!("{}: cannot be read: {reason}", row.name()));
            }
        }
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(FlagRow::name).collect()
    }
}
