//! Commands under faults, and what has to be true after each.

use std::{collections::BTreeMap, fmt::Write as _};

use end_to_end::{Cluster, Namespace, Output};
use serde_json::Value;

use super::{Run, random_sets};

/// A command under faults: it is run once through the faulty server, looked at, and run again.
pub(super) type Check = fn(&mut Place, &Run) -> Output;

/// Every command that is tried: its name, about as many requests as it makes, and the check.
pub(super) const SCENARIOS: &[(&str, u64, Check)] = &[
    ("apply", 40, apply),
    ("apply of what is broken", 60, broken),
    ("promote", 45, promote),
    ("capture", 12, |place, run| store(place, run, "capture c-N --from -")),
    ("rollback", 45, rollback),
    ("evidence add", 10, |place, run| store(place, run, "evidence add one --name e-N --passed")),
    ("gc", 14, gc),
    ("tag", 10, |place, run| store(place, run, "tag one t-N")),
    ("variables set", 6, |place, run| store(place, run, "variables set v-N A=b")),
    ("stage set", 6, |place, run| store(place, run, "stage set s-N --at s-N")),
    ("apply --undo", 30, undo),
    ("apply --resume", 40, resume),
    ("apply of a random set", 60, random_sets::apply),
    ("approve", 8, |place, run| store(place, run, "approve one --to prod --reason N")),
];

/// The version that no node can pull.
const BROKEN: u8 = 3;

/// Services of the shop, of which each version of the set has another image.
const SERVICES: usize = 4;

/// A namespace that goes from one set to the other and back.
pub(super) struct Place {
    namespace: Namespace,
    /// The version that runs whole.
    version: u8,
}

/// Version of each object, told from what the API server holds.
pub(super) type State = BTreeMap<String, String>;

impl Place {
    /// A namespace that runs the first set, whose store has both, and a stage.
    pub(super) fn new() -> Self {
        let namespace = Namespace::new(Cluster::shared(), "shop");
        namespace.apply(&manifests(1));
        for (name, version) in [("one", 1), ("two", 2), ("three", BROKEN)] {
            let capture = ["capture", name, "--from", "-"];
            namespace.plugin(capture).stdin(manifests(version)).succeeds();
        }
        let place = Self { namespace, version: 1 };
        let at = place.namespace.name().to_owned();
        place.succeeds(&format!("stage set prod --at {at}"));
        place.succeeds("promote one --to prod --yes");
        place
    }

    pub(super) fn namespace(&self) -> &Namespace {
        &self.namespace
    }

    fn succeeds(&self, line: &str) -> Output {
        self.namespace.plugin(line.split_whitespace()).succeeds()
    }

    fn faulty(&self, run: &Run, line: &str) -> Output {
        let words = line.split_whitespace().chain(["--request-timeout=3s"]);
        let invocation = self.namespace.plugin(words).stdin(manifests(self.version));
        run.through(invocation).run()
    }

    fn state(&self) -> State {
        let get = ["get", "deployments,configmaps", "-o", "json"];
        let list = self.namespace.kubectl(get).succeeds().json();
        let objects = list["items"].as_array().expect("a list has items").iter();
        let version = |object: &Value| {
            let image = object.pointer("/spec/template/spec/containers/0/image");
            let version = image.or_else(|| object.pointer("/data/version"))?.as_str()?;
            let name = format!("{} {}", text(&object["kind"]), text(&object["metadata"]["name"]));
            Some((name, version.rsplit(':').next()?.to_owned()))
        };
        objects.filter_map(version).collect()
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// Tag of a version: of no scheme, so that neither is a downgrade.
fn tag(version: u8) -> &'static str {
    match version {
        1 => "blue",
        2 => "red",
        BROKEN => "broken",
        _ => "green",
    }
}

/// The set of a version: Deployments, and a ConfigMap that one reads.
fn manifests(version: u8) -> String {
    let version = tag(version);
    let mut all = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {{name: shop}}\ndata: {{version: '{version}'}}\n"
    );
    for number in 0..SERVICES {
        let name = format!("service-{number}");
        let _ = write!(
            all,
            "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    spec:\n      containers:\n      - {{name: main, image: 'shop/{name}:{version}'}}\n"
        );
    }
    all
}

/// Claims of a report: the objects that were written and went back, and the failures in its words.
struct Claims {
    written: Vec<String>,
    restored: Vec<String>,
    unknown: String,
    left: Vec<String>,
}

