//! The stages.

use serde::Serialize;
use snapshot_core::{pin::Pin, stage::Stage, via::Via};

use crate::render::{Cell, Column, Page, Report, Table, page::Fit};

/// The stages, each after those before it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct StageList {
    items: Vec<Stage>,
}

impl StageList {
    /// The stages, in the order in which they are to be shown.
    #[must_use]
    pub fn new(items: Vec<Stage>) -> Self {
        Self { items }
    }
}

impl Report for StageList {
    const KIND: &'static str = "StageList";

    fn page(&self, page: &mut Page) {
        let mut table = Table::new([
            Column::new("STAGE", Fit::Whole),
            Column::new("AFTER", Fit::End),
            Column::new("NAMESPACE", Fit::Whole),
            Column::new("CONTEXT", Fit::Middle),
            Column::new("VARIABLES", Fit::Middle),
            Column::new("PIN", Fit::Whole),
            Column::new("VIA", Fit::Whole),
        ]);
        for stage in &self.items {
            let after: Vec<&str> = stage.after.iter().map(AsRef::as_ref).collect();
            for (line, (part, at)) in stage.namespaces.iter().enumerate() {
                let namespace = match part {
                    Some(part) => format!("{part}={}", at.namespace),
                    None => at.namespace.clone(),
                };
                let context = Cell::or_none(at.context.as_deref());
                // What is true of the stage stands beside its first namespace.
                table.row(if line == 0 {
                    [
                        stage.name.to_string().into(),
                        Cell::or_none((!after.is_empty()).then(|| after.join(", ")).as_deref()),
                        namespace.into(),
                        context,
                        Cell::or_none(stage.variables.as_ref().map(AsRef::as_ref)),
                        Cell::or_none(stage.pin.map(Pin::name)),
                        Cell::or_none(stage.via.map(Via::name)),
                    ]
                } else {
                    let nothing = || Cell::from(String::new());
                    let [first, after, variables, pin, via] = std::array::from_fn(|_| nothing());
                    [first, after, namespace.into(), context, variables, pin, via]
                });
            }
        }
        page.table(table);
    }

    fn names(&self) -> Vec<String> {
        self.items.iter().map(|stage| stage.name.to_string()).collect()
    }
}
