//! Runs that have not come to their end, and what takes back what they wrote.

use end_to_end::{Cluster, Fault, FaultyApiServer, Folder, Namespace, test, wait_for};

use super::{
    BROKEN, image, killed::EXPIRED, left::leaves_at_once, objects, running, service, services,
};

const OLD: [(&str, &str); 2] = [("cart", "1.0.0"), ("tax", "1.0.0")];
const NEW: [(&str, &str); 2] = [("cart", "2.0.0"), ("tax", "2.0.0")];

/// The journals that are kept in a namespace.
fn journals(place: &Namespace) -> String {
    let journals = ["get", "configmaps", "-l", "kubectl-snapshot.dev/part=journal", "-o", "name"];
    place.kubectl(journals).succeeds().stdout
}

/// Kills an apply of a file at its write of that number, and lets its Lease run out.
fn kill_at(place: &Namespace, folder: &Folder, arguments: &[&str], step: usize) {
    let mut patches = 0;
    let server = FaultyApiServer::new(Cluster::shared(), move |request| {
        let writes = request.writes_by("PATCH") || request.writes_by("DELETE");
        let is_ours = !request.target.contains("journal") && !request.target.contains("/leases/");
        patches += usize::from(writes && is_ours);
        (writes && is_ours && patches >= step).then_some(Fault::Silent)
    });
    let run = place.plugin(arguments.iter().copied()).current_dir(folder.path());
    let run = run.through(&server).start();
    wait_for("the journal", || (!journals(place).is_empty()).then_some(()));
    std::thread::sleep(std::time::Duration::from_millis(700));
    run.kill();
    let _ = run.finish_unread();
    let expire = ["patch", "lease", "kubectl-snapshot", "--type=merge", "-p", EXPIRED];
    place.kubectl(expire).succeeds();
}

#[test]
fn what_a_killed_run_has_written_is_taken_back() {
    let prod = running("prod", &services(&[OLD[0], OLD[1], ("other", "1.0.0")]));
    let folder = Folder::new(Cluster::shared());
    folder.write("next.yaml", services(&[NEW[0], NEW[1], ("new", "1.0.0")]));
    let before = objects(&prod);
    // Two ConfigMaps and two Deployments are changed, one of each is created.
    for step in 1..=4 {
        kill_at(&prod, &folder, &["apply", "./next.yaml", "--yes"], step);
        let told = prod.plugin(["doctor"]).run().stdout;
        assert!(told.contains(&format!("apply --undo -n {}", prod.name())), "{told}");
        let shown = prod.plugin(["apply", "--undo", "--dry-run=client"]).succeeds();
        assert!(shown.stdout.contains("what ran before ./next.yaml"), "{}", shown.transcript());
        let undone = prod.plugin(["apply", "--undo", "--yes"]).succeeds();
        assert!(undone.stdout.contains("verified"), "{}", undone.transcript());
        assert_eq!(objects(&prod), before, "killed at {step}");
        assert_eq!(journals(&prod), "");
        assert!(!prod.plugin(["doctor"]).run().stdout.contains("killed"));
    }
    let nothing = prod.plugin(["apply", "--undo", "--yes"]).exits(1);
    assert!(nothing.stderr.contains("no run has been left half done"), "{}", nothing.transcript());
}

#[test]
fn an_undoing_is_told() {
    let prod = running("prod", &service("cart", "1.0.0"));
    let folder = Folder::new(Cluster::shared());
    folder.write("next.yaml", service("cart", "2.0.0") + &service("new", "1.0.0"));
    // The ConfigMaps are written, and no Deployment is.
    kill_at(&prod, &folder, &["apply", "./next.yaml", "--yes"], 2);
    let undone = prod.plugin(["apply", "--undo", "--yes"]).succeeds();
    let shown = undone.to_string();
    insta::assert_snapshot!("undone", shown.split_once("-- stderr --").unwrap().0);
    kill_at(&prod, &folder, &["apply", "./next.yaml", "--yes"], 2);
    let undone = prod.plugin(["apply", "--undo", "--yes", "-o", "json"]).succeeds().json();
    let run = &undone["runs"][0];
    assert_eq!((undone["kind"].as_str(), &run["isUndone"]), (Some("UndoReport"), &true.into()));
    assert_eq!(run["parts"][0]["wayBack"]["restored"].as_array().unwrap().len(), 4);
    prod.plugin(["apply", "--undo", "--yes"]).exits(1);
}

