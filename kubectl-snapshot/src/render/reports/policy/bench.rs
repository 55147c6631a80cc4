//! Report of a policy's benchmark.

use snapshot_core::policy::Benchmark;

use crate::render::reports::amounts::{size, time};
use crate::render::{Cell, Column, Line, Page, Report, Table, Tone, page::Fit};

impl Report for Benchmark {
    const KIND: &'static str = "PolicyBenchmark";

    fn page(&self, page: &mut Page) {
        page.title(Line::default().with(Tone::Strong, self.policy.clone()).plain(format!(
            "  {}, {} rounds each",
            size(self.bytes),
            self.rounds
        )));
        page.line(format!(
            "ready in {} when it is compiled already, in {} the first time",
            time(self.start),
            time(self.compile)
        ));
        let mut table = Table::new([
            Column::new("SERVICES", Fit::Whole),
            Column::new("MEDIAN", Fit::Whole),
            Column::new("WORST", Fit::Whole),
            Column::new("MEMORY", Fit::Whole),
            Column::new("ANSWER", Fit::Wrap),
        ]);
        for row in &self.sizes {
            let answer = match &row.undecided {
                Some(reason) => Cell::toned(Tone::Unknown, format!("undecided: {reason}")),
                None if row.findings == 1 => "1 finding".into(),
                None => format!("{} findings", row.findings).into(),
            };
            table.row([
                row.services.to_string().into(),
                time(row.median).into(),
                time(row.worst).into(),
                size(row.peak_memory).into(),
                answer,
            ]);
        }
        page.table(table);
    }

    fn names(&self) -> Vec<String> {
        vec![self.policy.clone()]
    }
}
