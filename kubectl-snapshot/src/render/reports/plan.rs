//! Report of a plan: the writes of an apply.

mod owners;
mod parts;

use snapshot_core::{
    diff::Presence,
    plan::{Action, Blocked, FlagSwitch, ObjectName, Plan, Restart, Step},
};

pub use parts::PartsPlan;

use super::{
    counted::listed,
    fields::{Field, fields},
    object_name::object_name,
    sides,
};
use crate::render::{Cell, Column, Line, Page, Report, Table, Tone, page::Fit};

impl Report for Plan {
    const KIND: &'static str = "Plan";

    fn page(&self, page: &mut Page) {
        page.title(
            sides::named(Line::default(), &self.snapshot, &self.digest)
                .plain(format!(" → {}", self.target)),
        );
        page.line(amounts([self]));
        sections(self, page);
    }

    /// Names of the objects that would be written.
    fn names(&self) -> Vec<String> {
        self.steps.iter().map(|step| object_name(step.kind, &step.name)).collect()
    }
}

fn sections(plan: &Plan, page: &mut Page) {
    page.section("blocked", blocked(&plan.blocked));
    page.section("cannot be switched", notes(&plan.unswitchable));
    page.section("writes", steps(&plan.steps));
    page.section("flags", switches(&plan.switches));
    page.section_with_remark("left alone", "the set does not have it", leftovers(&plan.leftovers));
    page.section("owners", owners::owners(&plan.owners));
    page.section("notes", notes(&plan.notes));
}

/// `3 to change, 1 to create; 1 left alone`.
fn amounts<'a>(plans: impl IntoIterator<Item = &'a Plan>) -> String {
    let plans: Vec<&Plan> = plans.into_iter().collect();
    let steps = |is: &dyn Fn(&Step) -> bool| {
        plans.iter().flat_map(|plan| &plan.steps).filter(|one| is(one)).count()
    };
    let sum = |of: fn(&Plan) -> usize| plans.iter().map(|plan| of(plan)).sum::<usize>();
    let writes = listed([
        (
            steps(&|step| matches!(step.action, Action::Patch { .. }) && !restarts_alone(step)),
            "object to change",
            "objects to change",
        ),
        (steps(&restarts_alone), "workload to restart", "workloads to restart"),
        (
            steps(&|step| matches!(step.action, Action::Create { .. })),
            "object to create",
            "objects to create",
        ),
        (
            steps(&|step| matches!(step.action, Action::Remove { .. })),
            "object to remove",
            "objects to remove",
        ),
        (sum(|plan| plan.switches.len()), "flag to switch", "flags to switch"),
    ]);
    let others = listed([
        (
            sum(|plan| plan.unswitchable.len()),
            "flag that cannot be switched",
            "flags that cannot be switched",
        ),
        (
            sum(|plan| plan.blocked.len()),
            "change that the API would refuse",
            "changes that the API would refuse",
        ),
        (sum(|plan| plan.leftovers.len()), "object left alone", "objects left alone"),
    ]);
    let writes = if writes.is_empty() { "nothing to write".to_owned() } else { writes.join(", ") };
    std::iter::once(writes).chain(others).collect::<Vec<_>>().join("; ")
}

/// The restart that a step makes of what has read something at its start.
fn restart(step: &Step) -> Option<&Restart> {
    match &step.action {
        Action::Patch { change, .. } => change.restart.as_ref(),
        Action::Create { .. } | Action::Remove { .. } => None,
    }
}

/// True of a step that changes nothing, and has pods made anew.
fn restarts_alone(step: &Step) -> bool {
    step.fields.is_empty() && restart(step).is_some()
}

fn steps(steps: &[Step]) -> Table {
    let mut table =
        Table::headless([Column::new("FIELD", Fit::Middle), Column::new("CHANGE", Fit::Middle)])
            .grouped_by("OBJECT");
    for step in steps {
        let (mark, word) = match step.action {
            Action::Create { .. } => (Presence::Added, "create "),
            Action::Patch { .. } if restarts_alone(step) => (Presence::Changed, "restart "),
            Action::Patch { .. } => (Presence::Changed, "change "),
            Action::Remove { .. } => (Presence::Removed, "remove "),
        };
        let title = Line::default().with(mark.into(), word).plain(format!("{} ", step.kind));
        table.group(mark, title.with(Tone::Strong, step.name.clone()));
        table.extend(
            fields(step.kind, &[&step.name], &step.fields).into_iter().map(Field::into_cells),
        );
        if let Some(restart) = restart(step) {
            let reads = format!("reads {} at its start", restart.reads.join(", "));
            table.row([Cell::from("new pods".to_owned()), reads.into()]);
        }
    }
    table
}

/// A row for each flag that is switched, and where.
fn switches(switches: &[FlagSwitch]) -> Table {
    let mut table = Table::headless([
        Column::new("FLAG", Fit::Middle),
        Column::new("CHANGE", Fit::Middle),
        Column::new("WHERE", Fit::Middle),
    ]);
    table.extend(switches.iter().map(|one| {
        [
            Cell::from(one.flag.clone()),
            Cell::change(Some(one.from.clone()), Some(one.to.clone())),
            format!("in {}", one.system).into(),
        ]
    }));
    table
}

fn blocked(blocked: &[Blocked]) -> Table {
    let mut table =
        Table::headless([Column::new("OBJECT", Fit::Middle), Column::new("REASON", Fit::Wrap)]);
    for one in blocked {
        let object = Cell::toned(Tone::Bad, format!("{} {}", one.kind, one.name));
        table.row([object, one.reason.clone().into()]);
    }
    table
}

fn leftovers(leftovers: &[ObjectName]) -> Table {
    let mut table = Table::headless([Column::new("OBJECT", Fit::Middle)]);
    table.extend(leftovers.iter().map(|one| [Cell::from(format!("{} {}", one.kind, one.name))]));
    table
}

fn notes(notes: &[String]) -> Table {
    let mut table = Table::headless([Column::new("NOTE", Fit::Wrap)]);
    table.extend(notes.iter().map(|note| [Cell::from(note.clone())]));
    table
}
