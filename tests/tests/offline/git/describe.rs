//! Ages of the commits of a set, and how far behind the branch they are.

use end_to_end::{GitRepository, TestEnvironment, test};

use super::{histories::stand_in_for_reftable, set, with_clone};

#[test]
fn each_image_says_how_old_it_is_and_how_far_behind() {
    let environment = TestEnvironment::new();
    let git = GitRepository::init(&environment.path().join("shop"));
    let [one, _, three] = ["one", "two", "three"].map(|subject| git.commit("web", subject));
    git.git(&["checkout", "--quiet", "-b", "hotfix", &one]);
    let hotfix = git.commit("web", "hotfix");
    git.git(&["checkout", "--quiet", "main"]);
    let plugin = with_clone(&git, &[]);
    set(&plugin, "set.yaml", &[("cart", &one), ("tax", &three), ("web", &hotfix)]);
    let describe = ["describe", "./set.yaml", "--store", "store", "-o", "json"];
    let json = plugin.plugin(describe).succeeds().json();
    let positions: Vec<String> = json["commits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!("{} {} {} {}", one["service"], one["branch"], one["behind"], one["ahead"])
        })
        .collect();
    assert_eq!(positions, [r#""cart" "main" 2 0"#, r#""tax" "main" 0 0"#, r#""web" "main" 2 1"#]);
    let table = plugin.plugin(["describe", "./set.yaml", "--store", "store"]).succeeds().stdout;
    for text in
        ["2 commits behind main", "head of main", "1 commit not on main, 2 behind it", "hotfix"]
    {
        assert!(table.contains(text), "{table}");
    }
    let page = ["describe", "./set.yaml", "--store", "store", "-o", "html"];
    assert!(plugin.plugin(page).succeeds().stdout.contains("head of main"));
}

#[test]
fn a_branch_that_cannot_be_read_is_left_open() {
    let environment = TestEnvironment::new();
    let git = GitRepository::init(&environment.path().join("shop"));
    let one = git.commit("web", "one");
    stand_in_for_reftable(&git);
    let plugin = with_clone(&git, &[]);
    set(&plugin, "set.yaml", &[("web", &one)]);
    let describe = ["describe", "./set.yaml", "--store", "store", "-o", "json"];
    let json = plugin.plugin(describe).succeeds().json();
    assert_eq!(json["commits"][0]["subject"], "one");
    assert!(json["commits"][0].get("branch").is_none(), "{json}");
}
