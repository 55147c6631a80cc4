//! Resolution of a REF to the snapshot it names.

use std::collections::BTreeSet;

use snapshot_core::{
    assembly::{Assembly, CaptureOptions, ConfigScope},
    focus::Focus,
    record::Chain,
    reference::Reference,
    snapshot::{Metadata, Snapshot},
    stage::Stage,
};

use super::{failure::Failure, session::Session};
use crate::{
    blocking::blocking,
    cluster::{self, Cluster},
    sources::{self, Content},
    store::Store,
};

/// A snapshot, and what the user calls it.
#[derive(Debug)]
pub(crate) struct Found {
    /// Name as the user gave it.
    pub(crate) label: String,
    /// The snapshot.
    pub(crate) snapshot: Snapshot,
}

/// Capture options.
#[derive(Clone, Debug, Default)]
pub(crate) struct Reading {
    /// Environment names that are variables.
    pub(crate) variables: BTreeSet<String>,
    /// Scope of the `ConfigMap`s in the set.
    pub(crate) configs: ConfigScope,
}

/// Service filter for these snapshots; `None` where the user wants all of them.
pub(crate) fn focus_on(services: &[String], found: &[Found]) -> Result<Option<Focus>, Failure> {
    let Some(focus) = Focus::on(services.iter().cloned()) else { return Ok(None) };
    let snapshots: Vec<&Snapshot> = found.iter().map(|one| &one.snapshot).collect();
    let Some(missing) = focus.missing(&snapshots) else { return Ok(Some(focus)) };
    let labels: Vec<&str> = found.iter().map(|one| one.label.as_str()).collect();
    let (places, first) = (labels.join(" or "), labels.first().copied().unwrap_or("live"));
    Err(Failure::new(format!("there is no service {missing} in {places}"))
        .hint(format!("kubectl snapshot describe {first} shows those that there are")))
}

impl Session {
    /// The snapshots that the references name, as they are stored.
    ///
    /// Files alone need neither a cluster nor its store.
    pub(crate) async fn resolve(&self, references: &[&Reference]) -> Result<Vec<Found>, Failure> {
        Ok(self.resolve_and_read(references).await?.0)
    }

    /// The snapshots that the references name, as they would be captured now:
    /// what has become a variable since is no difference between them.
    pub(crate) async fn resolve_to_compare(
        &self,
        references: &[&Reference],
    ) -> Result<Vec<Found>, Failure> {
        let (found, reading) = self.resolve_and_read(references).await?;
        let mut captured = Vec::new();
        for found in found {
            captured.push(self.as_captured_now(found, &reading).await?);
        }
        Ok(captured)
    }

    async fn resolve_and_read(
        &self,
        references: &[&Reference],
    ) -> Result<(Vec<Found>, Reading), Failure> {
        let only_files = references.iter().all(|one| one.is_file());
        let store =
            if only_files && !self.store_is_directory() { None } else { Some(self.store().await?) };
        let stored = references.iter().any(|one| {
            matches!(one, Reference::Name(_) | Reference::Digest(_) | Reference::Stage(_))
        });
        let variables = match &store {
            Some(store) if stored => self.variable_names(store).await?,
            Some(store) => self.variable_names_if_allowed(store).await?,
            None => BTreeSet::new(),
        };
        let reading = Reading { variables, configs: ConfigScope::All };
        let mut found = Vec::new();
        for reference in references {
            found.push(self.resolve_one(reference, &reading, store.as_ref()).await?);
        }
        Ok((found, reading))
    }

    /// The snapshot that one reference names, read as `reading` says.
    pub(crate) async fn resolve_one(
        &self,
        reference: &Reference,
        reading: &Reading,
        store: Option<&Store>,
    ) -> Result<Found, Failure> {
        let label = reference.to_string();
        let snapshot = match reference {
            Reference::Name(text) | Reference::Digest(text) => {
                let store = store.ok_or_else(|| Failure::new("there is no store"))?;
                let head = store.find(text).await?;
                let progress = self.ui.count("reading chunks", None);
                store.load(&head, &|done, _total| progress.set(done)).await?
            }
            Reference::Live { context, namespace } => {
                let cluster = self.cluster_at(context.as_deref(), namespace.as_deref()).await?;
                self.read_live(&cluster, reading).await?
            }
            Reference::Stage(name) => {
                let store = store.ok_or_else(|| Failure::new("there is no store"))?;
                self.deployed_at(name, store).await?
            }
            Reference::Path(_) | Reference::Stdin => self.read_files(reference, reading).await?,
        };
        Ok(Found { label, snapshot })
    }

