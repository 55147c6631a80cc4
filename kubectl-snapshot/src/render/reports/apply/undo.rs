//! Report of an undoing: what runs had written that did not come to their end.

use serde::{Serialize, Serializer};
use snapshot_core::{
    cluster_namespace::ClusterNamespace,
    outcome::{LeftObject, Rollout, WayBackOutcome, Written},
    parts::PartName,
    plan::Run,
};

use super::way_back::{numbers, sections};
use crate::render::{Line, Page, Report, Tone, reports::object_name::object_name};

/// An undoing: the runs, the newest first, and what became of each object that they wrote.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UndoReport {
    /// The runs.
    pub runs: Vec<UndoneRun>,
    /// True where nothing new was begun from some point on.
    pub is_interrupted: bool,
}

/// An undoing of one run.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UndoneRun {
    /// The run.
    pub run: Run,
    /// Each of its namespaces.
    pub parts: Vec<UndoPart>,
    /// True where every object was looked at in the end, and is what it was before the run.
    pub is_undone: bool,
}

/// An undoing in one namespace.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct UndoPart {
    /// The part's alias; none where the set is of one namespace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<PartName>,
    /// Namespace that was written to.
    pub target: ClusterNamespace,
    /// The end of each object's way back.
    #[serde(serialize_with = "view")]
    pub way_back: WayBackOutcome,
}

/// A way back as machines get it. What ran before is not compared as a set here: each object is.
#[derive(Serialize)]
struct View<'a> {
    restored: Vec<Written>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left: Vec<LeftObject>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    rollouts: &'a [Rollout],
}

fn view<S: Serializer>(way_back: &WayBackOutcome, serializer: S) -> Result<S::Ok, S::Error> {
    let (restored, left) = (way_back.restored(), way_back.left_objects());
    View { restored, left, rollouts: &way_back.rollouts }.serialize(serializer)
}

impl UndoneRun {
    fn lines(&self, page: &mut Page) {
        for one in &self.parts {
            let mut counts = numbers(&one.way_back);
            if counts.is_empty() {
                counts.push("nothing to write".to_owned());
            }
            let (tone, word) = if self.is_undone {
                counts.push("verified".to_owned());
                (Tone::Good, "Undone")
            } else {
                (Tone::Bad, "Not undone")
            };
            let line = Line::default().with(tone, word);
            let (namespace, counts) = (&one.target.namespace, counts.join(", "));
            page.line(line.plain(format!(" in {namespace}: {counts}")));
        }
    }
}

impl Report for UndoReport {
    const KIND: &'static str = "UndoReport";

    fn page(&self, page: &mut Page) {
        for run in &self.runs {
            run.lines(page);
        }
        if self.is_interrupted {
            let line = Line::default().with(Tone::Bad, "Interrupted: ");
            page.line(line.plain("nothing new was begun, and --undo goes on with it"));
        }
        for run in &self.runs {
            for one in &run.parts {
                sections(&one.way_back, &run.run.snapshot, page);
            }
        }
    }

    fn names(&self) -> Vec<String> {
        let parts = self.runs.iter().flat_map(|run| &run.parts);
        let restored = parts.flat_map(|one| one.way_back.restored());
        restored.map(|one| object_name(one.kind, &one.name)).collect()
    }
}
