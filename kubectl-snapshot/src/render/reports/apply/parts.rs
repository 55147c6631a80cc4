//! The report of an apply of a set in parts.

use serde::Serialize;
use snapshot_core::{
    digest::Digest,
    outcome::{ApplyOutcome, Conclusion, Outcome, PartOutcome},
    parts::PartName,
};

use super::{View, counts, interruption, look, sections, verification, way_back, words};
use crate::render::{
    Line, Page, Report, Tone,
    reports::{counted, object_name::object_name, sides},
};

/// The report of an apply to several namespaces.
#[derive(Clone, Debug)]
pub struct PartsApplyReport(Outcome);

impl From<Outcome> for PartsApplyReport {
    fn from(outcome: Outcome) -> Self {
        Self(outcome)
    }
}

impl PartsApplyReport {
    fn outcomes(&self) -> Vec<&ApplyOutcome> {
        self.0.parts.iter().map(|one| &one.outcome).collect()
    }

    fn is_dry_run(&self) -> bool {
        self.0.parts.iter().any(|one| one.outcome.dry_run)
    }

    /// Ctrl-C or a lost Lease, which stops all parts.
    fn interruption(&self) -> Option<&str> {
        self.outcomes().into_iter().find_map(interruption)
    }
}

impl Report for PartsApplyReport {
    const KIND: &'static str = "PartsApplyReport";

    fn page(&self, page: &mut Page) {
        let Outcome { snapshot, parts } = &self.0;
        let conclusion = self.0.conclusion();
        let went_back = parts.iter().any(|one| one.outcome.way_back.is_some());
        let (word, tone, says) = words::of(conclusion, self.is_dry_run(), went_back);
        let line = Line::default().with(tone, word).plain("  ");
        let places = counted(parts.len(), "namespace", "namespaces");
        page.title(
            sides::named(line, &snapshot.name, &snapshot.digest).plain(format!(" {says} {places}")),
        );
        page.line(counts(&self.outcomes()));
        if let (Conclusion::LeaseLost, Some(reason)) = (conclusion, self.interruption()) {
            page.line(Line::default().with(Tone::Bad, "Stopped: ").plain(reason.to_owned()));
        }
        // Who reads on wants to know, of each part, what was done where not all was.
        let is_whole =
            matches!(conclusion, Conclusion::Applied | Conclusion::Arrived | Conclusion::Unchanged);
        for PartOutcome { part, outcome } in parts {
            let part = part.as_ref().map(ToString::to_string).unwrap_or_default();
            let title = Line::default().plain("part ").with(Tone::Strong, part.clone());
            page.title(title.plain(format!(" → {}", outcome.target)));
            page.line(counts(&[outcome]));
            verification(outcome, page);
            if let Some(one) = &outcome.way_back {
                way_back::lines(one, page);
            }
            if let Some(look) = look(outcome) {
                page.line(format!("{look} --part {part}"));
            }
            let names_writes = !is_whole && !outcome.had_nothing_to_write();
            sections(outcome, names_writes && outcome.way_back.is_none(), page);
        }
    }

    /// Names of the objects that were written, behind their parts': `shop/deployment.apps/cart`.
    fn names(&self) -> Vec<String> {
        let of_part = |one: &PartOutcome| {
            let part = one.part.as_ref().map(|part| format!("{part}/")).unwrap_or_default();
            let writes = one.outcome.writes().into_iter();
            writes
                .map(|one| format!("{part}{}", object_name(one.kind, &one.name)))
                .collect::<Vec<_>>()
        };
        self.0.parts.iter().flat_map(of_part).collect()
    }
}

impl Serialize for PartsApplyReport {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Whole<'a> {
            snapshot: &'a str,
            digest: Digest,
            outcome: &'static str,
            #[serde(skip_serializing_if = "Option::is_none")]
            interruption: Option<&'a str>,
            parts: Vec<Part<'a>>,
        }
        #[derive(Serialize)]
        struct Part<'a> {
            part: Option<&'a PartName>,
            #[serde(flatten)]
            view: View<'a>,
        }
        impl<'a> Part<'a> {
            fn of(one: &'a PartOutcome) -> Self {
                // Why it stopped stands above.
                let view = View { interruption: None, ..View::of(&one.outcome) };
                Self { part: one.part.as_ref(), view }
            }
        }
        Whole {
            snapshot: &self.0.snapshot.name,
            digest: self.0.snapshot.digest,
            outcome: words::for_machines(self.0.conclusion(), self.is_dry_run()),
            interruption: self.interruption(),
            parts: self.0.parts.iter().map(Part::of).collect(),
        }
        .serialize(serializer)
    }
}
