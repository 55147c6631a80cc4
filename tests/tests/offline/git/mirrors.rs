//! Mirrors: fetched by the user's own git, and only when asked.

use std::fs;

use end_to_end::{GitRepository, TestEnvironment, test};

use super::{compare_as, relation};

/// A repository that is served as a file, and a store that names it.
fn served(flags: &[&str]) -> (TestEnvironment, GitRepository, [String; 2]) {
    let environment = TestEnvironment::new();
    let git = GitRepository::init(&environment.path().join("shop"));
    git.git(&["config", "uploadpack.allowFilter", "true"]);
    let commits = ["one", "two"].map(|subject| git.commit("services/web/main.rs", subject));
    let url = format!("file://{}", git.path().display());
    let add = ["repositories", "add", "shop/*", "--url", &url, "--store", "store"];
    let added = environment.plugin(add.iter().chain(flags).copied()).succeeds();
    let hint = "hint: fetch it with: kubectl snapshot repositories update shop\n";
    assert!(added.stderr.contains(hint), "{added}");
    (environment, git, commits)
}

fn update(environment: &TestEnvironment) {
    let update = ["repositories", "update", "--store", "store"];
    let updated = environment.plugin(update).succeeds();
    assert_eq!(updated.stdout, "repository/shop fetched\n");
}

#[test]
fn nothing_is_fetched_before_somebody_asks() {
    let (environment, git, [one, two]) = served(&[]);
    insta::assert_snapshot!("not_fetched", compare_as(&environment, &one, &two, &[]));
    update(&environment);
    assert_eq!(relation(&environment, &one, &two), "newer 1 0");
    let three = git.commit("services/web/main.rs", "three");
    let stale = compare_as(&environment, &two, &three, &[]);
    assert!(stale.stdout.contains(&format!("commit {three} is not in git repository shop")));
    assert!(stale.stderr.contains("kubectl snapshot repositories update shop"), "{stale}");
    update(&environment);
    assert_eq!(relation(&environment, &two, &three), "newer 1 0");
}

#[test]
fn a_branch_that_was_rewritten_keeps_what_it_was_until_git_forgets_it() {
    let (environment, git, [one, two]) = served(&[]);
    update(&environment);
    git.git(&["commit", "--quiet", "--amend", "--message", "two again"]);
    let again = git.head();
    update(&environment);
    assert_eq!(relation(&environment, &two, &again), "diverged 1 1");
    assert_eq!(relation(&environment, &one, &again), "newer 1 0");
}

#[test]
fn paths_are_known_where_somebody_asks_for_them() {
    let (environment, _git, [one, two]) = served(&[]);
    update(&environment);
    let url = format!("file://{}", environment.path().join("shop").display());
    let path = ["--path", "services/{service}", "--force", "--store", "store"];
    let add = ["repositories", "add", "shop/*", "--url", &url];
    environment.plugin(add.iter().chain(&path).copied()).succeeds();
    let log = compare_as(&environment, &one, &two, &["--log"]);
    assert!(log.stdout.contains("commits of all paths"), "{log}");
    update(&environment);
    let log = compare_as(&environment, &one, &two, &["--log"]);
    assert!(!log.stdout.contains("commits of all paths"), "{log}");
    assert!(log.stdout.contains("services/web of shop"), "{log}");
}

#[test]
fn a_server_that_is_away_is_said_with_gits_own_words() {
    let (environment, git, [one, two]) = served(&[]);
    update(&environment);
    fs::rename(git.path(), environment.path().join("moved")).unwrap();
    let update = ["repositories", "update", "--store", "store"];
    let failed = environment.plugin(update).exits(1);
    assert!(failed.stderr.contains("git repository shop cannot be fetched: "), "{failed}");
    assert!(failed.stderr.contains("hint: it is your own git that fetches"), "{failed}");
    // What is here already still tells.
    assert_eq!(relation(&environment, &one, &two), "newer 1 0");
}

#[test]
fn no_transport_that_runs_a_program_is_used() {
    let environment = TestEnvironment::new();
    let add = ["repositories", "add", "shop/*", "--url", "ext::sh -c 'touch pwned'"];
    environment.plugin(add.into_iter().chain(["--store", "store"])).exits(2);
    // Somebody else wrote the store by hand.
    environment.write("store/repositories/shop.json", r#"{"url": "ext::sh -c touch% pwned"}"#);
    let update = ["repositories", "update", "--store", "store"];
    environment.plugin(update).exits(1);
    assert!(!environment.path().join("pwned").exists());
}
