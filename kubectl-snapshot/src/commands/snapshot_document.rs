//! A whole snapshot as a report: its document for machines, a row for people.

use serde::Serialize;
use serde_json::Value;
use snapshot_core::{document, parts::Document};

use super::row;
use crate::{
    app::Clock,
    render::{Page, Report, SnapshotList, SnapshotRow},
};

/// A snapshot to print.
#[derive(Serialize)]
pub(super) struct SnapshotDocument {
    metadata: Value,
    spec: Value,
    #[serde(skip)]
    api_version: String,
    #[serde(skip)]
    row: SnapshotRow,
}

impl SnapshotDocument {
    /// Takes the snapshot apart for printing.
    #[must_use]
    pub(super) fn new(snapshot: &Document, clock: &Clock) -> Self {
        let row = row::of_document(snapshot, clock);
        let mut document = document::to_value(snapshot);
        let api_version = document["apiVersion"].as_str().unwrap_or_default().to_owned();
        Self {
            metadata: document["metadata"].take(),
            spec: document["spec"].take(),
            api_version,
            row,
        }
    }
}

impl Report for SnapshotDocument {
    const KIND: &'static str = "Snapshot";

    fn api_version(&self) -> &str {
        &self.api_version
    }

    fn page(&self, page: &mut Page) {
        SnapshotList { items: vec![self.row.clone()] }.page(page);
    }

    fn names(&self) -> Vec<String> {
        SnapshotList { items: vec![self.row.clone()] }.names()
    }
}
