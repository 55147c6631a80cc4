//! Mirrors: bare copies of repositories in the user's cache, fetched by the user's own git.
//!
//! Git has the user's credentials, proxies and certificates; this program has none of them, and
//! asks no server by itself.

use std::{
    ffi::OsStr,
    fs, io,
    path::{Path, PathBuf},
    process::{Output, Stdio},
    time::SystemTime,
};

use snapshot_core::{
    digest::Digest,
    git_repository::{GitRepository, GitUrl, Home},
    name::RepositoryName,
    visible,
};
use tempfile::Builder;
use tokio::process::Command;

use crate::{blocking::blocking, files::cache_home};

/// The longest text of git that is repeated, in characters.
const LONGEST: usize = 400;

/// Transports that git may speak: those that carry objects and run nothing.
const PROTOCOLS: &str = "file:git:http:https:ssh";

/// Variables of a hook or a script that is itself run by git, which mean another repository.
const OF_ANOTHER: [&str; 7] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_COMMON_DIR",
    "GIT_NAMESPACE",
];

/// State of a repository on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Local {
    /// The user's clone.
    Clone,
    /// A mirror, fetched at this time.
    Fetched(SystemTime),
    /// Neither.
    Absent,
}

/// Error: a repository was not fetched.
#[derive(Debug, thiserror::Error)]
pub enum FetchError {
    /// The user has no cache folder.
    #[error("git repository {repository} cannot be fetched: there is no folder to keep it in")]
    NoCache {
        /// The repository.
        repository: RepositoryName,
    },
    /// There is no git program.
    #[error("git repository {repository} cannot be fetched: git cannot be run: {cause}")]
    NoGit {
        /// The repository.
        repository: RepositoryName,
        /// Reason.
        #[source]
        cause: io::Error,
    },
    /// Git refused.
    #[error("git repository {repository} cannot be fetched: {said}")]
    Refused {
        /// The repository.
        repository: RepositoryName,
        /// The last lines that git said.
        said: String,
    },
    /// The cache cannot be written.
    #[error("git repository {repository} cannot be kept in {}: {cause}", .folder.display())]
    Unwritable {
        /// The repository.
        repository: RepositoryName,
        /// Folder of the mirrors.
        folder: PathBuf,
        /// Reason.
        #[source]
        cause: io::Error,
    },
}

/// Path of a repository on this machine: the clone, or the mirror, be it there or not.
pub(super) fn path_of(repository: &GitRepository) -> Option<PathBuf> {
    match &repository.home {
        Home::Clone(path) => Some(path.clone()),
        Home::Url(url) => mirror(&repository.name, url),
    }
}

fn mirror(name: &RepositoryName, url: &GitUrl) -> Option<PathBuf> {
    // Two stores may call two repositories alike.
    let digest = Digest::of(url.as_ref().as_bytes()).to_string();
    let digits = digest.trim_start_matches("sha256:").chars().take(12).collect::<String>();
    Some(cache_home()?.join("repositories").join(format!("{name}-{digits}.git")))
}

/// State of a repository on this machine.
pub async fn local(repository: &GitRepository) -> Local {
    let repository = repository.clone();
    blocking(move || match (&repository.home, path_of(&repository)) {
        (Home::Clone(_), _) => Local::Clone,
        (Home::Url(_), Some(path)) => match fs::metadata(path.join(FETCHED)) {
            Ok(there) => Local::Fetched(there.modified().unwrap_or(SystemTime::UNIX_EPOCH)),
            Err(_) => Local::Absent,
        },
        (Home::Url(_), None) => Local::Absent,
    })
    .await
}

/// The file whose time says when a mirror was fetched.
const FETCHED: &str = "kubectl-snapshot-fetched";

/// Fetches a repository into its mirror, which is made where there is none; a clone of the
/// user's is left alone.
///
/// Dropping the future ends git.
pub async fn fetch(repository: &GitRepository) -> Result<(), FetchError> {
    let Home::Url(url) = &repository.home else { return Ok(()) };
    let name = &repository.name;
    let Some(path) = mirror(name, url) else {
        return Err(FetchError::NoCache { repository: name.clone() });
    };
    // Trees tell which commits touch a path; where nobody asks for that, they stay away.
    let filter = if repository.path.is_some() { "blob:none" } else { "tree:0" };
    let git = Git { name, folder: path.parent().unwrap_or(&path).to_owned() };
    if git.is_usable(&path, filter).await? {
        git.run(
            &path,
            ["fetch", "--quiet", "--prune", "--force", "--tags", "--", "origin", BRANCHES],
        )
        .await?;
    } else {
        git.clone_to(&path, url, filter).await?;
    }
    // With it a long history is read several times as fast; a git that has no such thing does
    // without.
    git.output(&path, ["commit-graph", "write", "--reachable"]).await?;
    git.on_disk(move || fs::write(path.join(FETCHED), b"")).await
}

