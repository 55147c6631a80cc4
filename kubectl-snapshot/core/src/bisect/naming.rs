//! Names of units, as a reader calls them: with what BAD has of them.

use std::collections::BTreeSet;

use crate::{
    compose::Difference,
    snapshot::{Container, Snapshot},
};

/// Number of a commit's digits that a reader sees.
const DIGITS: usize = 7;

/// The title of differences that move together.
pub(super) fn title(differences: &BTreeSet<Difference>, ends: [&Snapshot; 2]) -> String {
    let names: Vec<String> = differences.iter().map(|one| name(one, ends)).collect();
    match names.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} with {last}", others.join(", ")),
        None => String::new(),
    }
}

fn name(difference: &Difference, [good, bad]: [&Snapshot; 2]) -> String {
    match difference {
        Difference::Flag(key) => format!("flag {key}"),
        Difference::Object(kind, name) => format!("{kind} {name}"),
        Difference::Service(name) => match (version(name, good), version(name, bad)) {
            (_, None) => format!("{name} removed"),
            (before, Some(after)) if before.as_ref() == Some(&after) => format!("{name} changed"),
            (_, Some(after)) => format!("{name} {after}"),
        },
    }
}

/// Version of a service, in a word.
fn version(service: &str, snapshot: &Snapshot) -> Option<String> {
    let instances = snapshot.spec.services.get(service)?;
    let mains = instances.values().filter_map(|one| snapshot.spec.main_container(one));
    let words: BTreeSet<String> = mains.map(word).collect();
    Some(words.into_iter().collect::<Vec<_>>().join(" and "))
}

fn word(container: &Container) -> String {
    let short = |text: &str| text.chars().take(DIGITS).collect();
    match (&container.version, &container.tag, &container.commit, &container.digest) {
        (Some(version), ..) => version.clone(),
        (None, Some(tag), None, _) => tag.clone(),
        (None, _, Some(commit), _) => short(commit),
        (None, None, None, Some(digest)) => short(digest.trim_start_matches("sha256:")),
        (None, None, None, None) => container.image.clone(),
    }
}