    /// Snapshot recorded as deployed at a stage.
    async fn deployed_at(&self, stage: &str, store: &Store) -> Result<Snapshot, Failure> {
        let name = stage.parse().map_err(|error| Failure::usage(format!("{error}")))?;
        let Stage { name, namespace, context, .. } = self.stage(&name).await?;
        let chain = store.chain(&name).await?;
        let Some(deployed) = chain.deployed() else { return Err(nothing_at(&chain)) };
        if let Some(doubt) = &deployed.doubt {
            let context = context.map(|context| format!("{context}/")).unwrap_or_default();
            self.ui.warning(&format!(
                "stage {name} may run something else: {doubt}; live:{context}{namespace} is what runs there"
            ));
        }
        for fault in chain.faults {
            self.ui.warning(&format!("the records of {name} cannot be trusted: {fault}"));
        }
        let head = store.find(&deployed.snapshot.digest.to_string()).await?;
        let progress = self.ui.count("reading chunks", None);
        Ok(store.load(&head, &|done, _total| progress.set(done)).await?)
    }

    /// Live set of the cluster's namespace.
    pub(crate) async fn read_live(
        &self,
        cluster: &Cluster,
        reading: &Reading,
    ) -> Result<Snapshot, Failure> {
        let choices = CaptureOptions {
            variables: reading.variables.clone(),
            configs: reading.configs,
            lenient: true,
        };
        let progress = self.ui.count(&format!("reading {}", cluster.namespace()), None);
        let observed = cluster::read(cluster, choices, &|count| progress.set(count)).await?;
        drop(progress);
        observed.warnings.iter().for_each(|warning| self.ui.warning(warning));
        let source = format!("live:{}/{}", cluster.context(), cluster.namespace());
        self.finish(observed.assembly, source).await
    }

    /// Set in files: manifests, flag definitions, or a snapshot document.
    pub(crate) async fn read_files(
        &self,
        reference: &Reference,
        reading: &Reading,
    ) -> Result<Snapshot, Failure> {
        let inputs = match reference {
            Reference::Path(path) => sources::read_path(path).await?,
            _ => vec![sources::read_stdin().await?],
        };
        let choices = CaptureOptions {
            variables: reading.variables.clone(),
            configs: reading.configs,
            lenient: false,
        };
        match sources::read(inputs, choices, self.named_namespace()).await? {
            Content::Snapshot(snapshot) => Ok(*snapshot),
            Content::Set { assembled, passed_over } => {
                self.ui.detail(1, || {
                    let kinds: Vec<String> =
                        passed_over.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
                    format!("of no part in a set: {}", kinds.join(", "))
                });
                assembled.warnings.iter().for_each(|warning| self.ui.warning(warning));
                Ok(snapshot_of(assembled.spec, assembled.variables, reference.to_string()))
            }
        }
    }

    /// Makes a snapshot of what was assembled.
    pub(crate) async fn finish(
        &self,
        assembly: Assembly,
        source: String,
    ) -> Result<Snapshot, Failure> {
        let assembled = blocking(move || assembly.finish()).await;
        let assembled = assembled.map_err(|error| Failure::new(format!("{source}: {error}")))?;
        assembled.warnings.iter().for_each(|warning| self.ui.warning(warning));
        Ok(snapshot_of(assembled.spec, assembled.variables, source))
    }
}

/// Says that no set is known to be at a stage.
fn nothing_at(chain: &Chain) -> Failure {
    let stage = &chain.stage;
    let Some(last) = chain.last_attempt() else {
        return Failure::new(format!("nothing has been promoted to stage {stage} yet"))
            .hint(format!("promote something: kubectl snapshot promote REF --to {stage}"));
    };
    let snapshot = &last.decided.snapshot;
    Failure::new(format!(
        "nothing has been promoted to stage {stage} and seen to run: record {stage}/{} let {} \
         through, and that ended: {}",
        last.link.record.number,
        snapshot.name.clone().unwrap_or_else(|| snapshot.digest.short()),
        last.result_in_words()
    ))
    .hint(format!("kubectl snapshot history {stage} says more"))
    .hint(format!("promote once more: kubectl snapshot promote REF --to {stage}"))
}

fn snapshot_of(
    spec: snapshot_core::snapshot::Spec,
    variables: std::collections::BTreeMap<String, Vec<String>>,
    source: String,
) -> Snapshot {
    Snapshot { metadata: Metadata { source: Some(source), variables, ..Metadata::default() }, spec }
}
