//! The document: the set of versions, variables and flags that work together.

mod deserialize;

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    canonical,
    digest::{Digest, Hasher},
    flag::Flag,
    flag_source::SeenFlags,
    instance_name::InstanceName,
    manifest::{Kind, Manifest, Workload},
    name::FlagSourceName,
    requirement::Requirement,
    unknown_fields::UnknownFields,
};

/// The `apiVersion` this crate writes.
pub const API_VERSION: &str = "kubectl-snapshot.dev/v1alpha1";

/// The `apiVersion` of a snapshot in parts: readers that know none of them refuse it.
pub const PARTS_API_VERSION: &str = "kubectl-snapshot.dev/v2alpha1";

/// True of the `apiVersion` of a document that can be read here: any of the first major version.
#[must_use]
pub fn is_known_version(api_version: &str) -> bool {
    let later = api_version.strip_prefix("kubectl-snapshot.dev/v1");
    later.is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// A snapshot: an immutable set, and what is known about where it came from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Snapshot {
    /// Name, origin and time; no part of the digest.
    pub metadata: Metadata,
    /// The set itself; its canonical text is what the digest names.
    pub spec: Spec,
}

/// Metadata: origin of a snapshot. Changing it does not change the digest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Metadata {
    /// The name it is stored under; absent until it is stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Time of the capture, RFC 3339 in UTC.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Name of the user who captured it, as the API server or the operating system has it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Source of the capture: `live:CONTEXT/NAMESPACE`, or a file's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Message, in the author's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// The values that each variable had where the set was captured.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub variables: BTreeMap<String, Vec<String>>,
    /// The flag systems that were asked, by the names of their sources.
    #[serde(default, rename = "flagSources", skip_serializing_if = "BTreeMap::is_empty")]
    pub flag_sources: BTreeMap<FlagSourceName, SeenFlags>,
    /// Resource version of the cluster from which on a part was read.
    #[serde(default, rename = "resourceVersion", skip_serializing_if = "Option::is_none")]
    pub resource_version: Option<String>,
    /// Fields that a newer version of this tool added.
    #[serde(flatten)]
    pub extra: UnknownFields,
}

/// The set: services with their instances, flags, and the objects to create them elsewhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Spec {
    /// Service name → instance name → what it runs.
    pub services: BTreeMap<String, Instances>,
    /// Flag key → flag.
    pub flags: BTreeMap<String, Flag>,
    /// Cleaned manifests, each stored once.
    pub objects: BTreeMap<Digest, Manifest>,
    /// Fields that a newer version of this tool added.
    pub extra: UnknownFields,
}

/// The instances of a service, by name.
pub type Instances = BTreeMap<InstanceName, Instance>;

/// One workload of a service.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Instance {
    /// The workload's kind.
    pub kind: Kind,
    /// Container name → what it runs; init containers included.
    pub containers: BTreeMap<String, Container>,
    /// Requirements of this instance.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub requires: Vec<Requirement>,
    /// Reason why its requirements could not be read, so that nobody knows what it needs.
    #[serde(rename = "unreadableRequires", skip_serializing_if = "Option::is_none")]
    pub unreadable_requires: Option<String>,
    /// The ConfigMaps it names, by the digest of their cleaned manifest.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub configs: BTreeMap<String, Digest>,
    /// The digest of its cleaned manifest in `spec.objects`.
    pub manifest: Digest,
    /// Fields that a newer version of this tool added.
    #[serde(flatten)]
    pub extra: UnknownFields,
}

/// Container of an instance: image, identity and environment.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Container {
    /// Repository, without tag or digest.
    pub image: String,
    /// The image's tag.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The image's digest: as the manifest pins it, else as running pods report it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The git commit it was built from, full or abbreviated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Semantic version, where one could be recognised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// True for an init container.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub init: bool,
    /// Images that pods run beside the template's: a rollout has not ended, or never will.
    #[serde(rename = "alsoRunning", skip_serializing_if = "Vec::is_empty")]
    pub also_running: Vec<String>,
    /// Environment variables by name.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub env: BTreeMap<String, EnvValue>,
    /// Fields that a newer version of this tool added.
    #[serde(flatten)]
    pub extra: UnknownFields,
}

/// Value of an environment variable, or its source.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(untagged)]
pub enum EnvValue {
    /// A literal value of the manifest.
    Literal(String),
    /// A value that belongs to the place, not to the set.
    Variable {
        /// The variable's name.
        variable: String,
    },
    /// A reference as Kubernetes writes it (`configMapKeyRef`, `secretKeyRef`, `fieldRef`, …).
    Reference(Value),
}

impl Spec {
    /// The digest that names this set.
    ///
    /// # Panics
    /// Never: nothing that is hashed can fail to be written.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut hasher = Hasher::default();
        self.write_canonical(&mut hasher).expect("hashing cannot fail");
        hasher.finish()
    }

    /// Writes the canonical text of the set.
    pub fn write_canonical<W: Write>(&self, out: &mut W) -> io::Result<()> {
        let known = ["flags", "objects", "services"];
        let extra = self.extra.keys().map(String::as_str).filter(|key| !known.contains(key));
        canonical::write_object(out, known.into_iter().chain(extra), |out, key| match key {
            "flags" => out.write_all(canonical::text(&self.flags).as_bytes()),
            "objects" => self.write_objects(out),
            "services" => canonical::write_object(
                out,
                self.services.keys().map(String::as_str),
                |out, name| out.write_all(canonical::text(&self.services[name]).as_bytes()),
            ),
            other => out.write_all(canonical::tree_text(&self.extra[other]).as_bytes()),
        })
    }

    fn write_objects<W: Write>(&self, out: &mut W) -> io::Result<()> {
        // Digests are fixed-width lower-case hexadecimal: their order is canonical.
        out.write_all(b"{")?;
        for (position, (digest, manifest)) in self.objects.iter().enumerate() {
            let comma = if position > 0 { "," } else { "" };
            write!(out, "{comma}\"{digest}\":")?;
            out.write_all(manifest.text().as_bytes())?;
        }
        out.write_all(b"}")
    }

    /// Every instance with its service's name, in order.
    pub fn instances(&self) -> impl Iterator<Item = InstanceRef<'_>> {
        self.services.iter().flat_map(|(service, instances)| {
            instances.iter().map(move |(name, instance)| InstanceRef { service, name, instance })
        })
    }

    /// The container that an instance is about, of those of its manifest.
    #[must_use]
    pub fn main_container<'a>(&self, instance: &'a Instance) -> Option<&'a Container> {
        let tree = self.objects.get(&instance.manifest)?.tree();
        let main = Workload::of(instance.kind, &tree)?.main_container()?;
        instance.containers.get(main)
    }

    /// Number of workloads in the set.
    #[must_use]
    pub fn instance_count(&self) -> usize {
        self.services.values().map(BTreeMap::len).sum()
    }
}

/// One instance and the names it is known by.
#[derive(Clone, Copy, Debug)]
pub struct InstanceRef<'a> {
    /// The service's name.
    pub service: &'a str,
    /// The instance's name.
    pub name: &'a InstanceName,
    /// Content of the instance.
    pub instance: &'a Instance,
}

impl<'a> InstanceRef<'a> {
    /// `service/instance`.
    #[must_use]
    pub fn key(&self) -> String {
        format!("{}/{}", self.service, self.name)
    }

    /// The name of the workload in Kubernetes.
    #[must_use]
    pub fn workload(&self) -> &'a str {
        self.name.workload()
    }
}
