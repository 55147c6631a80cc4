//! Differences of every kind in lines: which object, and what of it.

use super::{Diff, InstanceDiff, Presence};

impl Diff {
    /// The differences, an object or flag a line, and at most so many of them: the last line
    /// counts the rest.
    #[must_use]
    pub fn differences(&self, most: usize) -> Vec<String> {
        let one_sided = |change: Presence| match change {
            Presence::Added => Some(format!("only in {}", self.to.name)),
            Presence::Removed => Some(format!("only in {}", self.from.name)),
            Presence::Changed => None,
        };
        let line = |object: String, change: Presence, parts: Vec<String>| match one_sided(change) {
            Some(side) => format!("{object}: {side}"),
            None if parts.is_empty() => object,
            None => format!("{object}: {}", parts.join(", ")),
        };
        let instances = self.instances.iter().map(|one| {
            line(format!("{} {}", one.kind, one.instance.workload()), one.change, parts(one))
        });
        let config_maps = self.config_maps.iter().map(|one| {
            let keys = one.keys.iter().map(|key| key.key.clone()).collect();
            line(format!("ConfigMap {}", one.name), one.change, keys)
        });
        let routes = self.routes.iter().map(|one| {
            let fields = one.fields.iter().map(|field| field.path.clone()).collect();
            line(format!("{} {}", one.kind, one.name), one.change, fields)
        });
        let objects = self.objects.iter().map(|one| {
            let fields = one.fields.iter().map(|field| field.path.clone()).collect();
            line(format!("{} {}", one.kind, one.name), one.change, fields)
        });
        let flags =
            self.flags.iter().map(|one| line(format!("flag {}", one.key), one.change, Vec::new()));
        let requirements = self.requirements.iter().map(|one| {
            let side = if one.added { &self.to.name } else { &self.from.name };
            format!("{} needs {}: only in {side}", one.dependent, one.requirement)
        });
        let mut lines: Vec<String> = instances
            .chain(config_maps)
            .chain(routes)
            .chain(objects)
            .chain(flags)
            .chain(requirements)
            .collect();
        if lines.len() > most {
            let more = lines.len() - most;
            lines.truncate(most);
            lines.push(format!("{more} more"));
        }
        lines
    }
}

/// The parts of a workload that differ, each named once.
fn parts(one: &InstanceDiff) -> Vec<String> {
    let images = one.images.iter().map(|image| format!("image of {}", image.container));
    let environment = one.environment.iter().map(|entry| format!("env {}", entry.name));
    let containers = one.containers_added.iter().chain(&one.containers_removed);
    let containers = containers.map(|container| format!("container {}", container.name));
    let fields = one.fields.iter().map(|field| field.path.clone());
    let mut parts = Vec::new();
    for part in images.chain(environment).chain(containers).chain(fields) {
        if !parts.contains(&part) {
            parts.push(part);
        }
    }
    parts
}
