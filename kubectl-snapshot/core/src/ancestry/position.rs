//! Position of a commit in the history of a branch.

/// Age of a commit, and how far the branch has moved on since.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The whole id.
    pub commit: String,
    /// First line of the commit's message.
    pub subject: String,
    /// Author of the commit.
    pub author: String,
    /// Time of the commit, in seconds since 1970.
    pub at: i64,
    /// Name of the branch; none where it cannot be read.
    pub branch: Option<String>,
    /// Number of commits that the branch's head has and this one lacks.
    pub behind: Option<usize>,
    /// Number of commits that this one has and the branch's head lacks.
    pub ahead: Option<usize>,
}
