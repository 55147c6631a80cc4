//! The stored snapshots.

use serde::Serialize;
use snapshot_core::{digest::Digest, snapshot::API_VERSION};

use crate::render::{Cell, Column, Page, Report, Row, Table, page::Fit};

/// The stored snapshots, in the order in which they are to be shown.
#[derive(Clone, Debug, Default, Serialize)]
pub struct SnapshotList {
    /// Row of each snapshot, known without reading its document.
    pub items: Vec<SnapshotRow>,
}

/// Row of a list of snapshots.
#[derive(Clone, Debug)]
pub struct SnapshotRow {
    /// The name it is stored under, if it is.
    pub name: Option<String>,
    /// The digest of its set.
    pub digest: Digest,
    /// Time of the capture, RFC 3339 in UTC.
    pub created: Option<String>,
    /// Age, as kubectl writes it: `3m`, `2d4h`. Machines get `created`.
    pub age: Option<String>,
    /// The aliases of its parts; none where it is of one namespace.
    pub parts: Vec<String>,
    /// Number of services.
    pub services: usize,
    /// Number of workloads.
    pub instances: usize,
    /// Number of flags.
    pub flags: usize,
    /// Name of the user who captured it.
    pub author: Option<String>,
    /// Source of the capture.
    pub source: Option<String>,
    /// Message of the author.
    pub message: Option<String>,
}

impl Report for SnapshotList {
    const KIND: &'static str = "SnapshotList";

    fn page(&self, page: &mut Page) {
        if self.items.is_empty() {
            page.line("No snapshots found.");
            return;
        }
        // Where none has parts, a column for them would tell nobody anything.
        let has_parts = self.items.iter().any(|item| !item.parts.is_empty());
        let parts = has_parts.then(|| Column::new("PARTS", Fit::End).droppable());
        let first = [
            Column::new("NAME", Fit::Whole),
            Column::new("DIGEST", Fit::Whole),
            Column::new("AGE", Fit::Whole),
        ];
        let others = [
            Column::new("SERVICES", Fit::Whole),
            Column::new("INSTANCES", Fit::Whole).wide(),
            Column::new("FLAGS", Fit::Whole),
            Column::new("AUTHOR", Fit::Middle).wide(),
            Column::new("CREATED", Fit::Whole).wide(),
            Column::new("SOURCE", Fit::Middle).droppable(),
            Column::new("MESSAGE", Fit::End).droppable(),
        ];
        let mut table = Table::new(first.into_iter().chain(parts).chain(others));
        for item in &self.items {
            table.row(item.row(has_parts));
        }
        page.table(table);
    }

    fn names(&self) -> Vec<String> {
        self.items
            .iter()
            .map(|item| item.name.clone().unwrap_or_else(|| item.digest.to_string()))
            .collect()
    }
}

impl SnapshotRow {
    fn row(&self, has_parts: bool) -> Row {
        let first: [Cell; 3] = [
            Cell::or_none(self.name.as_deref()),
            self.digest.short().into(),
            self.age.clone().unwrap_or_else(|| "<unknown>".to_owned()).into(),
        ];
        let named = Some(self.parts.join(",")).filter(|parts| !parts.is_empty());
        let parts = has_parts.then(|| Cell::or_none(named.as_deref()));
        let others: [Cell; 7] = [
            self.services.to_string().into(),
            self.instances.to_string().into(),
            self.flags.to_string().into(),
            Cell::or_none(self.author.as_deref()),
            Cell::or_none(self.created.as_deref()),
            Cell::or_none(self.source.as_deref()),
            self.message.clone().unwrap_or_default().into(),
        ];
        Row::new(first.into_iter().chain(parts).chain(others))
    }
}

/// List item in the form of `kubectl get -o json`: an object of its own.
impl Serialize for SnapshotRow {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Item<'a> {
            api_version: &'static str,
            kind: &'static str,
            metadata: Metadata<'a>,
            digest: &'a Digest,
            #[serde(skip_serializing_if = "<[_]>::is_empty")]
            parts: &'a [String],
            services: usize,
            instances: usize,
            flags: usize,
        }
        #[derive(Serialize)]
        struct Metadata<'a> {
            #[serde(skip_serializing_if = "Option::is_none")]
            name: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            created: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            author: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            source: Option<&'a str>,
            #[serde(skip_serializing_if = "Option::is_none")]
            message: Option<&'a str>,
        }
        let metadata = Metadata {
            name: self.name.as_deref(),
            created: self.created.as_deref(),
            author: self.author.as_deref(),
            source: self.source.as_deref(),
            message: self.message.as_deref(),
        };
        let Self { digest, parts, services, instances, flags, .. } = self;
        Item {
            api_version: API_VERSION,
            kind: "SnapshotSummary",
            metadata,
            digest,
            parts,
            services: *services,
            instances: *instances,
            flags: *flags,
        }
        .serialize(serializer)
    }
}