/// Every branch, under its own name.
const BRANCHES: &str = "+refs/heads/*:refs/heads/*";

/// The git program, at work for one repository.
struct Git<'a> {
    name: &'a RepositoryName,
    folder: PathBuf,
}

impl Git<'_> {
    /// True if a mirror is there, whole, with a head, and with the objects that are asked for.
    async fn is_usable(&self, mirror: &Path, filter: &str) -> Result<bool, FetchError> {
        let fetched = mirror.join(FETCHED);
        if !self.on_disk(move || fetched.try_exists()).await? {
            return Ok(false);
        }
        let head = self.output(mirror, ["rev-parse", "--quiet", "--verify", "HEAD"]).await?;
        let kept = self.output(mirror, ["config", "remote.origin.partialclonefilter"]).await?;
        let kept = String::from_utf8_lossy(&kept.stdout).trim().to_owned();
        Ok(head.status.success() && (kept.is_empty() || kept == filter || filter == "tree:0"))
    }

    /// Makes a mirror beside its place, and moves it there once it is whole.
    async fn clone_to(&self, mirror: &Path, url: &GitUrl, filter: &str) -> Result<(), FetchError> {
        let folder = self.folder.clone();
        let beside = self
            .on_disk(move || {
                fs::create_dir_all(&folder)?;
                Builder::new().prefix(".new-").tempdir_in(&folder)
            })
            .await?;
        let made = beside.path().join("mirror.git");
        let filter = format!("--filter={filter}");
        let url: &str = url.as_ref();
        let arguments: [&OsStr; 8] = [
            "clone".as_ref(),
            "--bare".as_ref(),
            "--quiet".as_ref(),
            "--template=".as_ref(),
            filter.as_ref(),
            "--".as_ref(),
            url.as_ref(),
            made.as_ref(),
        ];
        self.run(&self.folder, arguments).await?;
        let mirror = mirror.to_owned();
        self.on_disk(move || {
            if mirror.try_exists()? {
                fs::rename(&mirror, beside.path().join("old.git"))?;
            }
            fs::rename(made, mirror)
        })
        .await
    }

    async fn run<A: AsRef<OsStr>>(
        &self,
        folder: &Path,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<(), FetchError> {
        let output = self.output(folder, arguments).await?;
        if output.status.success() {
            return Ok(());
        }
        let said = last_lines(&String::from_utf8_lossy(&output.stderr));
        Err(FetchError::Refused { repository: self.name.clone(), said })
    }

    async fn output<A: AsRef<OsStr>>(
        &self,
        folder: &Path,
        arguments: impl IntoIterator<Item = A>,
    ) -> Result<Output, FetchError> {
        let mut command = Command::new("git");
        command.arg("-C").arg(folder).args(arguments);
        command.env("GIT_ALLOW_PROTOCOL", PROTOCOLS).env("LC_ALL", "C");
        for name in OF_ANOTHER {
            command.env_remove(name);
        }
        command.stdin(Stdio::null()).kill_on_drop(true);
        let no_git = |cause| FetchError::NoGit { repository: self.name.clone(), cause };
        command.output().await.map_err(no_git)
    }

    async fn on_disk<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> Result<T, FetchError> {
        blocking(work).await.map_err(|cause| FetchError::Unwritable {
            repository: self.name.clone(),
            folder: self.folder.clone(),
            cause,
        })
    }
}

/// The end of what git said, where the reason is, in one line.
fn last_lines(said: &str) -> String {
    let lines: Vec<&str> = said.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let last = lines[lines.len().saturating_sub(3)..].join("; ");
    let last = visible::line(&last).chars().take(LONGEST).collect::<String>();
    if last.is_empty() { "git does not say why".to_owned() } else { last }
}
