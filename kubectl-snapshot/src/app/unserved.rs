//! Kinds that a cluster does not serve, where what is compared with it holds some.

use std::collections::BTreeMap;

use snapshot_core::{
    manifest::{Kind, Serving},
    parts::Document,
    reference::Reference,
};

use super::{App, Failure, resolved::ResolvedDocument};

/// Number of names that the sentence has at most.
const NAMED: usize = 5;

/// Says which objects of a side cannot be in the cluster that another side is read from.
pub(super) async fn warn(
    app: &App,
    references: &[&Reference],
    found: &[ResolvedDocument],
) -> Result<(), Failure> {
    for (place, reference) in references.iter().enumerate() {
        let Reference::Live { context, .. } = reference else { continue };
        for (other, one) in found.iter().enumerate().filter(|(other, _)| *other != place) {
            // Two clusters, or two namespaces of one: each is read by itself.
            if matches!(references.get(other), None | Some(Reference::Live { .. })) {
                continue;
            }
            let objects = optional(&one.document);
            if objects.is_empty() {
                continue;
            }
            let cluster = app.connections.connected_at(context.as_deref()).await?;
            // Whoever may not look has been told so when the side was read.
            let unserved = cluster.unserved(objects.keys().copied()).await.unwrap_or_default();
            for kind in unserved {
                let mut names = objects.get(&kind).cloned().unwrap_or_default();
                let more = names.len().saturating_sub(NAMED);
                names.truncate(NAMED);
                if more > 0 {
                    names.push(format!("{more} more"));
                }
                app.observer.warning(&format!(
                    "the cluster of context {} does not serve the kind {kind}: it cannot have {}",
                    cluster.context(),
                    names.join(", ")
                ));
            }
        }
    }
    Ok(())
}

/// Objects of kinds that a cluster need not serve.
fn optional(document: &Document) -> BTreeMap<Kind, Vec<String>> {
    let mut found: BTreeMap<Kind, Vec<String>> = BTreeMap::new();
    let manifests = document.sets().flat_map(|(_, set)| set.spec.objects.values());
    for (kind, name) in manifests.filter_map(snapshot_core::manifest::Manifest::identity) {
        if kind.spec().serving == Serving::IfServed {
            found.entry(kind).or_default().push(name);
        }
    }
    for names in found.values_mut() {
        names.sort();
    }
    found
}