fn claims(output: &Output) -> Option<Claims> {
    let report: Value = serde_json::from_str(&output.stdout).ok()?;
    let applied = report.get("applied").filter(|applied| applied.is_object()).unwrap_or(&report);
    let object = |one: &Value| format!("{} {}", text(&one["kind"]), text(&one["name"]));
    let objects = |list: &Value| list.as_array().into_iter().flatten().map(object).collect();
    applied["written"].as_array()?;
    let way_back = &applied["wayBack"];
    Some(Claims {
        written: objects(&applied["written"]),
        restored: objects(&way_back["restored"]),
        unknown: applied["failed"].to_string(),
        left: objects(&way_back["left"]),
    })
}

/// Holds a deployment's words against what the API server has.
fn hold(run: &Run, output: &Output, place: &Place, to: u8) {
    let state = place.state();
    let all = |version: u8| -> State {
        state.keys().map(|object| (object.clone(), tag(version).to_owned())).collect()
    };
    let say = || format!("{}\n{state:?}\n{}", run.what(), output.transcript());
    hold_states(output, &state, [&all(place.version), &all(to)], &say);
}

/// Holds a deployment's words against what the API server has, where it went from one state to
/// another.
pub(super) fn hold_states(
    output: &Output,
    state: &State,
    [from, to]: [&State; 2],
    say: &dyn Fn() -> String,
) {
    if output.exit == 0 {
        assert_eq!(state, to, "exit 0, and a mixture: {}", say());
        return;
    }
    if output.exit == 6 {
        assert_eq!(state, from, "rolled back, and not as before: {}", say());
    }
    let Some(claims) = claims(output) else {
        assert_eq!(state, from, "nothing is told, and something was written: {}", say());
        return;
    };
    for object in from.keys().chain(to.keys()) {
        let is_written = claims.written.contains(object) && !claims.restored.contains(object);
        // An answer that was lost, forward or on the way back, and the look for it as well.
        let is_unknown = claims.unknown.contains(&format!("whether {object} was written"))
            && !claims.restored.contains(object)
            || claims.left.contains(object);
        let told = if is_written { to } else { from };
        let as_told = state.get(object) == told.get(object);
        assert!(as_told || is_unknown, "{object} is {:?}: {}", state.get(object), say());
    }
}

/// The other version and its set.
fn other(place: &Place) -> (u8, &'static str) {
    if place.version == 1 { (2, "two") } else { (1, "one") }
}

fn whole(run: &Run, first: &Output, place: &mut Place, to: u8, line: &str) {
    if run.forever {
        // Nobody could give the lock back; it runs out in a minute, which no test waits for.
        place.namespace.kubectl(["delete", "leases", "--all"]).succeeds();
    }
    let output = place.namespace.plugin(line.split_whitespace()).run();
    let say = || format!("{}\n{}\n{}", run.what(), first.transcript(), output.transcript());
    assert_eq!(output.exit, 0, "the next run: {}", say());
    let state = place.state();
    assert!(state.values().all(|found| found == tag(to)), "{}: {state:?}", run.what());
    place.version = to;
}

fn apply(place: &mut Place, run: &Run) -> Output {
    let (to, set) = other(place);
    let line = format!("apply {set} --yes --timeout=20s -o json");
    let output = place.faulty(run, &line);
    hold(run, &output, place, to);
    whole(run, &output, place, to, &line);
    output
}

/// A set that is broken goes back, whatever fails on the way there or back; or it is told, and the next
/// run ends it.
fn broken(place: &mut Place, run: &Run) -> Output {
    let output = place.faulty(run, "apply three --yes --timeout=20s -o json");
    assert_ne!(output.exit, 0, "{}\n{}", run.what(), output.transcript());
    hold(run, &output, place, BROKEN);
    let (to, set) = (place.version, if place.version == 1 { "one" } else { "two" });
    whole(run, &output, place, to, &format!("apply {set} --yes --timeout=20s -o json"));
    output
}

fn promote(place: &mut Place, run: &Run) -> Output {
    let (to, set) = other(place);
    let line = format!("promote {set} --to prod --yes --timeout=20s -o json");
    let output = place.faulty(run, &line);
    hold(run, &output, place, to);
    records_hold(place, run, &output);
    whole(run, &output, place, to, &line);
    place.succeeds("history prod --verify");
    output
}

fn rollback(place: &mut Place, run: &Run) -> Output {
    let (to, set) = other(place);
    place.succeeds(&format!("promote {set} --to prod --yes"));
    let (from, to) = (to, place.version);
    place.version = from;
    let set = if to == 1 { "one" } else { "two" };
    let line = format!("rollback prod --to {set} --yes --reason fault --timeout=20s -o json");
    let output = place.faulty(run, &line);
    hold(run, &output, place, to);
    records_hold(place, run, &output);
    whole(run, &output, place, to, &line);
    place.succeeds("history prod --verify");
    output
}

