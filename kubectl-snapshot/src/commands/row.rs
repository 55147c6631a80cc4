//! A line of `list`, from a stored head or from a snapshot in hand.

use snapshot_core::snapshot::Snapshot;

use crate::{app::Clock, render::SnapshotRow, store::Head};

/// The line of a stored snapshot.
pub(super) fn of_head(head: Head, clock: &Clock) -> SnapshotRow {
    SnapshotRow {
        name: Some(head.name.to_string()),
        digest: head.digest,
        age: head.created.as_deref().map(|created| clock.age(created)),
        created: head.created,
        services: head.services,
        instances: head.instances,
        flags: head.flags,
        author: head.author,
        source: head.source,
        message: head.message,
    }
}

/// The line of a snapshot in hand.
pub(super) fn of_snapshot(snapshot: &Snapshot, clock: &Clock) -> SnapshotRow {
    let metadata = snapshot.metadata.clone();
    SnapshotRow {
        name: metadata.name,
        digest: snapshot.spec.digest(),
        age: metadata.created.as_deref().map(|created| clock.age(created)),
        created: metadata.created,
        services: snapshot.spec.services.len(),
        instances: snapshot.spec.instance_count(),
        flags: snapshot.spec.flags.len(),
        author: metadata.author,
        source: metadata.source,
        message: metadata.message,
    }
}
