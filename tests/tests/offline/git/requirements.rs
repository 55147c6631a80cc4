//! Requirements of commits, and downgrades, as policies are told of them.

use end_to_end::{GitRepository, TestEnvironment, test};

use super::{deployment, with_clone};

#[test]
fn a_requirement_of_a_commit_is_told_by_git() {
    let environment = TestEnvironment::new();
    let git = GitRepository::init(&environment.path().join("shop"));
    let [one, two, three] = ["one", "two", "three"].map(|subject| git.commit("tax", subject));
    let plugin = with_clone(&git, &[]);
    let requires = format!("kubectl-snapshot.dev/requires: 'tax @{}'", &two[..7]);
    let check = |tax: &str, code: i32| {
        let cart = deployment("cart", "1.8.0", &requires);
        plugin.write("set.yaml", format!("{cart}---\n{}", deployment("tax", tax, "")));
        let check = ["check", "./set.yaml", "--explain", "--store", "store"];
        plugin.plugin(check).exits(code).stdout
    };
    let met = check(&three, 0);
    assert!(met.contains(&format!("which is after {}", &two[..7])), "{met}");
    let unmet = check(&one, 3);
    assert!(unmet.contains(&format!("which is before {}", &two[..7])), "{unmet}");
    let open = check("deadbeef1", 4);
    assert!(open.contains("is not in git repository shop"), "{open}");
}