/// Leaves an apply half done, as a run that was killed does: written, waited for in vain, not taken
/// back.
fn leave(place: &Place, set: &str) {
    let line = format!("apply {set} --yes --no-rollback --timeout=1s");
    let output = place.namespace.plugin(line.split_whitespace()).run();
    assert_ne!(output.exit, 0, "{}", output.transcript());
    assert!(place.state().values().all(|found| found == tag(BROKEN)), "{}", output.transcript());
}

/// A run that was left half done is taken back, whatever fails on the way; or the next run does it.
fn undo(place: &mut Place, run: &Run) -> Output {
    leave(place, "three");
    let line = "apply --undo --yes --timeout=20s -o json";
    let output = place.faulty(run, line);
    let (state, was) = (place.state(), tag(place.version));
    let say = || format!("{}\n{state:?}\n{}", run.what(), output.transcript());
    let is_undone = state.values().all(|found| found == was);
    assert!(output.exit != 0 || is_undone, "exit 0, and a mixture: {}", say());
    if let Ok(report) = serde_json::from_str::<Value>(&output.stdout) {
        let restored = &report["runs"][0]["parts"][0]["wayBack"]["restored"];
        for one in restored.as_array().into_iter().flatten() {
            let object = format!("{} {}", text(&one["kind"]), text(&one["name"]));
            assert_eq!(state[&object], was, "{object}: {}", say());
        }
    }
    if run.forever {
        place.namespace.kubectl(["delete", "leases", "--all"]).succeeds();
    }
    let again = place.namespace.plugin(line.split_whitespace()).run();
    // Its journal goes last: where that was done already, nothing is left to be undone.
    let is_over = again.stderr.contains("no run has been left half done");
    assert!(again.exit == 0 || is_over, "the next run: {}\n{}", say(), again.transcript());
    let state = place.state();
    assert!(state.values().all(|found| found == was), "{state:?}: {}", again.transcript());
    output
}

/// A run that was left half done goes on to a set that runs, or back, or it is told.
fn resume(place: &mut Place, run: &Run) -> Output {
    leave(place, "three");
    let output = place.faulty(run, "apply --resume --yes --timeout=20s -o json");
    // Nobody can pull its images, so that it ends in no other way than going back.
    assert_ne!(output.exit, 0, "{}\n{}", run.what(), output.transcript());
    let (to, set) = other(place);
    whole(run, &output, place, to, &format!("apply {set} --yes --timeout=20s -o json"));
    output
}

/// Holds the last record against what the command said: success is recorded only where it is told.
fn records_hold(place: &Place, run: &Run, output: &Output) {
    let history = place.namespace.plugin(["history", "prod", "-o", "json"]).succeeds().json();
    let last = &history["items"][0]["result"];
    if output.exit == 0 {
        assert_eq!(*last, "succeeded", "{}\n{}", run.what(), output.transcript());
    }
}

/// A command that writes to the store alone: after it, and after the next run, the same question
/// has the answer of a store in which nothing ever failed.
fn store(place: &mut Place, run: &Run, line: &str) -> Output {
    let line = line.replace('N', &run.number.to_string());
    let output = place.faulty(run, &line);
    let again =
        place.namespace.plugin(line.split_whitespace()).stdin(manifests(place.version)).run();
    let say = || format!("{}\n{}\n{}", run.what(), output.transcript(), again.transcript());
    // A name that the first run took is taken, whatever became of its answer.
    let is_there = again.exit == 5 && again.stderr.contains("already");
    assert!(again.exit == 0 || is_there, "the next run: {}", say());
    let name = format!("-{}", run.number);
    for (kind, list) in [("c", "list"), ("t", "list"), ("v", "variables list"), ("s", "stage list")]
    {
        let wanted = format!("{kind}{name}");
        if line.split_whitespace().any(|word| word == wanted) {
            let names = place.succeeds(&format!("{list} -o name")).stdout;
            assert!(names.lines().any(|found| found.ends_with(&wanted)), "{wanted}: {}", say());
        }
    }
    place.succeeds("describe one");
    output
}

/// Collection of garbage takes nothing that a snapshot needs.
fn gc(place: &mut Place, run: &Run) -> Output {
    let extra = format!("x-{}", run.number);
    let manifests = manifests(9).replace("shop/", &format!("shop-{}/", run.number));
    place.namespace.plugin(["capture", &extra, "--from", "-"]).stdin(manifests).succeeds();
    place.succeeds(&format!("delete {extra}"));
    let output = place.faulty(run, "gc --grace 0s");
    place.succeeds("gc --grace 0s");
    for set in ["one", "two"] {
        place.succeeds(&format!("get {set} -o json"));
    }
    output
}
