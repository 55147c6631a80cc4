//! Assembly of a set from Kubernetes objects, one at a time.
//!
//! A cluster and a folder of manifests feed the same assembly, which is why
//! capturing one and the other gives the same set.

mod error;
mod instance;
mod left_out;
mod non_string;
mod not_started;
mod options;
mod outdated;
mod prepare;
mod routes;
mod running_image;
mod selection;
#[cfg(test)]
pub(crate) mod test_support;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use serde_json::Value;

pub use error::AssemblyError;
pub use left_out::runs_containers;
pub use not_started::NotStarted;
pub use options::{CaptureOptions, ConfigScope};
pub use prepare::{Prepared, STORE_LABEL, prepare};
pub use running_image::RunningImage;

use super::{
    digest::Digest,
    flag_source::SeenFlags,
    flags::{self, FlagError, FlagFiles, ServedFlags},
    instance_name::InstanceName,
    manifest::{Kind, Manifest, Pins},
    name::FlagSourceName,
    routes::{Steering, Steerings},
    snapshot::Spec,
};
use left_out::LeftOut;
use outdated::Outdated;
use prepare::{Part, Pending, PreparedWorkload};
use selection::{Selector, Selectors};

/// A set, and what was noticed on the way to it.
#[derive(Debug, Default)]
pub struct Assembled {
    /// The set, with the flags that its objects and flag files define.
    pub spec: Spec,
    /// The values each variable had.
    pub variables: BTreeMap<String, Vec<String>>,
    /// The flag systems that were asked, by the names of their sources.
    pub flag_sources: BTreeMap<FlagSourceName, SeenFlags>,
    /// Services and ServiceAccounts that no workload needs. They are no part of
    /// the set, yet a plan must know that they are there.
    pub unused: Vec<Manifest>,
    /// Digests that images are written with, by workload: no part of the set, for they belong
    /// to the place.
    pub pins: BTreeMap<(Kind, String), Pins>,
    /// Warnings for the reader, a sentence each.
    pub warnings: Vec<String>,
}

/// Takes objects in any order and makes a set of them.
#[derive(Debug, Default)]
pub struct Assembly {
    choices: CaptureOptions,
    workloads: BTreeMap<(Kind, String), Pending>,
    config_maps: BTreeMap<String, Manifest>,
    feature_flags: BTreeMap<(Kind, String), Manifest>,
    flag_files: FlagFiles,
    hidden_flags: Vec<(String, String)>,
    seen_flags: BTreeMap<FlagSourceName, SeenFlags>,
    services: BTreeMap<String, (Selector, Manifest)>,
    accounts: BTreeMap<String, Manifest>,
    routes: BTreeMap<(Kind, String), Manifest>,
    steerings: Steerings,
    digests: BTreeMap<(Kind, String), Vec<RunningImage>>,
    not_started: BTreeMap<(Kind, String), Vec<NotStarted>>,
    variables: BTreeMap<String, BTreeSet<String>>,
    left_out: LeftOut,
    outdated: Outdated,
    warnings: Vec<String>,
}

impl Assembly {
    /// An empty assembly.
    #[must_use]
    pub fn new(choices: CaptureOptions) -> Self {
        Self { choices, ..Self::default() }
    }

    /// Takes one object of a kind that a set can carry.
    pub fn add(&mut self, kind: Kind, object: Value) -> Result<(), AssemblyError> {
        let prepared = prepare(&self.choices, kind, object)?;
        self.insert(prepared)
    }

    /// Capture options of this assembly, for [`prepare`].
    #[must_use]
    pub fn choices(&self) -> &CaptureOptions {
        &self.choices
    }

