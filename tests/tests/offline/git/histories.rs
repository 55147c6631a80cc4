//! Histories of every shape, and the order of their commits.

use end_to_end::{GitRepository, TestEnvironment, test};

use super::{relation, with_clone};

fn repository(environment: &TestEnvironment) -> GitRepository {
    GitRepository::init(&environment.path().join("shop"))
}

#[test]
fn a_line_of_commits_has_an_order() {
    let environment = TestEnvironment::new();
    let git = repository(&environment);
    let [one, two, three] = ["one", "two", "three"].map(|subject| git.commit("web", subject));
    let plugin = with_clone(&git, &[]);
    assert_eq!(relation(&plugin, &one, &three), "newer 2 0");
    assert_eq!(relation(&plugin, &three[..9], &one[..7]), "older 0 2");
    assert_eq!(relation(&plugin, &two, &format!("main-{}", &three[..8])), "newer 1 0");
}

#[test]
fn branches_diverge_until_they_are_merged() {
    let environment = TestEnvironment::new();
    let git = repository(&environment);
    let base = git.commit("web", "base");
    git.git(&["checkout", "--quiet", "-b", "feature"]);
    let feature = git.commit("feature", "feature");
    git.git(&["checkout", "--quiet", "main"]);
    let main = git.commit("web", "main");
    let plugin = with_clone(&git, &[]);
    assert_eq!(relation(&plugin, &main, &feature), "diverged 1 1");
    let merged = git.merge("feature");
    assert_eq!(relation(&plugin, &feature, &merged), "newer 2 0");
    assert_eq!(relation(&plugin, &merged, &base), "older 0 3");
}

#[test]
fn a_revert_is_newer_though_it_goes_back() {
    let environment = TestEnvironment::new();
    let git = repository(&environment);
    git.commit("web", "base");
    let wrong = git.commit("web", "wrong");
    git.git(&["revert", "--no-edit", "HEAD"]);
    let plugin = with_clone(&git, &[]);
    assert_eq!(relation(&plugin, &wrong, &git.head()), "newer 1 0");
}

#[test]
fn criss_cross_merges_have_diverged() {
    let environment = TestEnvironment::new();
    let git = repository(&environment);
    git.commit("base", "base");
    git.git(&["checkout", "--quiet", "-b", "left"]);
    let left = git.commit("left", "left");
    git.git(&["checkout", "--quiet", "-b", "right", "main"]);
    let right = git.commit("right", "right");
    let right_merged = git.merge(&left);
    git.git(&["checkout", "--quiet", "left"]);
    let left_merged = git.merge(&right);
    let plugin = with_clone(&git, &[]);
    assert_eq!(relation(&plugin, &left_merged, &right_merged), "diverged 1 1");
    assert_eq!(relation(&plugin, &left, &right_merged), "newer 2 0");
}

#[test]
fn a_rewritten_commit_is_another_one() {
    let environment = TestEnvironment::new();
    let git = repository(&environment);
    git.commit("web", "base");
    let before = git.commit("web", "as it was");
    git.git(&["commit", "--quiet", "--amend", "--message", "as it is"]);
    let plugin = with_clone(&git, &[]);
    assert_eq!(relation(&plugin, &before, &git.head()), "diverged 1 1");
}

#[test]
fn nothing_in_common_is_diverged_too() {
    let environment = TestEnvironment::new();
    let git = repository(&environment);
    let one = git.commit("web", "one");
    git.git(&["checkout", "--quiet", "--orphan", "other"]);
    let other = git.commit("web", "other");
    let plugin = with_clone(&git, &[]);
    assert_eq!(relation(&plugin, &one, &other), "diverged 1 1");
}

