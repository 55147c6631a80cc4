//! A line of `list`, from a stored head or from a snapshot in hand.

use snapshot_core::parts::Document;

use crate::{app::Clock, render::SnapshotRow, store::Head};

/// The line of a stored snapshot.
pub(super) fn of_head(head: Head, clock: &Clock) -> SnapshotRow {
    SnapshotRow {
        name: Some(head.name.to_string()),
        digest: head.digest,
        age: head.created.as_deref().map(|created| clock.age(created)),
        created: head.created,
        parts: head.parts.iter().map(ToString::to_string).collect(),
        services: head.services,
        instances: head.instances,
        flags: head.flags,
        author: head.author,
        source: head.source,
        message: head.message,
    }
}

/// The line of a snapshot in hand.
pub(super) fn of_document(document: &Document, clock: &Clock) -> SnapshotRow {
    let metadata = document.metadata().clone();
    SnapshotRow {
        name: metadata.name,
        digest: document.digest(),
        age: metadata.created.as_deref().map(|created| clock.age(created)),
        created: metadata.created,
        parts: document.part_names().iter().map(ToString::to_string).collect(),
        services: document.service_count(),
        instances: document.instance_count(),
        flags: document.flag_count(),
        author: metadata.author,
        source: metadata.source,
        message: metadata.message,
    }
}
