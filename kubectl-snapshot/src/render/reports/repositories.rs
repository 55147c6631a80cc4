//! The git repositories.

use serde::Serialize;
use snapshot_core::git_repository::{GitRepository, Home};

use crate::render::{Cell, Column, Page, Report, Table, page::Fit};

/// The git repositories, by name.
#[derive(Clone, Debug, Default, Serialize)]
pub struct GitRepositoryList {
    items: Vec<GitRepositoryRow>,
}

/// A git repository, and its state on this machine.
#[derive(Clone, Debug, Serialize)]
pub struct GitRepositoryRow {
    /// The repository.
    #[serde(flatten)]
    pub repository: GitRepository,
    /// Time when it was last fetched to this machine, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fetched: Option<String>,
    /// Time of the last fetch for people: `3h ago`, `not yet`.
    #[serde(skip)]
    pub state: String,
}

impl GitRepositoryList {
    /// The repositories, in the order in which they are to be shown.
    #[must_use]
    pub fn new(items: Vec<GitRepositoryRow>) -> Self {
        Self { items }
    }
}

impl Report for GitRepositoryList {
    const KIND: &'static str = "GitRepositoryList";

    fn page(&self, page: &mut Page) {
        let mut table = Table::new([
            Column::new("REPOSITORY", Fit::Whole),
            Column::new("FOR", Fit::End),
            Column::new("FROM", Fit::Middle),
            Column::new("PATH", Fit::Middle),
            Column::new("BRANCH", Fit::Middle),
            Column::new("FETCHED", Fit::Whole).volatile(),
        ]);
        for GitRepositoryRow { repository, state, .. } in &self.items {
            let patterns: Vec<String> =
                repository.patterns.iter().map(ToString::to_string).collect();
            let from = match &repository.home {
                Home::Url(url) => url.to_string(),
                Home::Clone(path) => path.display().to_string(),
            };
            table.row([
                repository.name.to_string().into(),
                Cell::or_none((!patterns.is_empty()).then(|| patterns.join(", ")).as_deref()),
                from.into(),
                Cell::or_none(repository.path.as_ref().map(AsRef::as_ref)),
                Cell::or_none(repository.branch.as_deref()),
                state.clone().into(),
            ]);
        }
        page.table(table);
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|row| row.repository.name.to_string()).collect()
    }
}
