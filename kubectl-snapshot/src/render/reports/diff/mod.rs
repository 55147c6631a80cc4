//! Report of a diff.

mod config_maps;
mod evidence;
mod flags;
mod notes;
mod overview;
mod parts;
mod routes;
mod summary;
mod workloads;

use snapshot_core::diff::{Diff, Gaps, ObjectDiff, Presence, RequirementDiff, VariableDiff};

use super::{
    counted,
    fields::{Field, fields},
    meanings,
    object_name::object_name,
    sides, value,
};
use crate::render::{Cell, Column, Line, Page, Report, Row, Table, Tone, page::Fit};

pub(super) use flags::{stands_for_itself, state};
pub(super) use summary::sentence as summary_of;

impl Report for Diff {
    const KIND: &'static str = "Diff";

    fn page(&self, page: &mut Page) {
        page.overview(overview::of(self));
        page.title(sides::from_to(&self.from, &self.to));
        page.line(summary::sentence(self));
        if !self.services.is_empty() {
            page.line(Line::from(format!("only {}", self.services.join(", "))));
        }
        sections(self, page);
    }

    fn names(&self) -> Vec<String> {
        names(self)
    }
}

/// `order of 3 images unknown: no git repository is known for tax, for one`.
fn sentence_of(Gaps { first, images }: Gaps<'_>) -> String {
    let more = if images > 1 { ", for one" } else { "" };
    format!("order of {} unknown: {first}{more}", counted(images, "image", "images"))
}

/// The tables of a diff.
fn sections(diff: &Diff, page: &mut Page) {
    page.section("services", workloads::table(&diff.instances));
    for gaps in diff.gaps() {
        page.line(Line::default().with(Tone::Unknown, sentence_of(gaps)));
    }
    page.section("commits", notes::table(&diff.notes));
    page.section("config maps", config_maps::table(&diff.config_maps));
    page.section("flags", flags::table(&diff.flags));
    page.section("requirements", requirements(&diff.requirements));
    page.section("routes", routes::table(&diff.routes));
    page.section("other objects", objects(&diff.objects));
    page.section_with_remark(
        "variables",
        "which belong to the place, not to the set",
        variables(&diff.variables),
    );
    if let Some(evidence) = &diff.evidence {
        evidence::sections(evidence, page);
    }
}

/// Names of all that differs, by kind.
fn names(diff: &Diff) -> Vec<String> {
    let instances = diff.instances.iter().map(|one| object_name(one.kind, one.instance.workload()));
    let config_maps = diff.config_maps.iter().map(|one| format!("configmap/{}", one.name));
    let routes = diff.routes.iter().map(|one| object_name(one.kind, &one.name));
    let objects = diff.objects.iter().map(|one| object_name(one.kind, &one.name));
    let flags = diff.flags.iter().map(|one| format!("flag/{}", one.key));
    instances.chain(config_maps).chain(routes).chain(objects).chain(flags).collect()
}

fn requirements(differences: &[RequirementDiff]) -> Table {
    let mut table = Table::headless([
        Column::new("DEPENDENT", Fit::Instance),
        Column::new("REQUIRES", Fit::Middle),
    ])
    .meaning("What a service or flag needs of another one, where that is new or gone.");
    for one in differences {
        let presence = if one.added { Presence::Added } else { Presence::Removed };
        let requires = Cell::toned(presence.into(), format!("requires {}", one.requirement));
        table.row(Row::new([one.dependent.clone().into(), requires]).marked(presence));
    }
    table
}

fn objects(differences: &[ObjectDiff]) -> Table {
    let mut table =
        Table::headless([Column::new("FIELD", Fit::Middle), Column::new("CHANGE", Fit::Middle)])
            .grouped_by("OBJECT")
            .meaning("Entries of the platform that belong to the services.");
    for one in differences {
        table.group(one.change, Line::from(format!("{} {}", one.kind, one.name)));
        table.extend(fields(one.kind, &[], &one.fields).into_iter().map(Field::into_cells));
    }
    table
}

fn variables(differences: &[VariableDiff]) -> Table {
    let mut table =
        Table::headless([Column::new("VARIABLE", Fit::Middle), Column::new("CHANGE", Fit::Middle)])
            .meaning(meanings::VARIABLES);
    for one in differences {
        let values = |values: &[String]| {
            Some(values.iter().map(|text| value::shown_text(text)).collect::<Vec<_>>().join(", "))
        };
        let change = Cell::change(values(&one.before), values(&one.after));
        table.row(Row::new([one.name.clone().into(), change]).marked(Presence::Changed));
    }
    table
}
