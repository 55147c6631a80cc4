//! Differences of each workload.

use snapshot_core::{
    diff::{EnvDiff, ImageDiff, InstanceDiff, NamedContainer, Presence},
    version::Order,
};

use crate::render::{
    Cell, Column, Line, Row, Table, Tone,
    page::{Fit, Span},
    reports::{
        counted,
        fields::fields,
        images::{self, shortened},
        value,
    },
};

/// A group for each workload, a row for each difference.
pub(super) fn table(instances: &[InstanceDiff]) -> Table {
    let mut table = Table::headless([
        Column::new("WHAT", Fit::Whole),
        Column::new("NAME", Fit::Middle),
        Column::new("CHANGE", Fit::Middle),
    ])
    .grouped_by("WORKLOAD")
    .meaning(
        "Each program that differs. newer and older say which way its version moves; diverged: \
         each side has changes that the other lacks; order unknown: the versions do not tell. \
         An image is a version of a program, env a setting that it is started with.",
    );
    for instance in instances {
        let title = Line::default()
            .with(Tone::Strong, format!("{}/{}", instance.service, instance.instance));
        table.group(instance.change, title.with(Tone::Muted, format!("  {}", instance.kind)));
        table.extend(rows(instance));
    }
    table
}

fn rows(instance: &InstanceDiff) -> impl Iterator<Item = Row> + '_ {
    let images = instance.images.iter().map(|one| image_row(instance, one));
    let added =
        instance.containers_added.iter().map(|one| container_row(instance, one, Presence::Added));
    let removed = instance
        .containers_removed
        .iter()
        .map(|one| container_row(instance, one, Presence::Removed));
    let environment = instance.environment.iter().map(|one| env_row(instance, one));
    let known = [instance.service.as_str(), instance.instance.workload()];
    let fields = fields(instance.kind, &known, &instance.fields).into_iter().map(|field| {
        let [path, change] = field.into_cells();
        Row::new(["field".into(), path, change])
    });
    images.chain(added).chain(removed).chain(environment).chain(fields)
}

/// Name in a container, with the container's name where that says more than the workload's.
fn name_in(instance: &InstanceDiff, container: &str, name: &str) -> String {
    let known = container == instance.service || container == instance.instance.workload();
    if known { name.to_owned() } else { format!("{container}: {name}") }
}

fn image_row(instance: &InstanceDiff, one: &ImageDiff) -> Row {
    let images = images::compare(&one.before, &one.after);
    let change = Cell::Change {
        before: Some(images.before),
        after: Some(images.after),
        remark: Some(Span::new(one.order.into(), remark(one))),
    };
    let name = match images.repository {
        Some(repository) => name_in(instance, &one.container, &repository),
        None => one.container.clone(),
    };
    Row::new(["image".into(), name.into(), change])
}

/// `▲ newer by 2 commits`, `◆ diverged: 3 commits new, 1 missing`, `? order unknown`.
fn remark(one: &ImageDiff) -> String {
    let word = order_word(one.order);
    let commits = |count: usize| counted(count, "commit", "commits");
    match (one.order, one.ahead, one.behind) {
        (Order::Newer, Some(ahead), _) => format!("{word} by {}", commits(ahead)),
        (Order::Older, _, Some(behind)) => format!("{word} by {}", commits(behind)),
        (Order::Diverged, Some(ahead), Some(behind)) => {
            format!("{word}: {} new, {behind} missing", commits(ahead))
        }
        _ => word.to_owned(),
    }
}

/// Order of a version relative to another, with its mark and in a word.
pub(super) fn order_word(order: Order) -> &'static str {
    match order {
        Order::Same => "= same",
        Order::Newer => "▲ newer",
        Order::Older => "▼ older",
        Order::Diverged => "◆ diverged",
        Order::Unknown => "? order unknown",
    }
}

fn container_row(instance: &InstanceDiff, one: &NamedContainer, presence: Presence) -> Row {
    let image = shortened(&one.image);
    // All containers of an added workload are added: only what they run is news.
    if instance.change == presence {
        return Row::new(["image".into(), name_in(instance, &one.name, &image).into(), "".into()]);
    }
    let name = Cell::toned(presence.into(), format!("{}: {image}", one.name));
    Row::new(["container".into(), name, "".into()]).marked(presence)
}

fn env_row(instance: &InstanceDiff, one: &EnvDiff) -> Row {
    let change = Cell::change(
        one.before.as_ref().map(value::shown_env),
        one.after.as_ref().map(value::shown_env),
    );
    Row::new(["env".into(), name_in(instance, &one.container, &one.name).into(), change])
}
