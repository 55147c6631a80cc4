//! Report of a garbage collection.

use serde::Serialize;

use super::{amounts::weight, counted::counted};
use crate::render::{Cell, Column, Page, Report, Table, page::Fit};

/// Unreferenced chunks that were deleted, or would be.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GarbageReport {
    /// True if nothing was deleted.
    pub dry_run: bool,
    /// Grace period, in seconds.
    pub grace_seconds: u64,
    /// The chunks.
    pub chunks: Vec<GarbageRow>,
    /// The bytes of the chunks.
    pub bytes: u64,
    /// The files that whoever was writing them never finished.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unfinished: Vec<GarbageRow>,
    /// The broken parts that were removed, or would be.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub broken: Vec<BrokenRow>,
    /// Number of chunks that stay.
    pub kept: usize,
    /// Number of those that nothing refers to yet: they are too young to tell.
    pub young: usize,
}

/// Chunk or file that nothing referred to.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct GarbageRow {
    /// The ConfigMap, or the file below the store's folder.
    pub name: String,
    /// The bytes that it takes.
    pub bytes: u64,
}

/// Part of a store that no reader believed.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BrokenRow {
    /// Kind of the part: `evidence`, `records`, `chains`, `snapshot`, `chunk`.
    pub kind: &'static str,
    /// The ConfigMap, or the file.
    pub object: String,
    /// The reason why no reader believed it.
    pub cause: String,
}

impl GarbageReport {
    /// `3 chunks deleted, 1.2 MiB; 12 kept`.
    fn sentence(&self) -> String {
        let deleted = if self.dry_run { "would be deleted" } else { "deleted" };
        let chunks = counted(self.chunks.len(), "chunk", "chunks");
        let size = if self.bytes > 0 { format!(", {}", weight(self.bytes)) } else { String::new() };
        let mut parts = Vec::new();
        if !self.broken.is_empty() {
            let removed = if self.dry_run { "would be removed" } else { "removed" };
            parts.push(format!(
                "{} {removed}",
                counted(self.broken.len(), "broken part", "broken parts")
            ));
        }
        parts.push(format!("{chunks} {deleted}{size}"));
        if !self.unfinished.is_empty() {
            let files = counted(self.unfinished.len(), "unfinished file", "unfinished files");
            parts.push(format!("{files} {deleted}"));
        }
        let young = match self.young {
            0 => String::new(),
            young => {
                format!(", {young} of them unreferenced, but younger than the grace period")
            }
        };
        parts.push(format!("{} kept{young}", self.kept));
        parts.join("; ")
    }
}

impl Report for GarbageReport {
    const KIND: &'static str = "GarbageReport";

    fn page(&self, page: &mut Page) {
        let mut table =
            Table::new([Column::new("NAME", Fit::Middle), Column::new("SIZE", Fit::Whole)]);
        if self.dry_run {
            let rows = self.chunks.iter().chain(&self.unfinished);
            table.extend(rows.map(|row| [Cell::from(row.name.clone()), weight(row.bytes).into()]));
        }
        if !table.is_empty() {
            page.table(table);
        }
        let mut broken =
            Table::headless([Column::new("OBJECT", Fit::Wrap), Column::new("CAUSE", Fit::Wrap)]);
        for part in &self.broken {
            broken.row([part.object.clone().into(), Cell::from(part.cause.clone())]);
        }
        page.section("broken", broken);
        page.line(self.sentence());
    }

    /// Names of what was deleted, or would be.
    fn names(&self) -> Vec<String> {
        let broken = self.broken.iter().map(|part| part.object.clone());
        let garbage = self.chunks.iter().chain(&self.unfinished).map(|row| row.name.clone());
        broken.chain(garbage).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_what_was_done() {
        let row = |bytes| GarbageRow { name: "chunk.1f3a".to_owned(), bytes };
        let mut report = GarbageReport {
            chunks: vec![row(1_258_291)],
            bytes: 1_258_291,
            kept: 12,
            ..GarbageReport::default()
        };
        assert_eq!(report.sentence(), "1 chunk deleted, 1.2 MiB; 12 kept");
        report.dry_run = true;
        report.unfinished = vec![row(1), row(2)];
        report.young = 2;
        assert_eq!(
            report.sentence(),
            "1 chunk would be deleted, 1.2 MiB; 2 unfinished files would be deleted; 12 kept, \
             2 of them unreferenced, but younger than the grace period"
        );
        let nothing = GarbageReport { kept: 3, ..GarbageReport::default() };
        assert_eq!(nothing.sentence(), "0 chunks deleted; 3 kept");
    }
}
