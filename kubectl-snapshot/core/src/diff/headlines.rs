//! Headlines of a diff: one line per change, for lists that people read.

use std::collections::BTreeSet;

use super::{Diff, ImageDiff, InstanceDiff, Presence};
use crate::{routes::shares_in_words, snapshot::Container, version::Order};

impl Diff {
    /// The first changes, the most telling ones first: images, workloads that
    /// come and go, flags.
    #[must_use]
    pub fn headlines(&self, most: usize) -> Vec<String> {
        let images = self.instances.iter().flat_map(|one| {
            one.images.iter().map(|image| format!("{} {}", key(one), versions(image)))
        });
        let workloads = self.instances.iter().filter_map(|one| match one.change {
            Presence::Added => Some(format!("{} added", key(one))),
            Presence::Removed => Some(format!("{} removed", key(one))),
            Presence::Changed => None,
        });
        let routes = self.routes.iter().flat_map(|route| {
            route.shares.iter().map(|one| {
                let [before, after] = [&one.before, &one.after]
                    .map(|rule| rule.as_ref().map_or("nothing".to_owned(), shares_in_words));
                format!("{} {}, {}: {before} → {after}", route.kind, route.name, one.requests)
            })
        });
        let flags = self.flags.iter().map(|flag| {
            let what = match flag.change {
                Presence::Added => "added",
                Presence::Removed => "removed",
                Presence::Changed => "changed",
            };
            format!("flag {} {what}", flag.key)
        });
        let mut seen = BTreeSet::new();
        let all = images.chain(workloads).chain(routes).chain(flags);
        all.filter(|line| seen.insert(line.clone())).take(most).collect()
    }

    /// The images that would be older than they are, or lack a part of what they have: a line each.
    #[must_use]
    pub fn downgrades(&self) -> Vec<String> {
        let older = |one: &InstanceDiff| -> Vec<String> {
            let mut lines: Vec<String> =
                one.images.iter().filter_map(|image| downgrade(&key(one), image)).collect();
            // Containers of one image go back together.
            lines.dedup();
            lines
        };
        self.instances.iter().flat_map(older).collect()
    }
}

fn downgrade(key: &str, image: &ImageDiff) -> Option<String> {
    let commits =
        |count: usize| if count == 1 { "1 commit".into() } else { format!("{count} commits") };
    let versions = versions(image);
    match (image.order, image.behind) {
        (Order::Older, None) => Some(format!("{key} goes back: {versions}")),
        (Order::Older, Some(behind)) => {
            Some(format!("{key} goes back by {}: {versions}", commits(behind)))
        }
        (Order::Diverged, Some(behind)) => Some(format!(
            "{key} goes to another line of history, without {} of what runs: {versions}",
            commits(behind)
        )),
        _ => None,
    }
}

/// `tax`, or `cart/cart-canary`.
fn key(one: &InstanceDiff) -> String {
    if one.instance == *one.service {
        one.service.clone()
    } else {
        format!("{}/{}", one.service, one.instance)
    }
}

fn versions(image: &ImageDiff) -> String {
    let [before, after] = [&image.before, &image.after].map(version);
    if before == after {
        // One tag, built twice: what differs is what stands behind it.
        return format!("{before} of another digest");
    }
    format!("{before} → {after}")
}

fn version(container: &Container) -> String {
    match (&container.tag, &container.digest) {
        (Some(tag), _) => shortened(tag),
        (None, Some(digest)) => digest.chars().take("sha256:".len() + 12).collect(),
        (None, None) => container.image.clone(),
    }
}

/// A tag that is a commit, in as many digits as tell it from others.
fn shortened(tag: &str) -> String {
    let commit = tag.len() >= 20 && tag.chars().all(|c| c.is_ascii_hexdigit());
    tag.chars().take(if commit { 12 } else { 60 }).collect()
}
