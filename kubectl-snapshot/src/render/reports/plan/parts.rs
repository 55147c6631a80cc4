//! Report of the plans for a set in parts.

use serde::Serialize;
use snapshot_core::plan::Plans;

use super::{amounts, sections};
use crate::render::{
    Line, Page, Report, Tone,
    reports::{counted, object_name::object_name, sides},
};

/// The writes to each of several namespaces.
#[derive(Clone, Debug, Serialize)]
#[serde(transparent)]
pub struct PartsPlan(Plans);

impl From<Plans> for PartsPlan {
    fn from(plans: Plans) -> Self {
        Self(plans)
    }
}

impl Report for PartsPlan {
    const KIND: &'static str = "PartsPlan";

    fn page(&self, page: &mut Page) {
        let Self(plans) = self;
        let parts = counted(plans.parts().len(), "namespace", "namespaces");
        page.title(
            sides::named(Line::default(), &plans.snapshot, &plans.digest)
                .plain(format!(" → {parts}")),
        );
        page.line(amounts(plans.parts().iter().map(|one| &one.plan)));
        for one in plans.parts() {
            let part = one.part.as_ref().map(ToString::to_string).unwrap_or_default();
            let title = Line::default().plain("part ").with(Tone::Strong, part);
            page.title(title.plain(format!(" → {}", one.plan.target)));
            page.line(amounts([&one.plan]));
            sections(&one.plan, page);
        }
    }

    /// Names of the objects that would be written, behind their parts': `shop/deployment.apps/cart`.
    fn names(&self) -> Vec<String> {
        let parts = self.0.parts().iter();
        let of_part = |one: &snapshot_core::plan::PartPlan| {
            let part = one.part.as_ref().map(|part| format!("{part}/")).unwrap_or_default();
            let steps = one.plan.steps.iter();
            steps
                .map(|step| format!("{part}{}", object_name(step.kind, &step.name)))
                .collect::<Vec<_>>()
        };
        parts.flat_map(of_part).collect()
    }
}
