//! Health of a store: all its faults; one broken part does not hide the others.

use std::{collections::BTreeMap, fmt, time::Duration};

use snapshot_core::{
    flag_source::FlagSource,
    git_repository::GitRepository,
    ladder::Ladder,
    name::{SetName, StageName},
    policy::Binding,
    record::Chain,
};

use super::{
    Garbage, Removed, Store, StoreError, VariableSet,
    entry::{Entry, Section},
};

/// Contents of a store, and its faults.
#[derive(Debug, Default)]
pub struct Health {
    /// Number of snapshots that can be read.
    pub snapshots: usize,
    /// Number of facts that can be trusted.
    pub evidence: usize,
    /// The ladder of the stages that can be read.
    pub ladder: Ladder,
    /// The flag sources that can be read.
    pub flag_sources: Vec<FlagSource>,
    /// The git repositories that can be read.
    pub repositories: Vec<GitRepository>,
    /// The variable sets' names.
    pub sets: Vec<SetName>,
    /// The bindings that can be read.
    pub bindings: Vec<Binding>,
    /// The records of each stage.
    pub chains: BTreeMap<StageName, Chain>,
    /// Garbage; none where something that refers to chunks cannot be read.
    pub garbage: Option<Garbage>,
    /// Number of chunks, in a cluster; of files, number of blobs.
    pub chunks: usize,
    /// Broken parts that were removed, the oldest first.
    pub removals: Vec<Removed>,
    /// Faults, those of records aside: their chains have them.
    pub faults: Vec<Fault>,
}

/// A fault of a store.
#[derive(Debug)]
pub enum Fault {
    /// Something that cannot be read.
    Error(StoreError),
    /// Anything else, in a sentence.
    Other(String),
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Error(error) => error.fmt(f),
            Self::Other(says) => f.write_str(says),
        }
    }
}

impl Store {
    /// Looks at everything but the contents of chunks.
    ///
    /// # Errors
    /// The store cannot be read at all.
    pub async fn health(&self, grace: Duration) -> Result<Health, StoreError> {
        let (
            listing,
            stages,
            repositories,
            sources,
            sets,
            policies,
            evidence,
            chains,
            removals,
            survey,
        ) = tokio::join!(
            self.list(),
            self.entries(Section::Stages),
            Box::pin(self.entries(Section::Repositories)),
            Box::pin(self.entries(Section::FlagSources)),
            self.entries(Section::Variables),
            self.entries(Section::Policies),
            self.entries(Section::Evidence),
            self.chains(),
            self.removals(),
            self.survey(grace),
        );
        let mut health = Health::default();
        let foreign = match &survey {
            Ok((garbage, _)) => self.foreign_chunks(garbage).await,
            Err(_) => Ok(Vec::new()),
        };
        let foreign = health.told(foreign)?;
        let (garbage, faults) = health.told(survey)?;
        health.chunks = garbage.needed + garbage.young + garbage.items.len();
        health.garbage = garbage.can_be_told().then_some(garbage);
        health.faults.extend(faults.into_iter().map(Fault::Other));
        let listing = health.told(listing)?;
        health.snapshots = listing.heads.len();
        if matches!(self, Self::Directory(_)) {
            // In a cluster they are among those that refer to chunks.
            let broken = listing.broken.into_iter();
            health.faults.extend(broken.map(|broken| Fault::Other(broken.cause)));
        }
        let stages = health.told(stages)?;
        let stages = self.read_stages(&stages);
        health.ladder = stages.ladder();
        health.faults.extend(stages.broken.into_iter().map(|broken| Fault::Error(broken.error)));
        let repositories = health.told(repositories)?;
        health.repositories = health.read(&repositories, |entry| self.read_repository(entry));
        let sources = health.told(sources)?;
        health.flag_sources = health.read(&sources, |entry| self.read_flag_source(entry));
        let policies = health.told(policies)?;
        health.bindings = health.read(&policies, |entry| self.read_binding(entry));
        let evidence = health.told(evidence)?;
        health.evidence = health.read(&evidence, |entry| self.read_fact(entry)).len();
        for entry in health.told(sets)? {
            match entry.name.parse::<SetName>() {
                Ok(name) => {
                    let faults = VariableSet::faults_of(name.clone(), entry.fields);
                    health.faults.extend(faults.into_iter().map(Fault::Other));
                    health.sets.push(name);
                }
                Err(error) => {
                    let says = format!("variable set {}: {error}", entry.name);
                    health.faults.push(Fault::Other(says));
                }
            }
        }
        health.chains = health.told(chains)?;
        health.removals = health.told(removals)?;
        health.faults.extend(foreign.into_iter().map(Fault::Error));
        Ok(health)
    }

    async fn foreign_chunks(&self, garbage: &Garbage) -> Result<Vec<StoreError>, StoreError> {
        match self {
            Self::ConfigMaps(home) => home.foreign_chunks(&garbage.references).await,
            Self::Directory(_) => Ok(Vec::new()),
        }
    }

    async fn survey(&self, grace: Duration) -> Result<(Garbage, Vec<String>), StoreError> {
        match self {
            Self::ConfigMaps(home) => home.survey(grace).await,
            Self::Directory(home) => {
                home.on(move |files| {
                    let missing = files.missing_blobs()?;
                    Ok((files.garbage(grace)?, missing))
                })
                .await
            }
        }
    }
}

impl Health {
    /// Value that was read; where a file is broken, that is added to the faults, and the
    /// value is empty.
    fn told<T: Default>(&mut self, read: Result<T, StoreError>) -> Result<T, StoreError> {
        match read {
            Ok(read) => Ok(read),
            Err(error @ (StoreError::Cluster(_) | StoreError::Io { .. })) => Err(error),
            Err(error) => {
                // One that several readers have met is one.
                let says = error.to_string();
                if self.faults.iter().all(|fault| fault.to_string() != says) {
                    self.faults.push(Fault::Error(error));
                }
                Ok(T::default())
            }
        }
    }

    fn read<T>(
        &mut self,
        entries: &[Entry],
        read: impl Fn(&Entry) -> Result<T, StoreError>,
    ) -> Vec<T> {
        let mut all = Vec::new();
        for entry in entries {
            match read(entry) {
                Ok(one) => all.push(one),
                Err(error) => self.faults.push(Fault::Error(error)),
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_broken_part_does_not_hide_the_others() {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in [
            ("stages/qa.json", r#"{"after": "dev"}"#),
            ("stages/dev.json", r#"{"namespace": "dev"}"#),
            ("policies/ours.json", "half of"),
            ("snapshots/rel-42.json", r#"{"apiVersion": "kubectl-snapshot.dev/v1alpha1", "ki"#),
        ] {
            let file = folder.path().join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        }
        let health = Store::in_directory(folder.path()).health(Duration::ZERO).await.unwrap();
        assert_eq!(health.ladder.stages().len(), 1);
        let faults: Vec<String> = health.faults.iter().map(ToString::to_string).collect();
        let faults = faults.join("\n");
        for part in ["stage qa in ", "ours.json: it does not hold a policy", "rel-42.json"] {
            assert!(faults.contains(part), "{faults}");
        }
        assert_eq!(health.faults.len(), 3, "{faults}");
    }
}
