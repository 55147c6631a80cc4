//! Notes: the commits between two versions of a service, as people read them.

use serde::Serialize;

use crate::{name::RepositoryName, version::Order};

/// Commits that git has between two versions of a service.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Notes {
    /// The service's name.
    pub service: String,
    /// The repository that the commits are in.
    pub repository: RepositoryName,
    /// The first commit.
    pub before: String,
    /// The second commit.
    pub after: String,
    /// Order of the second relative to the first.
    pub order: Order,
    /// Path that the commits touch; none where all of the repository is the service's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Reason why commits of other paths are among them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unfiltered: Option<String>,
    /// Commits that the second has and the first lacks, the newest first.
    pub added: Vec<LoggedCommit>,
    /// Commits that the first has and the second lacks: taken back.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub taken_back: Vec<LoggedCommit>,
    /// Number of further commits, which are not listed.
    #[serde(skip_serializing_if = "is_zero")]
    pub omitted: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks with a reference")]
fn is_zero(number: &usize) -> bool {
    *number == 0
}

/// A commit, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LoggedCommit {
    /// The whole id.
    pub id: String,
    /// The author's name.
    pub author: String,
    /// Time of the author's work, RFC 3339 with the author's own offset.
    pub date: String,
    /// First line of the message.
    pub subject: String,
    /// Page of the commit at its forge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}
