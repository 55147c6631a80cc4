//! Order of versions by git, where sets run: in plans, and as policies are told.

use end_to_end::{Cluster, Folder, GitRepository, Namespace, test};

/// A Deployment of web at a commit.
fn web(commit: &str) -> String {
    format!(
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: web}}\nspec:\n  \
         selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    \
         spec:\n      containers:\n      - {{name: web, image: 'registry.example/shop/web:{commit}'}}\n"
    )
}

#[test]
fn a_downgrade_by_git_is_in_the_plan_and_policies_are_told() {
    let prod = Namespace::new(Cluster::shared(), "prod");
    let folder = Folder::new(prod.cluster());
    let git = GitRepository::init(&folder.path().join("web"));
    let [one, _, three] = ["one", "two", "three"].map(|subject| git.commit("web", subject));
    prod.apply(&web(&three));
    prod.wait_rollouts();
    let add = ["repositories", "add", "web", "--clone", "web"];
    prod.plugin(add).current_dir(folder.path()).succeeds();
    let list = prod.plugin(["repositories", "list"]).succeeds().stdout;
    assert!(list.contains("web") && list.contains("a clone"), "{list}");
    folder.write("old.yaml", web(&one));
    folder.write("new.yaml", web(&git.commit("web", "four")));

    let run = |words: &[&str], exit: i32| {
        prod.plugin(words.iter().copied()).current_dir(folder.path()).exits(exit)
    };
    let diff = run(&["diff", "live", "./old.yaml"], 1);
    assert!(diff.stdout.contains("▼ older by 2 commits"), "{diff}");
    let plan = run(&["apply", "./old.yaml", "--dry-run=client"], 0);
    assert!(plan.stdout.contains("web goes back by 2 commits: "), "{plan}");
    let plan = run(&["apply", "./new.yaml", "--dry-run=client"], 0);
    assert!(!plan.stdout.contains("goes back"), "{plan}");

    let place = prod.name();
    run(&["stage", "set", "prod", "--at", place], 0);
    run(&["capture", "old", "--from", "./old.yaml"], 0);
    run(&["capture", "new", "--from", "./new.yaml"], 0);
    // What else the ladder asks for is of no interest here.
    let promote =
        |name: &str| prod.plugin(["promote", name, "--to", "prod", "--dry-run=client"]).run();
    let refused = promote("old");
    assert!(refused.stdout.contains("would go back"), "{refused}");
    let newer = promote("new");
    for code in ["downgrade", "order-unknown", "version-diverged"] {
        assert!(!newer.stdout.contains(code), "{newer}");
    }
}