#[test]
fn clocks_have_no_say() {
    let environment = TestEnvironment::new();
    let git = repository(&environment);
    let one = git.commit("web", "one");
    // A day back, and a year ahead.
    git.step(-86_400);
    let two = git.commit("web", "two");
    git.git(&["checkout", "--quiet", "-b", "fast", &one]);
    git.step(31_536_000);
    let fast = git.commit("fast", "fast");
    git.git(&["checkout", "--quiet", "main"]);
    git.step(-40_000_000);
    let merged = git.merge("fast");
    git.step(-86_400);
    let last = git.commit("web", "last");
    let plugin = with_clone(&git, &[]);
    assert_eq!(relation(&plugin, &one, &two), "newer 1 0");
    assert_eq!(relation(&plugin, &two, &fast), "diverged 1 1");
    assert_eq!(relation(&plugin, &fast, &last), "newer 3 0");
    assert_eq!(relation(&plugin, &last, &merged), "older 0 1");
    // The same from a file that git wrote about the graph.
    git.git(&["commit-graph", "write", "--reachable"]);
    assert_eq!(relation(&plugin, &fast, &last), "newer 3 0");
}

#[test]
fn sha_256_is_read_as_well() {
    let environment = TestEnvironment::new();
    let path = environment.path().join("shop");
    let git = GitRepository::init_with(&path, &["--object-format=sha256"]);
    let [one, two] = ["one", "two"].map(|subject| git.commit("web", subject));
    assert_eq!(two.len(), 64);
    let plugin = with_clone(&git, &[]);
    assert_eq!(relation(&plugin, &one[..12], &two[..12]), "newer 1 0");
}

#[test]
fn replacements_change_nothing() {
    let environment = TestEnvironment::new();
    let git = repository(&environment);
    let [one, two, three] = ["one", "two", "three"].map(|subject| git.commit("web", subject));
    // Git itself now says that three has no parents.
    git.git(&["replace", "--graft", &three]);
    assert_eq!(git.git(&["rev-list", "--count", &three]), "1");
    let plugin = with_clone(&git, &[]);
    assert_eq!(relation(&plugin, &one, &three), "newer 2 0");
    assert_eq!(relation(&plugin, &two, &three), "newer 1 0");
}

#[test]
fn a_branch_that_is_called_like_a_commit_is_not_asked() {
    let environment = TestEnvironment::new();
    let git = repository(&environment);
    let [one, two] = ["one", "two"].map(|subject| git.commit("web", subject));
    git.git(&["branch", &one[..8], &two]);
    let plugin = with_clone(&git, &[]);
    assert_eq!(relation(&plugin, &one[..8], &two), "newer 1 0");
}

#[test]
fn a_linked_worktree_and_a_bare_repository_are_read() {
    let environment = TestEnvironment::new();
    let git = repository(&environment);
    let [one, two] = ["one", "two"].map(|subject| git.commit("web", subject));
    let linked = environment.path().join("linked");
    git.git(&["worktree", "add", "--quiet", linked.to_str().unwrap(), &one]);
    let bare = environment.path().join("bare.git");
    git.git(&["clone", "--quiet", "--bare", ".", bare.to_str().unwrap()]);
    for path in [linked, bare] {
        let plugin = with_clone(&GitRepository::at(&path), &[]);
        assert_eq!(relation(&plugin, &one, &two), "newer 1 0", "{}", path.display());
    }
}

#[test]
fn references_that_cannot_be_read_do_not_matter_for_ids() {
    let environment = TestEnvironment::new();
    let git = repository(&environment);
    let [one, two] = ["one", "two"].map(|subject| git.commit("web", subject));
    stand_in_for_reftable(&git);
    let plugin = with_clone(&git, &[]);
    assert_eq!(relation(&plugin, &one, &two), "newer 1 0");
}

/// Stands in for a repository that a git of 2.45 or later made: its configuration and files, but
/// for the tables themselves, which no reader of ids opens.
pub(super) fn stand_in_for_reftable(git: &GitRepository) {
    git.git(&["config", "core.repositoryFormatVersion", "1"]);
    git.git(&["config", "extensions.refStorage", "reftable"]);
    let folder = git.path().join(".git");
    std::fs::create_dir(folder.join("reftable")).unwrap();
    std::fs::write(folder.join("reftable/tables.list"), "").unwrap();
    std::fs::remove_dir_all(folder.join("refs")).unwrap();
    std::fs::create_dir(folder.join("refs")).unwrap();
    std::fs::write(folder.join("refs/heads"), "this repository uses the reftable format\n")
        .unwrap();
    std::fs::write(folder.join("HEAD"), "ref: refs/heads/.invalid\n").unwrap();
}