#[test]
fn a_killed_run_is_gone_on_with() {
    let prod = running("prod", &services(&OLD));
    let folder = Folder::new(Cluster::shared());
    prod.plugin(["capture", "next", "--from", "-"]).stdin(services(&NEW)).succeeds();
    kill_at(&prod, &folder, &["apply", "next", "--yes"], 3);
    // Of another set it is said what was under way.
    let other = prod.plugin(["apply", "next", "--dry-run=client"]).run();
    let says = "has not come to its end: it may be half done";
    assert!(other.stderr.contains(says), "{}", other.transcript());
    let resumed = prod.plugin(["apply", "--resume", "--yes"]).succeeds();
    assert!(resumed.stderr.contains("going on with next"), "{}", resumed.transcript());
    assert!(image(&prod, "cart").ends_with("2.0.0") && image(&prod, "tax").ends_with("2.0.0"));
    assert_eq!(journals(&prod), "");
    // A set that is in no store is to be named again.
    folder.write("back.yaml", services(&OLD));
    kill_at(&prod, &folder, &["apply", "./back.yaml", "--yes"], 3);
    prod.plugin(["apply", "--resume", "--yes"]).exits(1);
    let next = prod.plugin(["apply", "./back.yaml", "--yes"]).current_dir(folder.path()).succeeds();
    assert!(next.stderr.contains(says), "{}", next.transcript());
    assert_eq!(journals(&prod), "");
}

#[test]
fn what_was_left_where_a_rollout_failed_can_be_taken_back_later() {
    let prod = running("prod", &services(&OLD));
    let folder = Folder::new(Cluster::shared());
    let before = objects(&prod);
    folder.write("next.yaml", services(&[("cart", "2.0.0"), ("tax", BROKEN)]));
    let apply = ["apply", "./next.yaml", "--yes", "--no-rollback"];
    prod.plugin(apply).current_dir(folder.path()).exits(1);
    assert!(prod.plugin(["doctor"]).run().stdout.contains("has not come to its end in namespace"));
    prod.plugin(["apply", "--undo", "--yes"]).succeeds();
    assert_eq!(objects(&prod), before);
    // What goes back by itself leaves nothing to undo.
    prod.plugin(["apply", "./next.yaml", "--yes"]).current_dir(folder.path()).exits(6);
    assert_eq!(journals(&prod), "");
    prod.plugin(["apply", "--undo", "--yes"]).exits(1);
}

#[test]
fn what_others_have_written_since_stays_and_can_be_undone_by_nobody() {
    let prod = running("prod", &services(&OLD));
    let folder = Folder::new(Cluster::shared());
    folder.write("next.yaml", services(&NEW));
    kill_at(&prod, &folder, &["apply", "./next.yaml", "--yes"], 4);
    prod.kubectl(["scale", "deployment", "cart", "tax", "--replicas=3"]).succeeds();
    let theirs = "cart=registry.example/shop/cart:1.9.0";
    prod.kubectl(["set", "image", "deployment/cart", theirs]).succeeds();
    let output = prod.plugin(["apply", "--undo", "--yes"]).exits(5);
    let says = "Deployment cart was changed by someone else since";
    assert!(output.stdout.contains(says), "{}", output.transcript());
    assert!(image(&prod, "cart").ends_with("1.9.0") && image(&prod, "tax").ends_with("1.0.0"));
    assert_ne!(journals(&prod), "");
    // Whoever brings a set there ends it.
    prod.plugin(["apply", "./next.yaml", "--yes"]).current_dir(folder.path()).succeeds();
    assert_eq!(journals(&prod), "");
}

