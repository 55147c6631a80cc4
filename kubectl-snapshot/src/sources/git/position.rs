//! Positions of commits: how old they are, and how far behind the head of a branch.

use gix::{ObjectId, refs::TargetRef};
use snapshot_core::{
    ancestry::{Gap, Position, Relation},
    git_repository::{GitRepository, Home},
};

use super::opened::Opened;
use crate::blocking::blocking;

/// The position of each commit, whole or abbreviated.
pub async fn positions(config: &GitRepository, commits: Vec<String>) -> Vec<Result<Position, Gap>> {
    let config = config.clone();
    blocking(move || positions_here(&config, &commits)).await
}

/// The place of each commit in the history: whatever it contains has a lower one.
pub async fn ranks(config: &GitRepository, commits: Vec<String>) -> Vec<Result<u32, Gap>> {
    let config = config.clone();
    blocking(move || ranks_here(&config, &commits)).await
}

fn ranks_here(config: &GitRepository, commits: &[String]) -> Vec<Result<u32, Gap>> {
    let opened = match Opened::open(config) {
        Ok(opened) => opened,
        Err(gap) => return vec![Err(gap); commits.len()],
    };
    let ids: Vec<Result<ObjectId, Gap>> =
        commits.iter().map(|commit| opened.commit(commit)).collect();
    let graph = opened.history(ids.iter().flatten().copied());
    let rank = |(id, commit): (Result<ObjectId, Gap>, &String)| {
        let id = id?;
        let rank = graph.as_ref().map_err(Clone::clone)?.rank(id);
        let not_found =
            || Gap::NotFound { repository: opened.name.clone(), commit: commit.clone() };
        rank.ok_or_else(not_found)
    };
    ids.into_iter().zip(commits).map(rank).collect()
}

fn positions_here(config: &GitRepository, commits: &[String]) -> Vec<Result<Position, Gap>> {
    let opened = match Opened::open(config) {
        Ok(opened) => opened,
        Err(gap) => return vec![Err(gap); commits.len()],
    };
    let head = head(&opened, config);
    let ids: Vec<Result<ObjectId, Gap>> =
        commits.iter().map(|commit| opened.commit(commit)).collect();
    let tips = ids.iter().flatten().copied().chain(head.as_ref().map(|(_, id)| *id));
    let graph = match opened.history(tips) {
        Ok(graph) => graph,
        Err(gap) => return ids.into_iter().map(|id| id.and_then(|_| Err(gap.clone()))).collect(),
    };
    let known = ids.iter().flatten();
    let to_head: Vec<(ObjectId, ObjectId)> =
        known.filter_map(|id| Some((*id, head.as_ref()?.1))).collect();
    let mut relations = graph.relations(&to_head).into_iter();
    let branch = head.as_ref().map(|(name, _)| name.as_str());
    ids.into_iter().map(|id| position(&opened, id?, branch, relations.next())).collect()
}

fn position(
    opened: &Opened,
    id: ObjectId,
    branch: Option<&str>,
    relation: Option<Relation>,
) -> Result<Position, Gap> {
    let read = || {
        let commit = opened.repository.find_commit(id)?;
        let (subject, author) = (commit.message()?.summary().to_string(), commit.author()?);
        Ok::<_, gix::Error>((subject, author.name.to_string(), commit.time()?.seconds))
    };
    let (subject, author, at) = read().map_err(|error| opened.incomplete(&error))?;
    Ok(Position {
        commit: id.to_string(),
        subject,
        author,
        at,
        branch: branch.map(str::to_owned),
        behind: relation.and_then(|relation| relation.ahead),
        ahead: relation.and_then(|relation| relation.behind),
    })
}

/// The branch that releases come from, and its head; none where references cannot be read.
///
/// In a clone of the user's, the server's branch goes before the user's own of that name.
fn head(opened: &Opened, config: &GitRepository) -> Option<(String, ObjectId)> {
    let of_server = matches!(config.home, Home::Clone(_));
    let names = match &config.branch {
        Some(branch) => [format!("refs/remotes/origin/{branch}"), format!("refs/heads/{branch}")],
        None => ["refs/remotes/origin/HEAD".to_owned(), "HEAD".to_owned()],
    };
    names.into_iter().skip(usize::from(!of_server)).find_map(|name| {
        let mut reference = opened.repository.try_find_reference(name.as_str()).ok()??;
        let full = match reference.target() {
            TargetRef::Symbolic(branch) => branch.as_bstr().to_string(),
            TargetRef::Object(_) => reference.name().as_bstr().to_string(),
        };
        let id = reference.peel_to_id().ok()?.detach();
        let short = ["refs/remotes/origin/", "refs/heads/"]
            .into_iter()
            .find_map(|prefix| full.strip_prefix(prefix))
            .unwrap_or(&full);
        Some((short.to_owned(), id))
    })
}
