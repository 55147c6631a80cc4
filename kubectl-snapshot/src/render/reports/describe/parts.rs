//! One snapshot in parts, for people.

use std::collections::BTreeMap;

use serde::Serialize;
use snapshot_core::{
    digest::Digest,
    parts::{PartName, Several},
    requirement::Resolved,
    snapshot::Metadata,
};

use super::{CommitRow, Description, counted, tables};
use crate::render::{
    Column, Line, Overview, Page, Report, Table, Tone, page::Fit, reports::meanings,
};

/// A snapshot in parts, with all that its sets say but the manifests.
#[derive(Clone, Debug, Serialize)]
pub struct PartsDescription<'a> {
    #[serde(skip)]
    label: &'a str,
    metadata: &'a Metadata,
    digest: Digest,
    parts: BTreeMap<&'a PartName, Description<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requirements: Vec<Resolved>,
}

impl<'a> PartsDescription<'a> {
    /// Describes what the user calls `label`, with the requirements that were resolved across
    /// its parts.
    #[must_use]
    pub fn new(label: &'a str, several: &'a Several, requirements: Vec<Resolved>) -> Self {
        let parts = several.parts.iter();
        let parts =
            parts.map(|(name, part)| (name, Description::new(name.as_ref(), part, Vec::new())));
        Self {
            label,
            metadata: &several.metadata,
            digest: several.digest(),
            parts: parts.collect(),
            requirements,
        }
    }

    /// Adds the commits that the images of each part were built from.
    #[must_use]
    pub fn built_from(mut self, mut commits: BTreeMap<&'a PartName, Vec<CommitRow>>) -> Self {
        for (name, part) in &mut self.parts {
            part.commits = commits.remove(name).unwrap_or_default();
        }
        self
    }

    fn count(&self, of: impl Fn(&Description<'_>) -> usize) -> usize {
        self.parts.values().map(of).sum()
    }

    fn workloads(&self) -> usize {
        self.count(|part| part.services.values().map(BTreeMap::len).sum())
    }
}

impl Report for PartsDescription<'_> {
    const KIND: &'static str = "PartsDescription";

    fn page(&self, page: &mut Page) {
        let name = self.metadata.name.as_deref().unwrap_or(self.label);
        page.overview(
            Overview::new(format!("What is in {name}"))
                .says(meanings::SNAPSHOT)
                .says("Each part is what one namespace holds.")
                .counts(Tone::Plain, self.parts.len(), "part", "parts")
                .counts(Tone::Plain, self.count(|part| part.services.len()), "service", "services")
                .counts(Tone::Plain, self.workloads(), "workload", "workloads")
                .counts(Tone::Plain, self.count(|part| part.flags.len()), "flag", "flags"),
        );
        let size = format!(
            "{}, {}, {}",
            counted(self.parts.len(), "part", "parts"),
            counted(self.count(|part| part.services.len()), "service", "services"),
            counted(self.workloads(), "workload", "workloads")
        );
        page.table(tables::metadata(name, self.metadata, &self.digest, &size, &[]));
        page.section("parts", parts(&self.parts));
        if !self.requirements.is_empty() {
            page.section(
                "requirements",
                crate::render::reports::requirements::table(&self.requirements),
            );
        }
        for (name, part) in &self.parts {
            let title = Line::default().plain("part ").with(Tone::Strong, name.to_string());
            page.title(title);
            part.sections(page);
        }
    }

    fn names(&self) -> Vec<String> {
        vec![self.metadata.name.clone().unwrap_or_else(|| self.label.to_owned())]
    }
}

/// A row for each part.
fn parts(parts: &BTreeMap<&PartName, Description<'_>>) -> Table {
    let mut table = Table::new([
        Column::new("PART", Fit::Whole),
        Column::new("DIGEST", Fit::Whole),
        Column::new("SERVICES", Fit::Whole),
        Column::new("FLAGS", Fit::Whole),
        Column::new("SOURCE", Fit::Middle).droppable(),
        Column::new("READ FROM", Fit::Whole).wide(),
    ])
    .meaning("What each namespace holds; two parts with one digest hold the same.");
    for (name, part) in parts {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        table.row([
            name.to_string().into(),
            part.digest.short().into(),
            part.services.len().to_string().into(),
            part.flags.len().to_string().into(),
            text(&part.metadata.source).into(),
            text(&part.metadata.resource_version).into(),
        ]);
    }
    table
}
