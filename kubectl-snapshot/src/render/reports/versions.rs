//! The versions of a service.

use serde::Serialize;

use super::{counted::counted, images::shortened};
use crate::render::{Cell, Column, Page, Report, Table, Tone, page::Fit};

/// The versions of a service, the newest first.
#[derive(Clone, Debug, Serialize)]
pub struct VersionList {
    /// The service's name.
    pub service: String,
    /// The versions.
    pub items: Vec<VersionRow>,
    /// Number of versions that there are besides.
    pub omitted: usize,
}

/// A version that the registry holds, or that runs somewhere.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionRow {
    /// Repository of the image.
    pub image: String,
    /// The image's tag; none where only a digest names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// The image's digest, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
    /// The commit that it is built from.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// First line of the commit's message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Author of the commit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Time of the commit, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Number of commits that the branch has and this one lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub behind: Option<usize>,
    /// Number of commits that this one has and the branch lacks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ahead: Option<usize>,
    /// Time of the build, as the builder said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<String>,
    /// Stages and snapshots that run it.
    pub runs: Vec<String>,
    /// True where the registry has it; none where it was not asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_registry: Option<bool>,
    /// Age of the commit, else of the build, in kubectl's words.
    #[serde(skip)]
    pub age: Option<String>,
}

impl Report for VersionList {
    const KIND: &'static str = "VersionList";

    fn page(&self, page: &mut Page) {
        let several = self.items.iter().any(|one| one.image != self.items[0].image);
        let mut table = Table::new([
            Column::new("VERSION", Fit::Middle),
            Column::new("COMMIT", Fit::Whole),
            Column::new("AGE", Fit::Whole).volatile(),
            Column::new("RUNS", Fit::End),
            Column::new("AUTHOR", Fit::End).droppable(),
            Column::new("SUBJECT", Fit::End).min_width(20),
        ])
        .meaning("What can be run, the newest first, and where it runs.");
        for one in &self.items {
            let name = one.tag.as_deref().or(one.digest.as_deref()).unwrap_or_default();
            let name = if several { format!("{}:{name}", one.image) } else { name.to_owned() };
            let name = match one.in_registry {
                Some(false) => Cell::toned(Tone::Bad, format!("{name} (gone)")),
                _ => name.into(),
            };
            let runs = (!one.runs.is_empty()).then(|| one.runs.join(", "));
            table.row([
                name,
                Cell::or_none(one.commit.as_deref().map(shortened).as_deref()),
                Cell::or_none(one.age.as_deref()),
                Cell::or_none(runs.as_deref()),
                Cell::or_none(one.author.as_deref()),
                Cell::or_none(one.subject.as_deref()),
            ]);
        }
        page.table(table);
        if self.omitted > 0 {
            page.line(format!(
                "and {} that are older",
                counted(self.omitted, "version", "versions")
            ));
        }
    }

    fn names(&self) -> Vec<String> {
        let name = |one: &VersionRow| match (&one.tag, &one.digest) {
            (Some(tag), _) => format!("{}:{tag}", one.image),
            (None, Some(digest)) => format!("{}@{digest}", one.image),
            (None, None) => one.image.clone(),
        };
        self.items.iter().map(name).collect()
    }
}
