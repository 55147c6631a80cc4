//! A whole snapshot as a report: its document for machines, a row for people.

use serde::Serialize;
use serde_json::Value;
use snapshot_core::{document, snapshot::Snapshot};

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
    row: SnapshotRow,
}

impl SnapshotDocument {
    /// Takes the snapshot apart for printing.
    #[must_use]
    pub(super) fn new(snapshot: &Snapshot, clock: &Clock) -> Self {
        let row = row::of_snapshot(snapshot, clock);
        let mut document = document::to_value(snapshot);
        Self { metadata: document["metadata"].take(), spec: document["spec"].take(), row }
    }
}

impl Report for SnapshotDocument {
    const KIND: &'static str = "Snapshot";

    fn page(&self, page: &mut Page) {
        SnapshotList { items: vec![self.row.clone()] }.page(page);
    }

    fn names(&self) -> Vec<String> {
        SnapshotList { items: vec![self.row.clone()] }.names()
    }
}
