//! History: what the git repositories of a store tell about the commits of sets.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use futures::future::join_all;
use snapshot_core::{
    ancestry::{
        Ancestry, Built, Gap, Notes, Position, Question, Relation, Software, questions, sources,
    },
    diff::Diff,
    git_repository::{GitRepository, repository_of},
    snapshot::{Container, InstanceRef, Spec},
    version::built_from,
};

use super::{App, Failure, builders};
use crate::{
    sources::git::{self, Counting, NotesOf},
    store::Store,
};

/// Positions of the commits of a set, by software and commit.
pub type Positions = HashMap<(Software, String), Position>;

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

    /// The repositories that a store names, for sets and those before them.
    pub async fn of_pairs(
        app: &App,
        store: Option<&Store>,
        pairs: &[(Option<&Spec>, &Spec)],
    ) -> Self {
        let sets = pairs.iter().flat_map(|(before, after)| before.iter().chain([after]));
        Self::of(app, store, &sets.copied().collect::<Vec<_>>()).await
    }

    /// The repositories that a store names, whatever the sets run.
    pub async fn of_store(store: Option<&Store>, sets: &[&Spec]) -> Result<Self, Failure> {
        let Some(store) = store else { return Ok(Self::default()) };
        let repositories = store.repositories().await?;
        let sources = sets.iter().flat_map(|spec| sources(spec)).collect();
        Ok(Self { repositories, sources, built: Built::default() })
    }

    /// The order of the commits of sets, each with the one before it where there is one. The parts
    /// of a set are asked about together.
    pub async fn ancestry(&self, pairs: &[(Option<&Spec>, &Spec)], counting: Counting) -> Ancestry {
        let mut unknown = Vec::new();
        let mut asked: BTreeMap<usize, Vec<Question>> = BTreeMap::new();
        let mut homes = HashMap::new();
        for question in questions(pairs, &self.built) {
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

    /// The commits between the two sides of each image whose order git has told, for each diff.
    ///
    /// What several of them need, such as the parts of a set, is looked up once.
    pub async fn notes(&self, diffs: &[&Diff]) -> Vec<Vec<Notes>> {
        let mut homes = HashMap::new();
        let wanted: Vec<BTreeSet<(usize, NotesOf)>> =
            diffs.iter().map(|diff| self.wanted_notes(diff, &mut homes)).collect();
        let mut asked: BTreeMap<usize, BTreeSet<NotesOf>> = BTreeMap::new();
        for (at, one) in wanted.iter().flatten() {
            asked.entry(*at).or_default().insert(one.clone());
        }
        let found = join_all(asked.into_iter().map(|(at, asked)| async move {
            let asked: Vec<NotesOf> = asked.into_iter().collect();
            let notes = git::notes(&self.repositories[at], asked.clone(), LISTED).await;
            asked.into_iter().zip(notes).map(move |(asked, notes)| ((at, asked), notes))
        }));
        let found = found.await.into_iter().flatten();
        let found: BTreeMap<(usize, NotesOf), Notes> =
            found.filter_map(|(asked, notes)| Some((asked, notes.ok()?))).collect();
        let of_diff = |wanted: &BTreeSet<(usize, NotesOf)>| {
            let mut notes: Vec<Notes> =
                wanted.iter().filter_map(|asked| found.get(asked).cloned()).collect();
            notes.sort_by(|a, b| (&a.service, &a.before).cmp(&(&b.service, &b.before)));
            notes
        };
        wanted.iter().map(of_diff).collect()
    }

    /// The notes that a diff asks for, each with the place of its repository.
    fn wanted_notes(
        &self,
        diff: &Diff,
        homes: &mut HashMap<Software, Option<usize>>,
    ) -> BTreeSet<(usize, NotesOf)> {
        let mut wanted = BTreeSet::new();
        for one in &diff.instances {
            for image in one.images.iter().filter(|image| image.ahead.is_some()) {
                let (before, after) = (&image.before, &image.after);
                let question = Question::about(&self.built, &one.service, before, after);
                if let Some(question) = question
                    && let Some(at) = self.home(&question.software, homes)
                {
                    let path = self.repositories[at].path.as_ref();
                    let notes = NotesOf {
                        path: path.map(|path| path.of(&one.service)),
                        service: one.service.clone(),
                        before: question.before,
                        after: question.after,
                    };
                    wanted.insert((at, notes));
                }
            }
        }
        wanted
    }

    /// Age of each commit of each set, and how far the branch has moved on.
    pub async fn positions(&self, sets: &[&Spec]) -> Vec<Positions> {
        let mut homes = HashMap::new();
        let mut commit_of = |one: &InstanceRef<'_>, container: &Container| {
            let software =
                Software { service: one.service.to_owned(), image: container.image.clone() };
            let commit = self.built.commit(container)?.to_owned();
            Some((self.home(&software, &mut homes)?, (software, commit)))
        };
        let mut asked: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
        let mut wanted: Vec<BTreeSet<(usize, (Software, String))>> = Vec::new();
        for spec in sets {
            let mut of_set = BTreeSet::new();
            for one in spec.instances() {
                let containers = one.instance.containers.values();
                of_set.extend(containers.filter_map(|container| commit_of(&one, container)));
            }
            for (at, (_, commit)) in &of_set {
                asked.entry(*at).or_default().insert(commit.clone());
            }
            wanted.push(of_set);
        }
        let found = join_all(asked.into_iter().map(|(at, commits)| async move {
            let commits: Vec<String> = commits.into_iter().collect();
            let positions = git::positions(&self.repositories[at], commits.clone()).await;
            commits.into_iter().zip(positions).map(move |(commit, one)| ((at, commit), one))
        }));
        let found = found.await.into_iter().flatten();
        let known: HashMap<(usize, String), Position> =
            found.filter_map(|(asked, position)| Some((asked, position.ok()?))).collect();
        let of_set = |wanted: BTreeSet<(usize, (Software, String))>| {
            let positions = wanted.into_iter().filter_map(|(at, asked)| {
                let position = known.get(&(at, asked.1.clone()))?.clone();
                Some((asked, position))
            });
            positions.collect()
        };
        wanted.into_iter().map(of_set).collect()
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
