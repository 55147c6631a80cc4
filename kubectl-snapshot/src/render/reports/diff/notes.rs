//! Commits between the two sides of each service: release notes.

use snapshot_core::{
    ancestry::{LoggedCommit, Notes},
    diff::Presence,
};

use super::workloads::order_word;
use crate::render::{
    Cell, Column, Line, Row, Table, Tone,
    page::Fit,
    reports::{counted, images::shortened},
};

/// A group for each service, a row for each commit.
pub(super) fn table(notes: &[Notes]) -> Table {
    let mut table = Table::headless([
        Column::new("COMMIT", Fit::Whole),
        Column::new("DATE", Fit::Whole).droppable(),
        Column::new("AUTHOR", Fit::End).droppable(),
        Column::new("SUBJECT", Fit::Wrap).min_width(30),
    ])
    .grouped_by("SERVICE")
    .meaning(
        "What was changed in the source code between the two versions, the newest first. Added: new \
         in the second. Removed: only in the first, so it is taken back.",
    );
    for one in notes {
        table.group(None, title(one));
        let added = one.added.iter().map(|commit| (commit, Presence::Added));
        let back = one.taken_back.iter().map(|commit| (commit, Presence::Removed));
        table.extend(added.chain(back).map(|(commit, presence)| row(commit).marked(presence)));
        if let Some(text) = remark(one) {
            let empty = || Cell::from("");
            table.row(Row::new([empty(), empty(), empty(), Cell::toned(Tone::Muted, text)]));
        }
    }
    table
}

/// `web  3f2a91c → 7d1f0c9  ▲ newer, services/web of shop`.
fn title(one: &Notes) -> Line {
    let between = format!("  {} → {}", shortened(&one.before), shortened(&one.after));
    let path = one.path.as_ref().map(|path| format!("{path} of ")).unwrap_or_default();
    Line::default()
        .with(Tone::Strong, one.service.clone())
        .plain(between)
        .with(one.order.into(), format!("  {}", order_word(one.order)))
        .with(Tone::Muted, format!("  {path}{}", one.repository))
}

fn row(commit: &LoggedCommit) -> Row {
    let short: String = commit.id.chars().take(7).collect();
    let id = match &commit.link {
        Some(url) => Cell::Link { text: short, url: url.clone() },
        None => short.into(),
    };
    let day: String = commit.date.chars().take("2024-01-15".len()).collect();
    Row::new([id, day.into(), commit.author.clone().into(), commit.subject.clone().into()])
}

/// Remark on whatever the list leaves open.
fn remark(one: &Notes) -> Option<String> {
    let omitted = (one.omitted > 0)
        .then(|| format!("and {}", counted(one.omitted, "more commit", "more commits")));
    let nothing = one.added.is_empty() && one.taken_back.is_empty();
    let nothing =
        one.path.as_ref().filter(|_| nothing).map(|path| format!("no commit touches {path}"));
    let unfiltered = one.unfiltered.as_ref().map(|why| format!("commits of all paths: {why}"));
    let parts: Vec<String> = [omitted, nothing, unfiltered].into_iter().flatten().collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}