#[test]
fn what_others_have_put_into_what_was_created_stays() {
    let prod = running("prod", &services(&OLD));
    let folder = Folder::new(Cluster::shared());
    folder.write("next.yaml", services(&[OLD[0], NEW[1], ("new", "1.0.0")]));
    kill_at(&prod, &folder, &["apply", "./next.yaml", "--yes"], 2);
    let theirs = r#"{"data": {"mine": "1"}}"#;
    prod.kubectl(["patch", "configmap", "new-rates", "--type=merge", "-p", theirs]).succeeds();
    let output = prod.plugin(["apply", "--undo", "--yes"]).exits(5);
    let says = "ConfigMap new-rates was changed by someone else since";
    assert!(output.stdout.contains(says), "{}", output.transcript());
    assert!(output.stderr.contains("which ends this"), "{}", output.transcript());
    let mine = ["get", "configmap", "new-rates", "-o", "jsonpath={.data.mine}"];
    assert_eq!(prod.kubectl(mine).succeeds().stdout, "1");
    assert!(image(&prod, "tax").ends_with("1.0.0"));
}

#[test]
fn runs_that_were_left_one_after_the_other_are_all_undone() {
    let prod = running("prod", &services(&OLD));
    let folder = Folder::new(Cluster::shared());
    let before = objects(&prod);
    // What ran in between never gets ready.
    for (name, tag) in [("two.yaml", BROKEN), ("three.yaml", "3.0.0-broken")] {
        folder.write(name, services(&[("cart", tag), OLD[1]]));
        let file = format!("./{name}");
        let apply = ["apply", &file, "--yes", "--no-rollback", "--timeout=2s"];
        let output = prod.plugin(apply).current_dir(folder.path()).run();
        assert!([1, 7].contains(&output.exit), "{}", output.transcript());
    }
    assert_eq!(journals(&prod).lines().count(), 2);
    let told = prod.plugin(["doctor"]).run().stdout;
    assert!(told.contains("./three.yaml"), "{told}");
    let shown = prod.plugin(["apply", "--undo", "--dry-run=client"]).succeeds();
    assert!(shown.stderr.contains("1 older run is left half done"), "{}", shown.transcript());
    let undone = prod.plugin(["apply", "--undo", "--yes", "-o", "json"]).succeeds().json();
    let of_run = |at: usize| undone["runs"][at]["run"]["snapshot"].as_str();
    assert_eq!([of_run(0), of_run(1)], [Some("./three.yaml"), Some("./two.yaml")]);
    assert_eq!(objects(&prod), before);
    assert_eq!(journals(&prod), "");
}

#[test]
fn what_is_left_at_once_can_be_taken_back() {
    let prod = running("prod", &services(&OLD));
    let before = objects(&prod);
    let output = leaves_at_once(&prod);
    assert_ne!(journals(&prod), "", "{}", output.transcript());
    // Whoever leaves at once may not have given the lock back.
    let expire = ["patch", "lease", "kubectl-snapshot", "--type=merge", "-p", EXPIRED];
    prod.kubectl(expire).succeeds();
    prod.plugin(["apply", "--undo", "--yes"]).succeeds();
    assert_eq!(objects(&prod), before);
}

#[test]
fn a_killed_promotion_is_undone_by_the_records_too() {
    let prod = running("prod", &services(&OLD));
    let folder = Folder::new(Cluster::shared());
    for (name, set) in [("one", &OLD), ("two", &NEW)] {
        prod.plugin(["capture", name, "--from", "-"]).stdin(services(set)).succeeds();
    }
    prod.plugin(["stage", "set", "prod", "--at", prod.name()]).succeeds();
    prod.plugin(["promote", "one", "--to", "prod", "--yes"]).succeeds();
    let before = objects(&prod);
    let promote = ["promote", "two", "--to", "prod", "--yes"];
    kill_at(&prod, &folder, &promote, 3);
    prod.plugin(["apply", "--undo", "--yes"]).succeeds();
    assert_eq!(objects(&prod), before);
    let history = prod.plugin(["history", "prod", "-o", "json"]).succeeds().json();
    assert_eq!(history["items"][0]["verification"], "rolled-back");
    prod.plugin(["history", "prod", "--verify"]).succeeds();
    kill_at(&prod, &folder, &promote, 3);
    prod.plugin(["apply", "--resume", "--yes"]).succeeds();
    assert!(image(&prod, "cart").ends_with("2.0.0"));
    let history = prod.plugin(["history", "prod", "-o", "json"]).succeeds().json();
    assert_eq!(history["items"][0]["result"], "succeeded");
}
