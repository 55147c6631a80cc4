//! Findings of the doctor: damage made with kubectl, users with few rights, no cluster at
//! all.

mod damaged;
mod rights;

use end_to_end::{Cluster, Folder, Namespace, about, findings, fixture, test};

use crate::shop::{self, DEV};

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
    let requests = dev.requests();
    let ours = requests.iter().filter(|one| one.user_agent.starts_with("kubectl-snapshot/"));
    let mut asked = ours.filter_map(|request| request.object_ref.as_ref());
    assert!(asked.all(|object| object.resource != "secrets"));
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
