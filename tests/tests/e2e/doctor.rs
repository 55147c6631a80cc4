//! What is wrong, found: damage made with kubectl, users with few rights, no
//! cluster at all.

mod damaged;
mod rights;

use std::fmt::Write as _;

use end_to_end::{Cluster, Folder, Namespace, Output, fixture};
use regex::Regex;

use crate::shop::{self, DEV};

/// What was found, a line each, without the versions of this machine's programs.
fn findings(output: &Output) -> String {
    let report = output.json();
    assert_eq!(report["kind"], "DoctorReport");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = String::new();
    for one in report["findings"].as_array().unwrap() {
        let about = text(&one["about"]);
        if ["plugin", "kubectl", "cluster", "cache"].contains(&about.as_str())
            && one["condition"] == "ok"
        {
            continue;
        }
        let (condition, message) = (text(&one["condition"]), text(&one["message"]));
        let _ = writeln!(lines, "{condition} {about}: {message}");
        if let Some(hint) = one["hint"].as_str() {
            let _ = writeln!(lines, "    {hint}");
        }
    }
    let chunks = Regex::new("chunks: [0-9]+").unwrap();
    let lines = chunks.replace_all(&lines, "chunks: [count]").into_owned();
    let fact = Regex::new(r"evidence\.[0-9a-f]{40}\.[0-9a-f]{16}").unwrap();
    let lines = fact.replace_all(&lines, "evidence.[fact]").into_owned();
    Cluster::shared().redaction().apply(&lines)
}

/// What the doctor says of one thing.
fn about(output: &Output, about: &str) -> String {
    let all = findings(output);
    let begins = |line: &&str| line.split_once(' ').is_some_and(|(_, it)| it.starts_with(about));
    all.lines().filter(begins).collect::<Vec<_>>().join("\n")
}

fn doctor(place: &Namespace, flags: &str) -> end_to_end::Invocation {
    place.plugin(["doctor", "-o", "json"].into_iter().chain(flags.split_whitespace()))
}

#[test]
fn where_nothing_is_wrong_it_says_so() {
    let dev = shop::running("dev", &fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1"));
    insta::assert_snapshot!("no_store_yet", findings(&doctor(&dev, "").succeeds()));
    dev.plugin(["capture", "rel-42"]).succeeds();
    dev.plugin(["variables", "set", "dev", "DB_HOST=db.dev"]).succeeds();
    let set = ["stage", "set", "dev", "--at", dev.name(), "--variables", "dev"];
    dev.plugin(set).succeeds();
    dev.plugin(["evidence", "add", "rel-42", "--name", "e2e", "--passed", "--at", "dev"])
        .succeeds();
    dev.plugin(["promote", "rel-42", "--to", "dev", "--yes"]).succeeds();
    let report = doctor(&dev, "").succeeds();
    insta::assert_snapshot!("nothing_wrong", findings(&report));
    let report = report.json();
    let permissions = report["permissions"].as_array().unwrap();
    assert!(permissions.len() > 10 && permissions.iter().all(|one| one["may"] == true));
    let table = dev.plugin(["doctor"]).succeeds().stdout;
    for part in ["CHECK", "PERMISSIONS", "capture", "Nothing is wrong."] {
        assert!(table.contains(part), "{part}: {table}");
    }
    if let Some(requests) = dev.requests() {
        let ours = requests.iter().filter(|one| one.user_agent.starts_with("kubectl-snapshot/"));
        let mut asked = ours.filter_map(|request| request.object_ref.as_ref());
        assert!(asked.all(|object| object.resource != "secrets"));
    }
}

#[test]
fn without_a_cluster_it_looks_at_the_rest() {
    let folder = Folder::new(Cluster::shared());
    let plugin = |line: &str| {
        let plugin = Cluster::shared().plugin(line.split_whitespace());
        plugin.env("KUBECONFIG", "/nowhere").current_dir(folder.path())
    };
    insta::assert_snapshot!("no_cluster", findings(&plugin("doctor -o json").exits(1)));
    plugin("capture rel-42 --from - --store store").stdin(fixture(DEV)).succeeds();
    let files = plugin("doctor --store store -o json");
    insta::assert_snapshot!("no_cluster_and_files", findings(&files.succeeds()));
    folder.write("store/stages/qa.json", "{\"namespace\": \"qa\", \"after\": \"dev\"}");
    folder.write("store/policies/ours.json", "half of it");
    let broken = plugin("doctor --store store -o json").exits(1);
    insta::assert_snapshot!("broken_files", findings(&broken));
    let unreachable = plugin("doctor -o json --server https://127.0.0.1:1").exits(1);
    assert!(about(&unreachable, "cluster").starts_with("problem cluster: "), "{unreachable}");
}

#[test]
fn the_environment_and_the_programs_are_looked_at() {
    let dev = Namespace::new(Cluster::shared(), "dev");
    let set =
        doctor(&dev, "").env("KUBECTL_SNAPSHOT_STORES", "a").env("KUBECTL_SNAPSHOT_STORE", "b");
    insta::assert_snapshot!("environment", about(&set.succeeds(), "environment"));
    let without = doctor(&dev, "").env("PATH", "/nowhere").succeeds();
    insta::assert_snapshot!("no_kubectl", about(&without, "kubectl"));
    // A cache that others may write to is not used, and that is said.
    let folder = Folder::new(dev.cluster());
    folder.write("kubectl-snapshot/policies/x.compiled", "x");
    let chmod = ["777", "kubectl-snapshot/policies"];
    dev.cluster().command("chmod", chmod).current_dir(folder.path()).succeeds();
    let open = doctor(&dev, "").env("XDG_CACHE_HOME", folder.path()).succeeds();
    assert!(about(&open, "cache").contains("is not private to this user"), "{}", findings(&open));
}
