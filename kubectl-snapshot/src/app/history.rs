//! History: what the git repositories of a store tell about the commits of sets.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures::future::join_all;
use snapshot_core::{
    ancestry::{
        Ancestry, Built, Gap, Notes, Position, Question, Relation, Software, questions, sources,
    },
    diff::Diff,
    git_repository::{GitRepository, repository_of},
    snapshot::{Container, Spec},
    version::built_from,
};

use super::{App, Failure, builders};
use crate::{
    sources::git::{self, Counting, NotesOf},
    store::Store,
};

/// Number of commits that the notes of one service list.
const LISTED: usize = 500;

/// The git repositories of a store, for the software of some sets.
#[derive(Debug, Default)]
pub struct Histories {
    repositories: Vec<GitRepository>,
    sources: HashMap<Software, String>,
    /// Commits of images, as their registries have them.
    built: Built,
}

impl Histories {
    /// The repositories that a store names. Where they cannot be read, that is said, and no
    /// commit has an order.
    pub async fn of(app: &App, store: Option<&Store>, sets: &[&Spec]) -> Self {
        let is_any = |is_one: fn(&Container) -> bool| {
            let mut instances = sets.iter().flat_map(|spec| spec.instances());
            instances.any(|one| one.instance.containers.values().any(is_one))
        };
        let has_commits = is_any(|one| built_from(one).is_some());
        // Of a digest a registry may know the commit.
        let may_have_some = has_commits || is_any(|one| one.digest.is_some());
        let Some(store) = store.filter(|_| may_have_some) else { return Self::default() };
        match store.repositories().await {
            Ok(repositories) if repositories.is_empty() => Self::default(),
            Ok(repositories) => {
                let sources = sets.iter().flat_map(|spec| sources(spec)).collect();
                let found = Self { repositories, sources, built: Built::default() };
                let mut homes = HashMap::new();
                // A repository for no pattern is that of whatever image names it as its source.
                let by_source = found.repositories.iter().any(|one| one.patterns.is_empty());
                let is_wanted = |software: &Software, has_commit: bool| match found
                    .home(software, &mut homes)
                {
                    Some(_) => !has_commit,
                    None => by_source,
                };
                let said = builders::ask(app, sets, is_wanted).await;
                // What a manifest says of its source goes before what the image does.
                let sources = said.sources.into_iter().chain(found.sources).collect();
                Self { built: said.built, sources, repositories: found.repositories }
            }
            Err(error) => {
                if has_commits {
                    let failure = Failure::from(error);
                    app.observer.failure("git is not asked for the order of commits", &failure);
                }
                Self::default()
            }
        }
    }

    /// The repositories that a store names, whatever the sets run.
    pub async fn of_store(store: Option<&Store>, sets: &[&Spec]) -> Result<Self, Failure> {
        let Some(store) = store else { return Ok(Self::default()) };
        let repositories = store.repositories().await?;
        let sources = sets.iter().flat_map(|spec| sources(spec)).collect();
        Ok(Self { repositories, sources, built: Built::default() })
    }

    /// The order of the commits of a set, and of two where there is one before it.
    pub async fn ancestry(
        &self,
        before: Option<&Spec>,
        after: &Spec,
        counting: Counting,
    ) -> Ancestry {
        let mut unknown = Vec::new();
        let mut asked: BTreeMap<usize, Vec<Question>> = BTreeMap::new();
        let mut homes = HashMap::new();
        for question in questions(before, after, &self.built) {
            if let Some(at) = self.home(&question.software, &mut homes) {
                asked.entry(at).or_default().push(question);
            } else {
                let service = question.software.service.clone();
                unknown.push((question, Err(Gap::NoRepository { service })));
            }
        }
        let answers = join_all(asked.into_iter().map(|(at, questions)| async move {
            let pairs = questions.iter().map(|one| (one.before.clone(), one.after.clone()));
            let answers = git::relate(&self.repositories[at], pairs.collect(), counting).await;
            questions.into_iter().zip(answers).collect::<Vec<(_, Result<Relation, Gap>)>>()
        }));
        let ancestry: Ancestry = answers.await.into_iter().flatten().chain(unknown).collect();
        ancestry.with_built(self.built.clone())
    }

    /// The commits between the two sides of each image whose order git has told.
    pub async fn notes(&self, diff: &Diff) -> Vec<Notes> {
        let mut homes = HashMap::new();
        let mut asked: BTreeMap<usize, BTreeSet<NotesOf>> = BTreeMap::new();
        for one in &diff.instances {
            for image in one.images.iter().filter(|image| image.ahead.is_some()) {
                let (before, after) = (&image.before, &image.after);
                let question = Question::about(&self.built, &one.service, before, after);
                if let Some(question) = question
                    && let Some(at) = self.home(&question.software, &mut homes)
                {
                    let path = self.repositories[at].path.as_ref();
                    asked.entry(at).or_default().insert(NotesOf {
                        path: path.map(|path| path.of(&one.service)),
                        service: one.service.clone(),
                        before: question.before,
                        after: question.after,
                    });
                }
            }
        }
        let found = join_all(asked.into_iter().map(|(at, asked)| async move {
            git::notes(&self.repositories[at], asked.into_iter().collect(), LISTED).await
        }));
        let mut notes: Vec<Notes> = found.await.into_iter().flatten().flatten().collect();
        notes.sort_by(|a, b| (&a.service, &a.before).cmp(&(&b.service, &b.before)));
        notes
    }

    /// Age of each commit of a set, and how far the branch has moved on; by software and commit.
    pub async fn positions(&self, spec: &Spec) -> HashMap<(Software, String), Position> {
        let mut homes = HashMap::new();
        let mut asked: BTreeMap<usize, BTreeSet<(Software, String)>> = BTreeMap::new();
        for one in spec.instances() {
            for container in one.instance.containers.values() {
                let Some(commit) = self.built.commit(container) else { continue };
                let software =
                    Software { service: one.service.to_owned(), image: container.image.clone() };
                if let Some(at) = self.home(&software, &mut homes) {
                    asked.entry(at).or_default().insert((software, commit.to_owned()));
                }
            }
        }
        let found = join_all(asked.into_iter().map(|(at, asked)| async move {
            let commits = asked.iter().map(|(_, commit)| commit.clone()).collect();
            let positions = git::positions(&self.repositories[at], commits).await;
            asked.into_iter().zip(positions).collect::<Vec<_>>()
        }));
        let known = found.await.into_iter().flatten();
        known.filter_map(|(asked, position)| Some((asked, position.ok()?))).collect()
    }

    /// The repository of some software.
    #[must_use]
    pub fn repository(&self, software: &Software) -> Option<&GitRepository> {
        self.home(software, &mut HashMap::new()).map(|at| &self.repositories[at])
    }

    /// Place of the software's repository in the list.
    fn home(
        &self,
        software: &Software,
        known: &mut HashMap<Software, Option<usize>>,
    ) -> Option<usize> {
        if let Some(at) = known.get(software) {
            return *at;
        }
        let source = self.sources.get(software).map(String::as_str);
        let found = repository_of(software, source, &self.repositories);
        let at =
            found.and_then(|found| self.repositories.iter().position(|one| one.name == found.name));
        known.insert(software.clone(), at);
        at
    }
}
