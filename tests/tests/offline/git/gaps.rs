//! Gaps: never an order, always a sentence with the command that helps.

use std::fs;

use end_to_end::{GitRepository, TestEnvironment, test};

use super::{compare_as, relation, with_clone};

fn repository(environment: &TestEnvironment) -> (GitRepository, [String; 3]) {
    let git = GitRepository::init(&environment.path().join("shop"));
    let commits = ["one", "two", "three"].map(|subject| git.commit("web", subject));
    (git, commits)
}

fn clone(git: &GitRepository, flags: &[&str], environment: &TestEnvironment) -> GitRepository {
    let to = environment.path().join("clone");
    let from = format!("file://{}", git.path().display());
    let clone = ["clone", "--quiet"];
    git.git(&[&clone[..], flags, &[&from, to.to_str().unwrap()]].concat());
    GitRepository::at(&to)
}

#[test]
fn nobody_has_named_a_repository() {
    let environment = TestEnvironment::new();
    insta::assert_snapshot!("no_repository", compare_as(&environment, "3f2a91c", "7d1f0c9", &[]));
}

#[test]
fn the_clone_is_gone() {
    let environment = TestEnvironment::new();
    let (git, [one, _, three]) = repository(&environment);
    let plugin = with_clone(&git, &[]);
    fs::remove_dir_all(git.path()).unwrap();
    let said = compare_as(&plugin, &one, &three, &[]);
    assert!(said.stdout.contains("the clone of git repository shop is not at "), "{said}");
    assert!(said.stderr.contains("hint: clone it there, or name another place: "), "{said}");
}

#[test]
fn a_shallow_clone_is_refused() {
    let environment = TestEnvironment::new();
    let (git, [_, two, three]) = repository(&environment);
    let shallow = clone(&git, &["--depth=2"], &environment);
    let plugin = with_clone(&shallow, &[]);
    let said = compare_as(&plugin, &two, &three, &[]);
    assert!(said.stdout.contains("git repository shop is a shallow clone"), "{said}");
    assert!(said.stderr.contains("hint: fetch the whole history with: git -C "), "{said}");
    assert!(said.stderr.contains("clone fetch --unshallow"), "{said}");
    shallow.git(&["fetch", "--quiet", "--unshallow"]);
    assert_eq!(relation(&plugin, &two, &three), "newer 1 0");
}

#[test]
fn a_commit_that_is_not_there_is_unknown_and_not_older() {
    let environment = TestEnvironment::new();
    let (git, [_, _, three]) = repository(&environment);
    let plugin = with_clone(&git, &[]);
    insta::assert_snapshot!("not_found", compare_as(&plugin, &three, "deadbeef1", &[]));
    assert_eq!(relation(&plugin, "deadbeef1", &three), "unknown");
}

#[test]
fn a_history_with_a_hole_is_no_history() {
    let environment = TestEnvironment::new();
    let (git, [one, two, three]) = repository(&environment);
    let plugin = with_clone(&git, &[]);
    git.lose(&two);
    let said = compare_as(&plugin, &one, &three, &[]);
    assert!(said.stdout.contains("? order unknown"), "{said}");
    assert!(said.stdout.contains("the history in git repository shop is incomplete"), "{said}");
    assert!(said.stdout.contains(&two), "{said}");
    assert!(said.stderr.contains("fsck --connectivity-only"), "{said}");
}

#[test]
fn objects_that_were_borrowed_are_missed_by_name() {
    let environment = TestEnvironment::new();
    let (git, [one, _, three]) = repository(&environment);
    let to = environment.path().join("borrower");
    let from = git.path().to_str().unwrap();
    git.git(&["clone", "--quiet", "--shared", from, to.to_str().unwrap()]);
    let plugin = with_clone(&GitRepository::at(&to), &[]);
    assert_eq!(relation(&plugin, &one, &three), "newer 2 0");
    fs::rename(git.path(), environment.path().join("moved")).unwrap();
    let said = compare_as(&plugin, &one, &three, &[]);
    assert!(said.stdout.contains("git repository shop borrows objects from "), "{said}");
    assert!(said.stdout.contains("shop/.git/objects, which is not there"), "{said}");
    assert!(said.stderr.contains("hint: bring that folder back"), "{said}");
}

#[test]
fn a_clone_without_trees_knows_the_order() {
    let environment = TestEnvironment::new();
    let (git, [one, _, three]) = repository(&environment);
    git.git(&["config", "uploadpack.allowFilter", "true"]);
    let partial = clone(&git, &["--bare", "--filter=tree:0"], &environment);
    // Whoever asked the server now would be told nothing.
    fs::rename(git.path(), environment.path().join("away")).unwrap();
    let plugin = with_clone(&partial, &[]);
    assert_eq!(relation(&plugin, &one, &three), "newer 2 0");
    let plugin = with_clone(&partial, &["--path", "services/{service}"]);
    let said = compare_as(&plugin, &one, &three, &["--log"]);
    assert!(said.stdout.contains("commits of all paths: "), "{said}");
    assert!(said.stdout.contains("three"), "{said}");
}

#[test]
fn what_is_no_repository_is_said_when_it_is_added() {
    let environment = TestEnvironment::new();
    environment.write("notes/readme", "no repository");
    let add = ["repositories", "add", "tax", "--clone", "notes", "--store", "store"];
    let said = environment.plugin(add).succeeds();
    assert!(said.stderr.contains("git repository notes cannot be read"), "{said}");
    assert!(said.stderr.contains("log -1"), "{said}");
}
