//! The variable sets.

use std::collections::BTreeMap;

use serde::Serialize;

use super::value::shown_text;
use crate::render::{Column, Page, Report, Table, page::Fit};

/// The values that variables have at places.
#[derive(Clone, Debug, Default, Serialize)]
pub struct VariableSets {
    items: Vec<VariableSet>,
}

#[derive(Clone, Debug, Serialize)]
struct VariableSet {
    name: String,
    values: BTreeMap<String, String>,
}

impl VariableSets {
    /// The sets by name, in the order in which they are to be shown.
    pub fn new(sets: impl IntoIterator<Item = (String, BTreeMap<String, String>)>) -> Self {
        Self {
            items: sets.into_iter().map(|(name, values)| VariableSet { name, values }).collect(),
        }
    }
}

impl Report for VariableSets {
    const KIND: &'static str = "VariableSetList";

    fn page(&self, page: &mut Page) {
        if self.items.is_empty() {
            page.line("No variable sets found.");
            return;
        }
        let mut table = Table::new([
            Column::new("SET", Fit::Whole),
            Column::new("VARIABLE", Fit::Middle),
            Column::new("VALUE", Fit::Middle),
        ]);
        for set in &self.items {
            for (variable, value) in &set.values {
                table.row([
                    set.name.clone().into(),
                    variable.clone().into(),
                    shown_text(value).into(),
                ]);
            }
            if set.values.is_empty() {
                table.row([set.name.clone().into(), "<none>".into(), "".into()]);
            }
        }
        page.table(table);
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|set| set.name.clone()).collect()
    }
}
