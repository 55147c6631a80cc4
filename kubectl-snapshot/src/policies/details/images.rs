//! Images, as they ran and as they will be written.

use std::collections::BTreeMap;

use snapshot_core::{
    image,
    manifest::Kind,
    snapshot::{Container, InstanceRef, Snapshot},
};
use snapshot_policy_host::records::{Image, InstanceImages};

use super::{Facts, Place};

pub(super) fn images(facts: &Facts<'_>) -> Vec<InstanceImages> {
    let running: BTreeMap<_, _> = match facts.running {
        Some((_, Snapshot { spec, .. })) => {
            spec.instances().map(|one| (identity(one), one)).collect()
        }
        None => BTreeMap::new(),
    };
    let mut all: Vec<InstanceImages> = facts
        .candidate
        .spec
        .instances()
        .map(|one| {
            let key = identity(one);
            let there = running.get(&key).copied();
            let containers = one.instance.containers.iter();
            let images = containers
                .map(|(name, container)| image(name, container, (&key, there), facts.place));
            InstanceImages { instance: one.key(), images: images.collect() }
        })
        .collect();
    all.sort_by(|a, b| a.instance.cmp(&b.instance));
    all
}

fn identity(one: InstanceRef<'_>) -> (Kind, String) {
    (one.instance.kind, one.workload().to_owned())
}

fn image(
    name: &str,
    container: &Container,
    (key, there): (&(Kind, String), Option<InstanceRef<'_>>),
    place: Option<Place<'_>>,
) -> Image {
    let manifest = image::without_digest(container);
    let there = there.and_then(|one| one.instance.containers.get(name));
    let before = there.map(|there| {
        let by_tag = image::without_digest(there);
        let pin = place.and_then(|place| place.pins.get(key)?.get(name));
        pin.map_or(by_tag.clone(), |pin| format!("{by_tag}@{pin}"))
    });
    let planned = place.and_then(|place| place.written);
    let after = match planned {
        Some(written) => written.get(key).and_then(|images| images.get(name)).or(before.as_ref()),
        None => None,
    };
    Image {
        container: name.to_owned(),
        // To an empty place, all goes with its digest.
        after: after.cloned().unwrap_or_else(|| image::written(container)),
        manifest,
        ran: container.digest.clone(),
        before: before.filter(|_| planned.is_some()),
    }
}
