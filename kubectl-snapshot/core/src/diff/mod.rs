//! Comparison of two sets: exact, by name, and without what is the same.

mod across;
mod config_maps;
mod contents;
mod differences;
mod flags;
mod headlines;
mod history;
mod index;
mod instances;
mod objects;
mod pairs;
mod pods;
mod presence;
mod references;
mod report;
mod routes;
#[cfg(test)]
mod tests;
mod variables;

pub use across::{PartDiff, PartsDiff, PartsSummary, compare_parts};
pub use history::Gaps;
pub use presence::Presence;
pub use report::{
    ConfigMapDiff, Diff, EnvDiff, FlagDiff, ImageDiff, InstanceDiff, KeyDiff, NamedContainer,
    ObjectDiff, RequirementDiff, RouteDiff, SharesDiff, Side, Summary, VariableDiff,
};

use super::{digest::Digest, service_filter::ServiceFilter, snapshot::Snapshot};

/// Compares two sets, from the first to the second.
///
/// `names` are what the user called them.
#[must_use]
pub fn compare(names: [&str; 2], before: &Snapshot, after: &Snapshot) -> Diff {
    let digests = [before.spec.digest(), after.spec.digest()];
    let mut diff = Diff {
        from: side(names[0], digests[0]),
        to: side(names[1], digests[1]),
        services: Vec::new(),
        summary: Summary::default(),
        instances: Vec::new(),
        config_maps: Vec::new(),
        flags: Vec::new(),
        requirements: Vec::new(),
        routes: Vec::new(),
        objects: Vec::new(),
        variables: variables::compare(before, after),
        notes: Vec::new(),
        evidence: None,
    };
    if digests[0] != digests[1] {
        let (before_objects, after_objects) = (index::of(&before.spec), index::of(&after.spec));
        let config_maps =
            pairs::pair([&before.spec, &after.spec], [&before_objects, &after_objects]);
        diff.instances = instances::compare(&before.spec, &after.spec, &config_maps);
        diff.config_maps = config_maps::compare(&config_maps);
        diff.objects = objects::compare(&before_objects, &after_objects, &config_maps);
        diff.routes = routes::compare([before, after], [&before_objects, &after_objects]);
        diff.flags = flags::compare(&before.spec.flags, &after.spec.flags);
        diff.requirements = flags::compare_requirements(&before.spec, &after.spec);
        diff.summary = summarise(&diff);
    }
    diff
}

/// Compares what of two sets concerns some services.
///
/// The sides are called by the digests of the whole sets.
#[must_use]
pub fn compare_some(
    names: [&str; 2],
    before: &Snapshot,
    after: &Snapshot,
    filter: &ServiceFilter,
) -> Diff {
    let some = compare(names, &filter.filter(before), &filter.filter(after));
    Diff {
        from: side(names[0], before.spec.digest()),
        to: side(names[1], after.spec.digest()),
        services: filter.names(),
        ..some
    }
}

impl Diff {
    /// Drops what only the second side has: an apply of the first side leaves that alone.
    #[must_use]
    pub fn without_additions(mut self) -> Self {
        self.instances.retain(|one| one.change != Presence::Added);
        self.config_maps.retain(|one| one.change != Presence::Added);
        self.routes.retain(|one| one.change != Presence::Added && one.is_of_itself());
        self.objects.retain(|one| one.change != Presence::Added);
        self.flags.retain(|one| one.change != Presence::Added);
        self.requirements.retain(|one| !one.added);
        self.summary = summarise(&self);
        self
    }
}

fn side(name: &str, digest: Digest) -> Side {
    Side { name: name.to_owned(), digest }
}

fn summarise(diff: &Diff) -> Summary {
    let mut summary = Summary {
        flags: diff.flags.len(),
        requirements: diff.requirements.len(),
        routes: diff.routes.iter().filter(|one| one.is_of_itself()).count(),
        ..Summary::default()
    };
    for instance in &diff.instances {
        summary.images += instance.images.len();
        summary.environment += instance.environment.len();
        summary.containers_added += instance.containers_added.len();
        summary.containers_removed += instance.containers_removed.len();
        summary.fields += instance.fields.len();
        match instance.change {
            Presence::Added => summary.workloads_added += 1,
            Presence::Removed => summary.workloads_removed += 1,
            Presence::Changed => {}
        }
    }
    for config_map in &diff.config_maps {
        match config_map.change {
            Presence::Added => summary.config_maps_added += 1,
            Presence::Removed => summary.config_maps_removed += 1,
            Presence::Changed => summary.config_maps_changed += 1,
        }
    }
    for object in &diff.objects {
        // An object that only one side has is one difference, however long it is.
        summary.fields += object.fields.len().max(1);
    }
    summary
}
