//! Variables that two places tell of.

use std::collections::BTreeMap;

use serde::{Serialize, Serializer, ser::SerializeStruct as _};
use snapshot_core::{diff::Presence, learn::Learned};

use super::value::shown_text;
use crate::render::{Cell, Column, Line, Page, Report, Row, Table, Tone, page::Fit};

/// Variables inferred from two places, and the variable sets that these would make.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Names of the two variable sets.
    pub sets: [String; 2],
    /// Variables inferred.
    pub learned: Learned,
    /// True if the variable sets were written.
    pub written: bool,
}

impl Proposal {
    /// The values of either set.
    #[must_use]
    pub fn values(&self) -> [BTreeMap<String, String>; 2] {
        let mut values = [BTreeMap::new(), BTreeMap::new()];
        for variable in &self.learned.variables {
            values[0].insert(variable.name.clone(), variable.before.clone());
            values[1].insert(variable.name.clone(), variable.after.clone());
        }
        values
    }
}

impl Report for Proposal {
    const KIND: &'static str = "VariableProposal";

    fn page(&self, page: &mut Page) {
        let [one, other] = &self.sets;
        let title = Line::default().with(Tone::Strong, one.clone()).plain(" → ");
        page.title(title.with(Tone::Strong, other.clone()));
        let mut variables = Table::headless([
            Column::new("VARIABLE", Fit::Middle),
            Column::new("VALUES", Fit::Middle),
            Column::new("IN", Fit::End),
        ]);
        for variable in &self.learned.variables {
            let values =
                Cell::change(Some(shown_text(&variable.before)), Some(shown_text(&variable.after)));
            let mut places = places(&variable.instances);
            if let Some(part) = &variable.namespace_of {
                places = format!("{places}, names the namespace of {part}");
            }
            let cells = [variable.name.clone().into(), values, places.into()];
            variables.row(Row::new(cells).marked(Presence::Changed));
        }
        page.section("variables", variables);
        let mut apart =
            Table::headless([Column::new("NAME", Fit::Middle), Column::new("REASON", Fit::Wrap)]);
        for one in &self.learned.apart {
            apart.row([one.name.clone().into(), one.reason.clone().into()]);
        }
        page.section_with_remark("no variables", "though their values differ", apart);
    }

    fn names(&self) -> Vec<String> {
        self.learned.variables.iter().map(|one| one.name.clone()).collect()
    }
}

/// `in cart/cart`, `in cart/cart and 2 more`.
fn places(instances: &[String]) -> String {
    match instances {
        [] => String::new(),
        [one] => format!("in {one}"),
        [first, rest @ ..] => format!("in {first} and {} more", rest.len()),
    }
}

impl Serialize for Proposal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Set<'a> {
            name: &'a str,
            values: BTreeMap<String, String>,
        }
        let sets = self.sets.iter().zip(self.values());
        let sets: Vec<Set<'_>> = sets.map(|(name, values)| Set { name, values }).collect();
        let mut proposal = serializer.serialize_struct("Proposal", 4)?;
        proposal.serialize_field("sets", &sets)?;
        proposal.serialize_field("variables", &self.learned.variables)?;
        proposal.serialize_field("apart", &self.learned.apart)?;
        proposal.serialize_field("written", &self.written)?;
        proposal.end()
    }
}
