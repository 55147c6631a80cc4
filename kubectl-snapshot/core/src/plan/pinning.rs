//! The choice of digests: which images of a workload are written pinned.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    digest::Digest,
    image::{self, Parts},
    manifest::{Kind, Pins, Workload},
    pin::Pin,
    snapshot::{Container, Instance},
};

/// A workload's two sides, and the deployer that writes it again.
#[derive(Clone, Copy)]
pub(super) struct Sides<'a> {
    /// The instance that should run.
    pub(super) meant: &'a Instance,
    /// The instance that runs.
    pub(super) running: Option<&'a Instance>,
    /// The digests that its images are written with now.
    pub(super) pins: &'a Pins,
    /// The deployer that the workload belongs to.
    pub(super) deployer: Option<&'static str>,
}

/// The digests that a workload's images are to be written with.
#[derive(Default)]
pub(super) struct Pinned {
    pub(super) pins: Pins,
    /// True if an image whose digest is known stays by tag, because its owner writes it again.
    pub(super) is_left_to_owner: bool,
    /// Images that stay by a tag which means another image at the place than in the set.
    pub(super) moved: Vec<String>,
}

impl Sides<'_> {
    /// True if images may have to be written though the manifests are equal.
    pub(super) fn need_a_look(&self, choice: Pin) -> bool {
        self.meant.containers.iter().any(|(name, meant)| {
            let running = self.running.and_then(|running| running.containers.get(name));
            let (digest, runs) = (known(meant), running.and_then(known));
            let is_unpinned = || digest.is_some() && !self.pins.contains_key(name);
            running.is_some_and(|running| tag_moved(meant, running))
                || ((choice == Pin::Always || digest != runs) && is_unpinned())
        })
    }

    /// Chooses the digests of `wanted`, where `current` is there. Neither has any in it.
    pub(super) fn choose(
        &self,
        choice: Pin,
        kind: Kind,
        current: Option<&Value>,
        wanted: &Value,
    ) -> Pinned {
        let mut rolls_out =
            current.is_none_or(|current| template(kind, current) != template(kind, wanted));
        let here = current.map(|current| images(kind, current)).unwrap_or_default();
        let mut pinned = Pinned::default();
        let mut open = Vec::new();
        for (name, image) in images(kind, wanted) {
            let Some(meant) = self.meant.containers.get(&name) else { continue };
            let pin_here = self.pins.get(&name).filter(|_| here.get(&name) == Some(&image));
            let Some(digest) = known(meant) else {
                // Nobody knows better than the place.
                pinned.pins.extend(pin_here.map(|pin| (name, *pin)));
                continue;
            };
            let running = self.running.and_then(|running| running.containers.get(&name));
            let runs = running.and_then(known);
            let has_tag = Parts::of(&image).tag.is_some();
            let pins = match (here.get(&name) == Some(&image), pin_here) {
                (true, Some(pin)) if *pin == digest => true,
                // One name, and two images: only the digest tells which is meant.
                (true, pin) if pin.is_some() || runs.is_some_and(|runs| runs != digest) => {
                    if choice == Pin::Never && has_tag {
                        pinned.moved.push(format!("container {name}: {image}"));
                    }
                    choice != Pin::Never || !has_tag
                }
                (is_here, _) => match choice {
                    Pin::Never => !(has_tag || (is_here && runs == Some(digest))),
                    Pin::Auto if self.deployer.is_some() => {
                        pinned.is_left_to_owner |= !(is_here && runs == Some(digest));
                        false
                    }
                    Pin::Auto if is_here && runs == Some(digest) => {
                        open.push((name, digest));
                        continue;
                    }
                    Pin::Auto | Pin::Always => true,
                },
            };
            rolls_out |= pins != pin_here.is_some_and(|pin| *pin == digest);
            pinned.pins.extend(pins.then_some((name, digest)));
        }
        // New pods pull anew what a tag means by then.
        pinned.pins.extend(open.into_iter().filter(|_| rolls_out));
        pinned
    }
}

/// The digest of a container that is known, where it can be written.
fn known(container: &Container) -> Option<Digest> {
    container.digest.as_ref()?.parse().ok()
}

/// True if one tag means two images.
pub(super) fn tag_moved(meant: &Container, there: &Container) -> bool {
    image::same_repository(&meant.image, &there.image)
        && meant.tag == there.tag
        && image::digests_differ(meant, there)
}

/// The images of a workload, by container.
pub(super) fn images(kind: Kind, tree: &Value) -> BTreeMap<String, String> {
    let workload = Workload::of(kind, tree);
    let containers = workload.iter().flat_map(Workload::containers);
    let named = containers.filter(|container| !container.image.is_empty());
    named.map(|container| (container.name.to_owned(), container.image.to_owned())).collect()
}

fn template(kind: Kind, tree: &Value) -> Option<&Value> {
    tree.pointer(kind.template_path()?)
}

/// The workloads whose images stay by tag, by the deployer that writes them again.
#[derive(Default)]
pub(super) struct LeftToOwners(BTreeMap<&'static str, BTreeSet<String>>);

/// The workloads that a sentence names.
const NAMED: usize = 5;

impl LeftToOwners {
    pub(super) fn add(&mut self, deployer: &'static str, workload: String) {
        self.0.entry(deployer).or_default().insert(workload);
    }

    /// A sentence for each deployer.
    pub(super) fn sentences(&self) -> impl Iterator<Item = String> {
        self.0.iter().map(|(deployer, workloads)| {
            let mut names: Vec<String> = workloads.iter().take(NAMED).cloned().collect();
            if workloads.len() > NAMED {
                names.push(format!("{} more", workloads.len() - NAMED));
            }
            let images = if workloads.len() == 1 { "its images" } else { "their images" };
            format!(
                "{deployer} writes {} again: {images} stay by tag, without the digest that the set knows",
                names.join(", ")
            )
        })
    }
}
