//! The commits between two versions, for people and machines.

use end_to_end::{GitRepository, TestEnvironment, assert_stands_alone, test};

use super::{set, with_clone};

/// A mono-repo of two services.
struct Shop {
    environment: TestEnvironment,
    git: GitRepository,
    before: String,
    after: String,
}

impl Shop {
    fn new() -> Self {
        let environment = TestEnvironment::new();
        let git = GitRepository::init(&environment.path().join("shop"));
        git.commit("services/web/main.rs", "Begin");
        let before = git.commit("services/web/main.rs", "Show the basket");
        git.commit("services/tax/main.rs", "Tax: round half to even");
        git.commit("services/web/main.rs", "Show the tax beside each price");
        git.git(&["checkout", "--quiet", "-b", "footer"]);
        git.commit("services/web/footer.html", "A footer with <b>tags</b> & | pipes");
        git.git(&["checkout", "--quiet", "main"]);
        git.commit("services/tax/main.rs", "Tax: know Norway");
        let after = git.merge("footer");
        Self { environment, git, before, after }
    }

    fn with_path(&self) -> TestEnvironment {
        let plugin = with_clone(&self.git, &["--path", "services/{service}"]);
        let both = |tag: &str| [("tax", tag.to_owned()), ("web", tag.to_owned())];
        for (file, tag) in [("before.yaml", &self.before), ("after.yaml", &self.after)] {
            let services = both(tag);
            let services: Vec<(&str, &str)> =
                services.iter().map(|(name, tag)| (*name, tag.as_str())).collect();
            set(&plugin, file, &services);
        }
        plugin
    }
}

const LOG: [&str; 6] = ["diff", "./before.yaml", "./after.yaml", "--log", "--store", "store"];

#[test]
fn each_service_has_the_commits_of_its_own_path() {
    let shop = Shop::new();
    let plugin = shop.with_path();
    insta::assert_snapshot!("table", plugin.plugin(LOG).exits(1));
    let markdown = LOG.into_iter().chain(["-o", "markdown"]);
    insta::assert_snapshot!("markdown", plugin.plugin(markdown).exits(1));
    let back = ["diff", "./after.yaml", "./before.yaml", "--log", "--store", "store"];
    insta::assert_snapshot!("back", plugin.plugin(back).exits(1));
    drop(shop.environment);
}

#[test]
fn machines_get_all_of_it() {
    let shop = Shop::new();
    let plugin = shop.with_path();
    let diff = plugin.plugin(LOG.into_iter().chain(["-o", "json"])).exits(1).json();
    let notes = diff["notes"].as_array().unwrap();
    assert_eq!(notes.len(), 2, "{diff}");
    let web = &notes[1];
    assert_eq!(web["service"], "web");
    assert_eq!(web["path"], "services/web");
    assert_eq!(web["order"], "newer");
    let subjects: Vec<&str> = web["added"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["subject"].as_str().unwrap())
        .collect();
    assert_eq!(subjects, ["A footer with <b>tags</b> & | pipes", "Show the tax beside each price"]);
    assert_eq!(web["added"][0]["author"], "Ada Lovelace");
    assert!(web["added"][0]["date"].as_str().unwrap().ends_with("+01:00"), "{web}");
    assert_eq!(diff["instances"][1]["images"][0]["ahead"], 5);
}

#[test]
fn a_page_shows_subjects_and_obeys_none() {
    let shop = Shop::new();
    let plugin = shop.with_path();
    let page = plugin.plugin(LOG.into_iter().chain(["-o", "html"])).exits(1).stdout;
    assert_stands_alone(&page);
    assert!(page.contains("A footer with &lt;b&gt;tags&lt;/b&gt; &amp; | pipes"), "{page}");
}
