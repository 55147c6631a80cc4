//! The commits that a set runs, and how far the branch has moved on since.

use serde::Serialize;

use crate::render::{
    Cell, Column, Row, Table, Tone,
    page::Fit,
    reports::{counted::counted, images::shortened},
};

/// A commit that a service runs, where its repository knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CommitRow {
    /// The service's name.
    pub service: String,
    /// Repository of the image.
    pub image: String,
    /// The whole id.
    pub commit: String,
    /// First line of the message.
    pub subject: String,
    /// Time of the commit, RFC 3339 in UTC.
    pub date: String,
    /// Name of the branch that releases come from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Number of commits that the branch has and this one lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<usize>,
    /// Number of commits that this one has and the branch lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ahead: Option<usize>,
    /// Age in kubectl's words.
    #[serde(skip)]
    pub age: String,
}

/// A row for each commit of a service.
pub(super) fn table(commits: &[CommitRow]) -> Table {
    let mut table = Table::new([
        Column::new("SERVICE", Fit::Middle),
        Column::new("COMMIT", Fit::Whole),
        Column::new("DATE", Fit::Whole).droppable(),
        Column::new("AGE", Fit::Whole).volatile(),
        Column::new("BRANCH", Fit::Whole),
        Column::new("SUBJECT", Fit::End).min_width(20),
    ])
    .meaning(
        "The change of the code that each program was built from, and how many changes its branch \
         has had since.",
    );
    for one in commits {
        table.row(Row::new([
            one.service.clone().into(),
            shortened(&one.commit).into(),
            one.date.chars().take("2024-01-15".len()).collect::<String>().into(),
            one.age.clone().into(),
            branch(one),
            one.subject.clone().into(),
        ]));
    }
    table
}

/// `head of main`, `3 commits behind main`, `2 not on main, 3 behind it`.
fn branch(one: &CommitRow) -> Cell {
    let Some(branch) = &one.branch else { return Cell::or_none(None) };
    match (one.behind.unwrap_or(0), one.ahead.unwrap_or(0)) {
        (0, 0) => Cell::toned(Tone::Good, format!("head of {branch}")),
        (behind, 0) => format!("{} behind {branch}", counted(behind, "commit", "commits")).into(),
        (behind, ahead) => {
            let ahead = counted(ahead, "commit", "commits");
            Cell::toned(Tone::Unknown, format!("{ahead} not on {branch}, {behind} behind it"))
        }
    }
}
