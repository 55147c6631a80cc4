//! The list of repositories in a store.

use end_to_end::{GitRepository, TestEnvironment, test};

const STORE: [&str; 2] = ["--store", "store"];

fn run(environment: &TestEnvironment, arguments: &[&str], code: i32) -> end_to_end::Output {
    environment.plugin(arguments.iter().chain(&STORE).copied()).exits(code)
}

#[test]
fn repositories_are_added_listed_and_removed() {
    let environment = TestEnvironment::new();
    let url = "https://github.com/shop/shop.git";
    insta::assert_snapshot!("none", run(&environment, &["repositories", "list"], 0));
    let add = ["repositories", "add", "shop/*", "gateway", "--url", url];
    let add = [&add[..], &["--path", "services/{service}"]].concat();
    insta::assert_snapshot!("add", run(&environment, &add, 0));
    let tax = ["repositories", "add", "tax", "--url", "git@github.com:finance/tax.git"];
    run(&environment, &[&tax[..], &["--branch", "release"]].concat(), 0);
    insta::assert_snapshot!("list", run(&environment, &["repositories", "list"], 0));
    let json = run(&environment, &["repositories", "list", "-o", "json"], 0).json();
    assert_eq!(json["items"][0]["for"], serde_json::json!(["shop/*", "gateway"]));
    let again = ["repositories", "add", "cart", "--url", "https://github.com/other/shop.git"];
    insta::assert_snapshot!("taken", run(&environment, &again, 5));
    run(&environment, &[&again[..], &["--force"]].concat(), 0);
    run(&environment, &["repositories", "remove", "shop"], 0);
    insta::assert_snapshot!("absent", run(&environment, &["repositories", "remove", "shop"], 1));
    let names = run(&environment, &["repositories", "list", "-o", "name"], 0);
    assert_eq!(names.stdout, "tax\n");
}

#[test]
fn credentials_do_not_get_into_a_store() {
    let environment = TestEnvironment::new();
    let url = "https://ada:hunter2@github.com/shop/shop.git";
    let refused =
        environment.plugin(["repositories", "add", "tax", "--url", url, "--store", "store"]);
    let refused = refused.exits(2);
    assert!(refused.stderr.contains("it holds credentials"), "{refused}");
    assert!(!environment.path().join("store").exists());
}

#[test]
fn a_clone_of_the_users_is_left_alone() {
    let environment = TestEnvironment::new();
    let git = GitRepository::init(&environment.path().join("shop"));
    git.commit("web", "one");
    run(&environment, &["repositories", "add", "shop/*", "--clone", "shop"], 0);
    let update = run(&environment, &["repositories", "update"], 0);
    assert!(update.stderr.contains("is a clone of your own, which is left alone"), "{update}");
    assert_eq!(run(&environment, &["repositories", "update", "shopp"], 1).exit, 1);
}
