//! A draft: a base set on its way to become a candidate.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{ComposeError, Source, source::variables};
use crate::{
    assembly::{Assembled, Assembly, CaptureOptions, ConfigScope, RunningImage},
    image,
    instance_name::InstanceName,
    snapshot::{Container, Metadata, Snapshot, Spec},
    unknown_fields::UnknownFields,
};

/// A base set on its way to become a candidate.
#[derive(Clone, Debug)]
pub struct Draft {
    pub(super) set: Source,
    extra: UnknownFields,
    /// Names that have become variables, wherever the base was captured.
    variables: BTreeSet<String>,
    /// The main containers that have got another image, with the one that they had.
    pub(super) moved: Vec<(String, InstanceName, Container)>,
    /// The services that were taken from other sets.
    pub(super) taken: BTreeSet<String>,
    /// Flags that came along with the objects of another service: their service, and a warning.
    pub(super) brought: Vec<(String, String)>,
    /// The values of which each switched flag is to serve one.
    pub(super) switched: BTreeMap<String, Vec<Value>>,
    pub(super) warnings: Vec<String>,
}

/// A candidate, and what was noticed on the way to it.
#[derive(Clone, Debug)]
pub struct Composed {
    /// The candidate.
    pub snapshot: Snapshot,
    /// Warnings for the reader, a sentence each.
    pub warnings: Vec<String>,
}

impl Draft {
    /// A draft that is the base still; `variables` are those of the store.
    #[must_use]
    pub fn of(label: &str, base: &Snapshot, variables: BTreeSet<String>) -> Self {
        Self {
            set: Source::of(label, base),
            extra: base.spec.extra.clone(),
            variables,
            moved: Vec::new(),
            taken: BTreeSet::new(),
            brought: Vec::new(),
            switched: BTreeMap::new(),
            warnings: Vec::new(),
        }
    }

    /// Removes a service, with what is its alone.
    pub fn remove(&mut self, service: &str) -> Result<(), ComposeError> {
        self.set.instances(service)?;
        self.set.services.remove(service);
        self.set.members.remove(service);
        let set = &mut self.set;
        set.flags.retain(|key, flag| {
            !set.of_files.contains(key) || flag.service.as_deref() != Some(service)
        });
        Ok(())
    }

    /// The set as it is by now.
    pub(super) fn assemble(&self) -> Result<Assembled, ComposeError> {
        let set = &self.set;
        let own = set.services.values().flat_map(variables);
        let mut assembly = Assembly::new(CaptureOptions {
            variables: self.variables.iter().chain(own).cloned().collect(),
            configs: ConfigScope::All,
            lenient: true,
        });
        for ((kind, _), manifest) in &set.members.objects {
            assembly.add(*kind, manifest.tree())?;
        }
        let seen = Spec { services: set.services.clone(), ..Spec::default() };
        for one in seen.instances() {
            for (name, container) in &one.instance.containers {
                let digest = container.digest.as_ref().and_then(|digest| digest.parse().ok());
                if let Some(digest) = digest {
                    let image = image::without_digest(container);
                    let running =
                        RunningImage { container: name.clone(), image, digest, ended: None };
                    assembly.add_running(one.instance.kind, one.workload(), running);
                }
            }
        }
        let mut assembled = assembly.finish()?;
        assembled.spec.observe_as(&seen);
        for (key, value) in &self.extra {
            assembled.spec.extra.entry(key.clone()).or_insert_with(|| value.clone());
        }
        for key in &set.of_files {
            if let Some(flag) = set.flags.get(key) {
                let flags = &mut assembled.spec.flags;
                flags.entry(key.clone()).or_insert_with(|| flag.clone());
            }
        }
        Ok(assembled)
    }

    /// Warnings of containers that still run the tag that the main one beside them had, from the
    /// same folder of a registry: it is often one build that made both.
    fn left_behind(&self) -> impl Iterator<Item = String> + '_ {
        let folder = |image: &str| image.rsplit_once('/').map(|(folder, _)| folder.to_owned());
        self.moved.iter().flat_map(move |(service, instance, former)| {
            let there = self.set.services.get(service).and_then(|all| all.get(instance));
            let containers = there.into_iter().flat_map(|one| &one.containers);
            let stayed = containers.filter(move |(_, container)| {
                container.tag.is_some()
                    && container.tag == former.tag
                    && container.image != former.image
                    && folder(&container.image) == folder(&former.image)
            });
            stayed.map(move |(name, container)| {
                format!(
                    "{service}/{instance}, container {name} stays at {}, whose tag {} had too",
                    image::without_digest(container),
                    former.image
                )
            })
        })
    }

    /// The candidate.
    ///
    /// # Errors
    /// The manifests make no set, or a flag is not what it was switched to, for something else
    /// defines it too.
    pub fn finish(self) -> Result<Composed, ComposeError> {
        let Assembled { spec, mut warnings, .. } = self.assemble()?;
        self.refuse_contradicted(&spec)?;
        warnings.splice(0..0, self.left_behind());
        let brought = self.brought.iter().filter(|(service, _)| !self.taken.contains(service));
        warnings.splice(0..0, brought.map(|(_, warning)| warning.clone()));
        let used: BTreeSet<&String> = spec.services.values().flat_map(variables).collect();
        let mut values = self.set.values;
        // What bears a colon is a label of the place.
        values.retain(|name, _| used.contains(name) || name.contains(':'));
        let metadata = Metadata { variables: values, ..Metadata::default() };
        warnings.splice(0..0, self.warnings);
        Ok(Composed { snapshot: Snapshot { metadata, spec }, warnings })
    }
}