    /// Takes an object that [`prepare`] has read, which may have been done elsewhere.
    ///
    /// One that is there already and equal is one object, as kubectl takes it.
    pub fn insert(&mut self, prepared: Prepared) -> Result<(), AssemblyError> {
        let Prepared { kind, name, part, variables, warnings } = prepared;
        self.warnings.extend(warnings);
        // A variable's value is no part of what is compared: an equal object has the same.
        let known = |(name, value): &(String, String)| {
            self.variables.get(name).is_some_and(|values| values.contains(value))
        };
        let are_known = variables.iter().all(known);
        let same = match part {
            Part::Nothing => true,
            Part::ConfigMap(manifest) => {
                put(&mut self.config_maps, name.clone(), manifest, are_known)
            }
            Part::FeatureFlag(manifest) => {
                put(&mut self.feature_flags, (kind, name.clone()), manifest, are_known)
            }
            Part::Account(manifest) => put(&mut self.accounts, name.clone(), manifest, are_known),
            Part::Route(manifest) => {
                put(&mut self.routes, (kind, name.clone()), manifest, are_known)
            }
            Part::Service(selector, manifest) => {
                put(&mut self.services, name.clone(), (selector, manifest), are_known)
            }
            Part::Workload(workload) => {
                let PreparedWorkload { pending, warnings } = *workload;
                if let Some(there) = self.workloads.get(&(kind, name.clone())) {
                    there.manifest == pending.manifest && there.pins == pending.pins && are_known
                } else {
                    self.warnings.extend(warnings);
                    self.workloads.insert((kind, name.clone()), pending);
                    true
                }
            }
        };
        for (variable, value) in variables {
            self.variables.entry(variable).or_default().insert(value);
        }
        if same { Ok(()) } else { Err(AssemblyError::Twice { kind, name }) }
    }

    /// Takes what a controller steers.
    pub fn add_steering(&mut self, steering: Steering) {
        steering.add_to(&mut self.steerings);
    }

    /// The objects that a controller steers, each with that controller's object: `Rollout cart`.
    pub fn steered(&self) -> impl Iterator<Item = (&(Kind, String), &str)> {
        self.steerings.iter().map(|(key, steered)| (key, steered.by.as_str()))
    }

    /// True if any route was taken.
    #[must_use]
    pub fn has_routes(&self) -> bool {
        !self.routes.is_empty()
    }

    /// Takes what a running pod of a workload reports.
    ///
    /// Thousands of pods of one workload say the same: each fact is kept once.
    pub fn add_running(&mut self, kind: Kind, workload: &str, running: RunningImage) {
        let known = self.digests.entry((kind, workload.to_owned())).or_default();
        if !known.contains(&running) {
            known.push(running);
        }
    }

    /// Takes a container that a pod of a workload could not start; each once.
    pub fn add_not_started(&mut self, kind: Kind, workload: &str, container: NotStarted) {
        let known = self.not_started.entry((kind, workload.to_owned())).or_default();
        if !known.contains(&container) {
            known.push(container);
        }
    }

    /// Notes that some pods of a workload run an earlier template.
    pub fn add_outdated(&mut self, kind: Kind, workload: &str, pods: u64) {
        self.outdated.add(kind, workload, pods);
    }

    /// Notes an object that runs containers and is of a kind that no set has.
    pub fn leave_out(&mut self, kind: &str, name: &str) {
        self.left_out.add(kind, name);
    }

    /// Takes the flag definitions of a file that holds no manifest; none where it holds no
    /// definitions either.
    pub fn add_flag_file(&mut self, name: &str, document: &Value) -> Option<Result<(), FlagError>> {
        self.flag_files.add(name, document)
    }

    /// Takes the flags that a system serves.
    pub fn add_served_flags(
        &mut self,
        source: FlagSourceName,
        served: ServedFlags,
        seen: SeenFlags,
    ) {
        self.flag_files.add_served(served);
        self.seen_flags.insert(source, seen);
    }

    /// Notes that nobody knows the flags of an origin, and why.
    pub fn hide_flags(&mut self, origin: String, reason: String) {
        self.hidden_flags.push((origin, reason));
    }

