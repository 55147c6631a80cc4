//! A repository, opened to be read, and what has to be true of it before it is believed.

use std::{
    collections::HashSet,
    fs,
    path::{Path, PathBuf},
};

use gix::{ObjectId, hash::Prefix, object::Kind, open::Options, sec::Trust};
use snapshot_core::{
    ancestry::{Gap, Graph},
    git_repository::{GitRepository, Home},
    name::RepositoryName,
};

use super::mirror::path_of;

/// Memory for objects that are read more than once, in bytes.
const OBJECT_CACHE: usize = 16 << 20;
/// Replacements are one clone's own: two people would see two histories.
const SETTINGS: [&str; 1] = ["core.useReplaceRefs=false"];

/// An open repository whose history is whole, as far as that can be told before it is walked.
pub(super) struct Opened {
    pub(super) repository: gix::Repository,
    pub(super) name: RepositoryName,
    pub(super) path: PathBuf,
}

impl Opened {
    /// Opens the clone or the mirror of a repository. It blocks.
    pub(super) fn open(config: &GitRepository) -> Result<Self, Gap> {
        let name = config.name.clone();
        let path = path_of(config).filter(|path| path.exists());
        let Some(path) = path else {
            return Err(match &config.home {
                Home::Url(_) => Gap::NotFetched { repository: name },
                Home::Clone(path) => Gap::NoClone { repository: name, path: path.clone() },
            });
        };
        let unreadable = |error: gix::Error| Gap::Unreadable {
            repository: config.name.clone(),
            path: path.clone(),
            cause: cause(&error),
        };
        // Nothing of the user's environment or configuration changes what a history says. Whose the
        // files are does not matter: they are read, and nothing in them is run.
        let options = Options::isolated().with(Trust::Full).config_overrides(SETTINGS);
        let mut repository = options.open(&path).map_err(unreadable)?.to_thread_local();
        if let Some(lender) = lost_lender(repository.common_dir()) {
            return Err(Gap::LostAlternates { repository: name, lender });
        }
        if repository.is_shallow().map_err(unreadable)? {
            return Err(Gap::Shallow { repository: name, path });
        }
        repository.object_cache_size_if_unset(OBJECT_CACHE);
        // Of thousands of commits each would have the folders listed again.
        repository.objects.refresh_never();
        Ok(Self { repository, name, path })
    }

    /// The commit that an id means, whole or abbreviated; no branch and no tag is called so.
    pub(super) fn commit(&self, text: &str) -> Result<ObjectId, Gap> {
        let not_found = || Gap::NotFound { repository: self.name.clone(), commit: text.to_owned() };
        let is_commit = |id: &ObjectId| {
            let header = self.repository.try_find_header(*id);
            header.ok().flatten().is_some_and(|header| header.kind() == Kind::Commit)
        };
        let whole = self.repository.object_hash().len_in_hex();
        let is_id = text.len() <= whole && text.bytes().all(|byte| byte.is_ascii_hexdigit());
        // Filled up, for loose objects are looked for by ids of the prefix's own hash.
        let filled = is_id.then(|| ObjectId::from_hex(format!("{text:0<whole$}").as_bytes()).ok());
        let Some(filled) = filled.flatten() else { return Err(not_found()) };
        if text.len() == whole {
            return if is_commit(&filled) { Ok(filled) } else { Err(not_found()) };
        }
        let prefix = Prefix::new(&filled, text.len()).map_err(|_| not_found())?;
        let mut candidates = HashSet::new();
        self.repository
            .objects
            .lookup_prefix(prefix, Some(&mut candidates))
            .map_err(|error| self.incomplete(&error))?;
        let mut commits = candidates.into_iter().filter(is_commit);
        match (commits.next(), commits.next()) {
            (Some(commit), None) => Ok(commit),
            (None, _) => Err(not_found()),
            (Some(_), Some(_)) => {
                Err(Gap::Ambiguous { repository: self.name.clone(), commit: text.to_owned() })
            }
        }
    }

    /// The whole history of some commits.
    pub(super) fn history(
        &self,
        tips: impl IntoIterator<Item = ObjectId>,
    ) -> Result<Graph<ObjectId>, Gap> {
        let walk = self.repository.rev_walk(tips).all();
        let mut commits = Vec::new();
        for commit in walk.map_err(|error| self.incomplete(&error))? {
            let commit = commit.map_err(|error| self.incomplete(&error))?;
            commits.push((commit.id, commit.parent_ids.to_vec()));
        }
        Graph::of(&commits).map_err(|missing| Gap::Incomplete {
            repository: self.name.clone(),
            path: self.path.clone(),
            cause: format!("commit {missing} is missing"),
        })
    }

    /// Gap for a history that could not be read to its end.
    pub(super) fn incomplete(&self, error: &gix::Error) -> Gap {
        Gap::Incomplete {
            repository: self.name.clone(),
            path: self.path.clone(),
            cause: cause(error),
        }
    }
}

/// The words of an error, in one line.
pub(super) fn cause(error: &gix::Error) -> String {
    error.to_string().lines().next().unwrap_or_default().trim().to_owned()
}

/// The first folder that objects are borrowed from and that is not there.
fn lost_lender(common_dir: &Path) -> Option<PathBuf> {
    let objects = common_dir.join("objects");
    let lenders = fs::read_to_string(objects.join("info/alternates")).ok()?;
    let lenders = lenders.lines().map(str::trim).filter(|line| !line.is_empty());
    lenders
        .filter(|line| !line.starts_with('#'))
        .map(|line| objects.join(line))
        .find(|lender| !lender.is_dir())
}
