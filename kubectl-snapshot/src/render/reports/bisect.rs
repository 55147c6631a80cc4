//! Report of a bisection: what breaks the command.

use serde::Serialize;
use snapshot_core::bisect;

use crate::render::{Cell, Column, Page, Report, Table, Tone, page::Fit};

/// Findings of a bisection.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct BisectReport(pub bisect::Report);

impl Report for BisectReport {
    const KIND: &'static str = "BisectReport";

    fn page(&self, page: &mut Page) {
        let found = &self.0;
        page.line(found.summary.clone());
        let mut culprits = Table::new([
            Column::new("CULPRIT", Fit::Wrap),
            Column::new("SURE", Fit::Whole),
            Column::new("ALONE", Fit::Whole),
        ])
        .meaning("Changes that break the command together, and whether they alone were seen to.");
        for one in &found.culprits {
            let members: Vec<String> = one.members.iter().map(|block| block.join(" or ")).collect();
            let alone = if one.alone {
                Cell::toned(Tone::Bad, "fails")
            } else {
                Cell::toned(Tone::Caution, "not run")
            };
            culprits.row([members.join(" + ").into(), format!("{} %", one.sure).into(), alone]);
        }
        page.section("culprits", culprits);
        let mut candidates =
            Table::new([Column::new("CANDIDATE", Fit::Wrap), Column::new("ODDS", Fit::Whole)])
                .meaning("What may be it, where that could not be told.");
        for one in &found.candidates {
            candidates.row([Cell::from(one.units.join(" or ")), format!("{} %", one.odds).into()]);
        }
        page.section("candidates", candidates);
        let mut runs = Table::new([
            Column::new("RUN", Fit::Whole),
            Column::new("CHANGES", Fit::Whole),
            Column::new("RESULT", Fit::Whole),
            Column::new("EXIT CODE", Fit::Whole),
            Column::new("MIX", Fit::Whole).droppable(),
        ])
        .meaning("The runs of the command, in their order.");
        for (number, one) in found.trials.iter().enumerate() {
            let result = match (one.green, one.remembered) {
                (true, false) => Cell::toned(Tone::Good, "green"),
                (false, false) => Cell::toned(Tone::Bad, "red"),
                (true, true) => Cell::toned(Tone::Good, "green before"),
                (false, true) => Cell::toned(Tone::Bad, "red before"),
            };
            runs.row([
                (number + 1).to_string().into(),
                format!("{} of {}", one.units, found.units).into(),
                result,
                one.exit_code.to_string().into(),
                one.digest.short().into(),
            ]);
        }
        page.section("runs", runs);
        let mut blocked =
            Table::new([Column::new("CHANGES", Fit::Whole), Column::new("NOT RUN", Fit::Wrap)]);
        for one in &found.blocked {
            let units = format!("{} of {}", one.units, found.units);
            blocked.row([Cell::from(units), one.reason.clone().into()]);
        }
        page.section("refused", blocked);
    }

    fn names(&self) -> Vec<String> {
        let members = self.0.culprits.iter().flat_map(|one| one.members.concat());
        members.collect()
    }
}
