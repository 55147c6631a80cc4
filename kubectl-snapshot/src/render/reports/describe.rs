//! One snapshot, for people.

mod commits;
mod overview;
mod parts;
mod tables;

use std::collections::BTreeMap;

use serde::Serialize;
use snapshot_core::{
    digest::Digest,
    flag::Flag,
    manifest::Kind,
    requirement::Resolved,
    routes::{self, Route},
    snapshot::{Instances, Metadata, Snapshot},
};

pub use commits::CommitRow;
pub use parts::PartsDescription;

use super::counted;
use crate::render::{Page, Report};

/// One snapshot, with all that its set says but the manifests.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Description<'a> {
    #[serde(skip)]
    label: &'a str,
    metadata: &'a Metadata,
    digest: Digest,
    /// The services that are shown; all, where none is named.
    #[serde(rename = "only", skip_serializing_if = "Vec::is_empty")]
    shown: Vec<String>,
    services: &'a BTreeMap<String, Instances>,
    flags: &'a BTreeMap<String, Flag>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    requirements: Vec<Resolved>,
    config_maps: BTreeMap<String, ConfigMapSummary>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    routes: Vec<Route>,
    /// Commits that its images were built from, where git was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    commits: Vec<CommitRow>,
}

/// A `ConfigMap` in short.
#[derive(Clone, Debug, Serialize)]
struct ConfigMapSummary {
    digest: Digest,
    keys: Vec<String>,
}

impl<'a> Description<'a> {
    /// Describes what the user calls `label`, with the requirements that were resolved.
    #[must_use]
    pub fn new(label: &'a str, snapshot: &'a Snapshot, requirements: Vec<Resolved>) -> Self {
        Self {
            label,
            metadata: &snapshot.metadata,
            digest: snapshot.spec.digest(),
            shown: Vec::new(),
            services: &snapshot.spec.services,
            flags: &snapshot.spec.flags,
            requirements,
            config_maps: config_maps(snapshot),
            routes: routes::of(&snapshot.spec),
            commits: Vec::new(),
        }
    }

    /// Adds the commits that images were built from.
    #[must_use]
    pub fn built_from(self, commits: Vec<CommitRow>) -> Self {
        Self { commits, ..self }
    }

    /// Marks the description as a part of `whole`: only these services.
    #[must_use]
    pub fn part_of(self, whole: &Snapshot, services: Vec<String>) -> Self {
        Self { digest: whole.spec.digest(), shown: services, ..self }
    }
}

impl Description<'_> {
    /// `3 services, 4 workloads`.
    fn size(&self) -> String {
        let instances = self.services.values().map(BTreeMap::len).sum();
        format!(
            "{}, {}",
            counted(self.services.len(), "service", "services"),
            counted(instances, "workload", "workloads")
        )
    }

    /// The tables of what the set holds.
    fn sections(&self, page: &mut Page) {
        page.section("services", tables::services(self.services));
        page.section("commits", commits::table(&self.commits));
        page.section("flags", tables::flags(self.flags));
        if !self.requirements.is_empty() {
            page.section("requirements", super::requirements::table(&self.requirements));
        }
        page.section("config maps", tables::config_maps(&self.config_maps));
        page.section("routes", tables::routes(&self.routes));
        page.section_with_remark(
            "variables",
            "which belong to the place, not to the set",
            tables::variables(&self.metadata.variables),
        );
    }
}

fn config_maps(snapshot: &Snapshot) -> BTreeMap<String, ConfigMapSummary> {
    let objects = snapshot.spec.objects.iter();
    let config_maps = objects.filter_map(|(digest, manifest)| match manifest.identity()? {
        (Kind::ConfigMap, name) => {
            let tree = manifest.tree();
            let members = ["data", "binaryData"]
                .into_iter()
                .filter_map(|member| tree.get(member)?.as_object());
            let keys = members.flat_map(|members| members.keys().cloned()).collect();
            Some((name, ConfigMapSummary { digest: *digest, keys }))
        }
        _ => None,
    });
    config_maps.collect()
}

impl Report for Description<'_> {
    const KIND: &'static str = "SnapshotDescription";

    fn page(&self, page: &mut Page) {
        page.overview(overview::of(self));
        let name = self.metadata.name.as_deref().unwrap_or(self.label);
        let size = self.size();
        page.table(tables::metadata(name, self.metadata, &self.digest, &size, &self.shown));
        self.sections(page);
    }

    fn names(&self) -> Vec<String> {
        vec![self.metadata.name.clone().unwrap_or_else(|| self.label.to_owned())]
    }
}
