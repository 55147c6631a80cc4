//! The commits between two versions, as release notes list them.

use std::{collections::HashMap, path::Path};

use gix::{ObjectId, date::time::format::ISO8601_STRICT};
use snapshot_core::{
    ancestry::{Between, Gap, Graph, LoggedCommit, Notes, Relation},
    git_repository::{GitRepository, GitUrl, Home},
};

use super::opened::{Opened, cause};
use crate::blocking::blocking;

/// Two commits of a service, whose commits between are wanted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotesOf {
    /// The service's name.
    pub service: String,
    /// The first commit.
    pub before: String,
    /// The second commit.
    pub after: String,
    /// Path that the commits touch; all of them, where there is none.
    pub path: Option<String>,
}

/// The commits between, at most `limit` for each.
pub async fn notes(
    config: &GitRepository,
    asked: Vec<NotesOf>,
    limit: usize,
) -> Vec<Result<Notes, Gap>> {
    let config = config.clone();
    blocking(move || notes_here(&config, asked, limit)).await
}

fn notes_here(
    config: &GitRepository,
    asked: Vec<NotesOf>,
    limit: usize,
) -> Vec<Result<Notes, Gap>> {
    let opened = match Opened::open(config) {
        Ok(opened) => opened,
        Err(gap) => return asked.iter().map(|_| Err(gap.clone())).collect(),
    };
    let both =
        |one: &NotesOf| Ok::<_, Gap>((opened.commit(&one.before)?, opened.commit(&one.after)?));
    let pairs: Vec<Result<(ObjectId, ObjectId), Gap>> = asked.iter().map(both).collect();
    let known = pairs.iter().flatten().flat_map(|(first, second)| [*first, *second]);
    let graph = match opened.history(known) {
        Ok(graph) => graph,
        Err(gap) => return asked.iter().map(|_| Err(gap.clone())).collect(),
    };
    let url = match &config.home {
        Home::Url(url) => Some(url),
        Home::Clone(_) => None,
    };
    let mut reader = Reader { opened: &opened, graph: &graph, url, limit, entries: HashMap::new() };
    let notes = |(asked, pair): (NotesOf, Result<_, Gap>)| reader.notes(asked, pair?);
    asked.into_iter().zip(pairs).map(notes).collect()
}

/// Reader of commits and their trees.
struct Reader<'a> {
    opened: &'a Opened,
    graph: &'a Graph<ObjectId>,
    url: Option<&'a GitUrl>,
    limit: usize,
    /// Entries of commits at paths: neighbours share most of them.
    entries: HashMap<(ObjectId, String), Option<ObjectId>>,
}

impl Reader<'_> {
    fn notes(&mut self, asked: NotesOf, pair: (ObjectId, ObjectId)) -> Result<Notes, Gap> {
        let NotesOf { service, before, after, path } = asked;
        let all = self.graph.between(pair.0, pair.1);
        let order = Relation::of(all.ahead.len(), all.behind.len()).order;
        let (chosen, unfiltered) = match &path {
            None => (all, None),
            Some(path) => match self.touching(&all, path) {
                Ok(chosen) => (chosen, None),
                Err(error) => (all, Some(cause(&error))),
            },
        };
        let listed = |ids: &[ObjectId], limit: usize| -> Result<Vec<LoggedCommit>, Gap> {
            ids.iter().take(limit).map(|id| self.read(*id)).collect()
        };
        let added = listed(&chosen.ahead, self.limit)?;
        let taken_back = listed(&chosen.behind, self.limit - added.len())?;
        let count = chosen.ahead.len() + chosen.behind.len();
        Ok(Notes {
            service,
            repository: self.opened.name.clone(),
            before,
            after,
            order,
            path,
            unfiltered,
            omitted: count - added.len() - taken_back.len(),
            added,
            taken_back,
        })
    }

    fn read(&self, id: ObjectId) -> Result<LoggedCommit, Gap> {
        let read = || {
            let commit = self.opened.repository.find_commit(id)?;
            let author = commit.author()?;
            Ok::<_, gix::Error>(LoggedCommit {
                id: id.to_string(),
                author: author.name.to_string(),
                date: author.time()?.format_or_unix(ISO8601_STRICT),
                subject: commit.message()?.summary().to_string(),
                link: self.url.and_then(|url| url.page_of(&id.to_string())),
            })
        };
        read().map_err(|error| self.opened.incomplete(&error))
    }

    /// The commits that change what is at a path: it differs from that of every parent.
    fn touching(
        &mut self,
        all: &Between<ObjectId>,
        path: &str,
    ) -> Result<Between<ObjectId>, gix::Error> {
        let mut chosen = Between { ahead: Vec::new(), behind: Vec::new() };
        for (ids, chosen) in [(&all.ahead, &mut chosen.ahead), (&all.behind, &mut chosen.behind)] {
            for id in ids {
                if self.touches(*id, path)? {
                    chosen.push(*id);
                }
            }
        }
        Ok(chosen)
    }

    fn touches(&mut self, id: ObjectId, path: &str) -> Result<bool, gix::Error> {
        let own = self.entry(id, path)?;
        let commit = self.opened.repository.find_commit(id)?;
        let parents: Vec<ObjectId> = commit.parent_ids().map(gix::Id::detach).collect();
        if parents.is_empty() {
            return Ok(own.is_some());
        }
        for parent in parents {
            if self.entry(parent, path)? == own {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn entry(&mut self, id: ObjectId, path: &str) -> Result<Option<ObjectId>, gix::Error> {
        let key = (id, path.to_owned());
        if let Some(known) = self.entries.get(&key) {
            return Ok(*known);
        }
        let tree = self.opened.repository.find_commit(id)?.tree()?;
        let found = tree.lookup_entry_by_path(Path::new(path))?.map(|entry| entry.object_id());
        self.entries.insert(key, found);
        Ok(found)
    }
}