    /// The set of everything taken so far, with its flags.
    ///
    /// # Errors
    /// Flag definitions cannot be read, and the assembly is not a lenient one.
    pub fn finish(mut self) -> Result<Assembled, FlagError> {
        let mut spec = Spec::default();
        let mut used_configs = BTreeSet::new();
        let mut used_accounts = BTreeSet::new();
        let mut selectors = Selectors::default();
        let mut pins = BTreeMap::new();
        let config_digests: BTreeMap<&String, Digest> =
            self.config_maps.iter().map(|(name, manifest)| (name, manifest.digest())).collect();

        let kinds_by_name = self.workloads.iter().fold(
            BTreeMap::<(String, String), usize>::new(),
            |mut kinds, ((_, name), pending)| {
                *kinds.entry((pending.service.clone(), name.clone())).or_default() += 1;
                kinds
            },
        );
        for ((kind, name), mut pending) in std::mem::take(&mut self.workloads) {
            let running = self.digests.remove(&(kind, name.clone())).unwrap_or_default();
            let not_started = self.not_started.remove(&(kind, name.clone())).unwrap_or_default();
            let workload = format!("{kind} {name}");
            instance::pin(
                &mut pending.instance,
                &pending.pins,
                &running,
                &workload,
                &mut self.warnings,
            );
            let instance = &pending.instance;
            self.outdated.look_at(kind, &name, instance);
            not_started::warn(instance, &not_started, &running, &workload, &mut self.warnings);
            pending.instance.configs = pending
                .config_maps
                .iter()
                .filter_map(|name| Some((name.clone(), *config_digests.get(name)?)))
                .collect();
            used_configs.extend(pending.config_maps);
            used_accounts.extend(pending.account);
            selectors.add_pod(pending.pod_labels);
            if !pending.pins.is_empty() {
                pins.insert((kind, name.clone()), pending.pins);
            }
            spec.objects.insert(pending.instance.manifest, pending.manifest);
            let shared = kinds_by_name
                .get(&(pending.service.clone(), name.clone()))
                .is_some_and(|kinds| *kinds > 1);
            let key = if shared {
                InstanceName::with_kind(kind, &name)
            } else {
                InstanceName::from(name)
            };
            spec.services.entry(pending.service).or_default().insert(key, pending.instance);
        }
        drop(config_digests);

        let all = self.choices.configs == ConfigScope::All;
        let configs =
            self.config_maps.into_iter().filter(|(name, _)| all || used_configs.contains(name));
        let (accounts, idle): (Vec<_>, Vec<_>) =
            self.accounts.into_iter().partition(|(name, _)| used_accounts.contains(name));
        let (services, unreached): (Vec<_>, Vec<_>) = self
            .services
            .into_values()
            .partition(|(selector, _)| selectors.any_pod_matches(selector));
        let (routes, steered) = routes::at_rest(self.routes, &self.steerings);
        let manifest_of_service = |(_, manifest)| manifest;
        let kept = configs
            .chain(accounts)
            .map(|(_, manifest)| manifest)
            .chain(self.feature_flags.into_values())
            .chain(routes)
            .chain(services.into_iter().map(manifest_of_service));
        spec.objects.extend(kept.map(|manifest| (manifest.digest(), manifest)));
        let idle = idle.into_iter().map(|(_, manifest)| manifest);
        let unused = idle.chain(unreached.into_iter().map(manifest_of_service)).collect();

        let variables = self
            .variables
            .into_iter()
            .map(|(name, values)| (name, values.into_iter().collect()))
            .collect();
        let flags = flags::read(&spec, self.flag_files);
        let flags = if self.choices.lenient {
            let (flags, hidden) = flags.lenient();
            for (origin, reason) in hidden {
                spec.add_unreadable_flags(origin, reason);
            }
            flags
        } else {
            flags.strict()?
        };
        for (origin, reason) in self.hidden_flags {
            spec.add_unreadable_flags(origin, reason);
        }
        spec.flags = flags.flags;
        self.warnings.extend(flags.warnings);
        self.warnings.extend(self.left_out.sentence());
        self.warnings.extend(self.outdated.sentence());
        self.warnings.extend(steered);
        let flag_sources = self.seen_flags;
        Ok(Assembled { spec, variables, flag_sources, unused, pins, warnings: self.warnings })
    }
}

/// Puts a part in unless one of its name is there. Returns true if they are equal, in what
/// variables hold as well.
fn put<K: Ord, T: PartialEq>(
    parts: &mut BTreeMap<K, T>,
    key: K,
    part: T,
    same_variables: bool,
) -> bool {
    match parts.entry(key) {
        Entry::Occupied(there) => same_variables && *there.get() == part,
        Entry::Vacant(free) => {
            free.insert(part);
            true
        }
    }
}
