//! Sets in parts: the order of their commits, and what one part requires of another.

use end_to_end::{GitRepository, TestEnvironment, assert_stands_alone, test};

use super::{deployment, with_clone};

/// A repository of two services, of which each commit touches one or the other.
struct Shop {
    plugin: TestEnvironment,
    commits: [String; 4],
    _folder: TestEnvironment,
}

impl Shop {
    fn new() -> Self {
        let folder = TestEnvironment::new();
        let git = GitRepository::init(&folder.path().join("shop"));
        let commits = [
            ("services/cart/main.rs", "Begin"),
            ("services/tax/main.rs", "Tax: round half to even"),
            ("services/cart/main.rs", "Cart: show the tax"),
            ("services/tax/main.rs", "Tax: know Norway"),
        ]
        .map(|(file, subject)| git.commit(file, subject));
        let plugin = with_clone(&git, &["--path", "services/{service}"]);
        Self { plugin, commits, _folder: folder }
    }

    /// Writes a set of a cart in `shop` and a tax in each of these namespaces, at commits.
    fn set(&self, file: &str, cart: (&str, &str), taxes: &[(&str, &str)]) {
        let (commit, requires) = cart;
        let mut all = vec![placed("shop", &deployment("cart", commit, requires))];
        all.extend(taxes.iter().map(|(part, tag)| placed(part, &deployment("tax", tag, ""))));
        self.plugin.write(file, all.join("---\n"));
    }
}

/// A manifest with its namespace.
fn placed(namespace: &str, manifest: &str) -> String {
    manifest.replacen("metadata: {", &format!("metadata: {{namespace: {namespace}, "), 1)
}

#[test]
fn each_part_has_the_notes_of_its_services() {
    let shop = Shop::new();
    let [one, two, three, four] = &shop.commits;
    shop.set("before.yaml", (one, ""), &[("payments", one), ("us", four)]);
    shop.set("after.yaml", (three, ""), &[("payments", four), ("us", two)]);
    let log = ["diff", "./before.yaml", "./after.yaml", "--log", "--store", "store"];
    let run = |more: &[&str]| shop.plugin.plugin(log.iter().chain(more).copied()).exits(1);
    insta::assert_snapshot!("table", run(&[]));
    insta::assert_snapshot!("markdown", run(&["-o", "markdown"]));
    let json = run(&["-o", "json"]).json();
    let notes: Vec<String> = json["parts"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|part| {
            let notes = part["diff"]["notes"].as_array().unwrap().iter();
            notes.map(move |one| {
                let subjects = |list: &str| {
                    let commits = one[list].as_array().cloned().unwrap_or_default();
                    let subjects = commits.iter().map(|one| one["subject"].to_string());
                    subjects.collect::<Vec<_>>().join(" ")
                };
                let (part, service) = (part["part"].as_str().unwrap(), &one["service"]);
                format!("{part} {service} {}|{}", subjects("added"), subjects("takenBack"))
            })
        })
        .collect();
    assert_eq!(
        notes,
        [
            r#"payments "tax" "Tax: know Norway" "Tax: round half to even"|"#,
            r#"shop "cart" "Cart: show the tax"|"#,
            r#"us "tax" |"Tax: know Norway""#,
        ]
    );
    let image = &json["parts"][0]["diff"]["instances"][0]["images"][0];
    assert_eq!((&image["order"], &image["ahead"]), (&"newer".into(), &3.into()));
    let page = run(&["-o", "html"]).stdout;
    assert_stands_alone(&page);
    assert!(page.contains("Tax: know Norway") && page.contains("payments"), "{page}");
    // Without a log the order is told all the same; of what git does not know, once.
    let table = shop.plugin.plugin(log.into_iter().filter(|word| *word != "--log")).exits(1);
    assert!(table.stdout.contains("▲ newer by 3 commits"), "{table}");
    assert!(table.stdout.contains("▼ older by 2 commits"), "{table}");
    shop.set("after.yaml", ("deadbee", ""), &[("payments", "deadbee"), ("us", "deadbee")]);
    let unknown = run(&[]);
    assert_eq!(unknown.stderr.matches("repositories update").count(), 1, "{unknown}");
    assert!(unknown.stdout.contains("is not in git repository shop"), "{unknown}");
}

#[test]
fn a_commit_that_another_part_has_to_run_is_told_by_git() {
    let shop = Shop::new();
    let [one, two, _, four] = &shop.commits;
    let check = |needs: &str, taxes: &[(&str, &str)], exit: i32, said: &str| {
        let requires = format!("kubectl-snapshot.dev/requires: '{needs} @{}'", &two[..7]);
        shop.set("set.yaml", (one, &requires), taxes);
        let check = ["check", "./set.yaml", "--explain", "--store", "store"];
        let checked = shop.plugin.plugin(check).exits(exit);
        let said = said.replace('@', &two[..7]);
        assert!(checked.stdout.contains(&said), "{said}: {checked}");
    };
    check("tax", &[("payments", four)], 0, "which is after @");
    check("tax", &[("payments", one)], 3, "which is before @");
    check("payments/tax", &[("payments", four)], 0, "which is after @");
    // Of a service in two parts each has to do, unless one is named.
    check("tax", &[("eu", four), ("us", one)], 3, "us/tax runs commit");
    check("eu/tax", &[("eu", four), ("us", one)], 0, "eu/tax runs commit");
    check("us/tax", &[("eu", four), ("us", one)], 3, "which is before @");
    check("tax", &[("eu", "deadbee1"), ("us", four)], 4, "is not in git repository shop");
    // With what it would replace, and as it is described.
    let requires = format!("kubectl-snapshot.dev/requires: 'tax @{}'", &two[..7]);
    shop.set("set.yaml", (one, &requires), &[("eu", four), ("us", two)]);
    shop.set("before.yaml", (one, ""), &[("eu", one), ("us", one)]);
    let against = ["check", "./set.yaml", "--against", "./before.yaml", "--store", "store"];
    shop.plugin.plugin(against).exits(0);
    let describe = ["describe", "./set.yaml", "--store", "store"];
    let described = shop.plugin.plugin(describe).succeeds();
    assert!(described.stdout.contains("which is after"), "{described}");
    let json = shop.plugin.plugin(describe.into_iter().chain(["-o", "json"])).succeeds().json();
    let behind = ["eu", "us"].map(|part| json["parts"][part]["commits"][0]["behind"].clone());
    assert_eq!(behind, [0, 2], "{json}");
}
