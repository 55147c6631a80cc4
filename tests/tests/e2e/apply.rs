//! `apply`: what is written, what never is, and how
//! each kind of failure ends.

mod failing;
mod pinning;
mod pruning;
mod refused;
mod restarted_server;
mod restarting;
mod scaled;
mod story;
mod verifying;
mod waves;
mod writing;

use end_to_end::Namespace;

/// The names of the ConfigMaps that a run keeps until its end.
const JOURNAL: &str = " configmaps kubectl-snapshot-journal.";

/// Writes of the plugin to a namespace, locks, journals and dry runs aside, each as `verb resource
/// name` and sorted.
fn writes(place: &Namespace) -> Vec<String> {
    let mut writes: Vec<_> = every_write(place)
        .into_iter()
        .filter(|write| !write.contains(" leases ") && !write.contains(JOURNAL))
        .filter(|write| !write.ends_with("(dry run)"))
        .collect();
    writes.sort();
    writes
}

/// Writes of the plugin with locks and dry runs, in order.
fn every_write(place: &Namespace) -> Vec<String> {
    let requests = place.requests();
    let by_plugin = requests.iter().filter(|one| one.user_agent.starts_with("kubectl-snapshot"));
    let writes = by_plugin.filter(|request| request.writes()).filter_map(|request| {
        let object = request.object_ref.as_ref().filter(|o| o.namespace == place.name())?;
        // What is created is named in the body, which the log does not hold.
        let name = if object.name.is_empty() { "?" } else { &object.name };
        let dry = if request.is_dry_run() { " (dry run)" } else { "" };
        Some(format!("{} {} {name}{dry}", request.verb, object.resource))
    });
    writes.collect()
}

/// Asserts that the plugin has written nothing at all to a namespace.
#[track_caller]
pub(crate) fn assert_untouched(place: &Namespace) {
    assert_eq!(every_write(place), Vec::<String>::new());
}
