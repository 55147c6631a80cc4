//! Golden documents: what version 0.1.0 wrote as `v1alpha1`, for every later version to read.

use serde_json::{Value, json};

use crate::{Invocation, fixture};

/// Folder of the golden documents among the fixtures.
pub const GOLDEN: &str = "golden/v1alpha1";

/// Digest of the small golden snapshot, one service.
const SMALL: &str = "sha256:a82b7ccf1003e2fe9b10fd026a1eb84900a68f39f1b376b62a56d545c5a1108f";

/// Digest of the rich one: the shop of the story, with variables, flags and objects.
const RICH: &str = "sha256:e4352adf36d732b26475f0f096a6ea02df35efef51b7b06d0d4e5acaf0a7e146";

/// Fails where a golden store is not read as it was written. `plugin` runs a command line on it.
///
/// # Panics
/// There.
#[track_caller]
pub fn assert_reads_golden(plugin: impl Fn(&str) -> Invocation) {
    let read = |line: &str| plugin(line).succeeds().json();
    let find = |items: &Value, key: &str, value: &str| -> Value {
        let items = items.as_array().expect("a list has items");
        let found = items.iter().find(|item| item[key] == value);
        found.unwrap_or_else(|| panic!("no {key} {value} in {items:?}")).clone()
    };
    let listed = read("list -o json")["items"].clone();
    for (name, digest) in [("small", SMALL), ("rich", RICH)] {
        assert_eq!(find(&listed, "digest", digest)["metadata"]["name"], name);
        let document = read(&format!("get {name} -o json"));
        assert_eq!(document["metadata"]["digest"], digest);
        let golden = fixture(&format!("{GOLDEN}/directory/snapshots/{name}.json"));
        let golden: Value = serde_json::from_str(&golden).expect("a document is JSON");
        assert_eq!(document["spec"], golden["spec"], "{name}");
    }

    let stage = find(&read("stage list -o json")["items"], "name", "prod");
    assert_eq!((&stage["namespace"], &stage["variables"]), (&json!("prod"), &json!("prod")));
    assert_eq!(stage["after"], json!(["dev"]));
    let variables = find(&read("variables list -o json")["items"], "name", "prod");
    assert_eq!(variables["values"], json!({"DB_HOST": "orders.db.internal"}));
    let policy = find(&read("policy list -o json")["items"], "name", "semver-major");
    assert_eq!((&policy["mode"], &policy["stages"]), (&json!("warn"), &json!(["prod"])));

    let facts = read("evidence list rich -o json")["items"].clone();
    assert_eq!(facts.as_array().map(Vec::len), Some(3), "{facts}");
    assert_eq!(find(&facts, "name", "p95")["value"], "120ms");
    assert_eq!(find(&facts, "name", "e2e")["link"], "https://ci.example/7");
    assert_eq!(find(&facts, "kind", "approval")["outcome"], "passed");

    let records = read("history prod -o json")["items"].clone();
    let decided = find(&records, "event", "decided");
    assert_eq!((&decided["decision"], &decided["verdict"]), (&json!("approved"), &json!("warn")));
    assert_eq!(
        (&decided["reason"], &decided["snapshot"]["digest"]),
        (&json!("sprint 12"), &json!(RICH))
    );
    assert_eq!(find(&records, "event", "ended")["result"], "succeeded");
    plugin("history --verify").succeeds();
}
