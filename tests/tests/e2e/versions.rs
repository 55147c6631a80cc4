//! Versions of a service: tags of a registry, joined with git and with who runs them.

use end_to_end::{Cluster, Folder, GitRepository, Invocation, Registry, schema_violations, test};
use serde_json::Value;

use crate::desk;

struct Desk {
    folder: Folder,
    registry: Registry,
    git: GitRepository,
}

impl Desk {
    fn new() -> Self {
        let folder = Folder::new(Cluster::shared());
        let git = GitRepository::init(&folder.path().join("web"));
        let desk = Self { folder, registry: Registry::new(), git };
        desk.run("repositories add web --clone ./web").succeeds();
        desk
    }

    fn run(&self, words: &str) -> Invocation {
        desk::run(&self.folder, words)
    }

    fn store(&self, name: &str, tag: &str) {
        let image = format!("{}/shop/web:{tag}", self.registry.address());
        self.folder.write("web.yaml", desk::web(&image));
        self.run(&format!("capture {name} --from ./web.yaml")).succeeds();
    }
}

fn tags(list: &Value) -> Vec<String> {
    let items = list["items"].as_array().expect("a list");
    items.iter().map(|one| one["tag"].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn what_the_registry_holds_is_joined_with_git_and_with_who_runs_it() {
    let desk = Desk::new();
    let [one, two, three] = ["one", "two", "three"].map(|subject| desk.git.commit("web", subject));
    desk.git.git(&["tag", "v1.0.0", &one]);
    let put = |tag: &str, labels: &[(&str, &str)]| {
        desk.registry.put_image("shop/web", &[tag], labels);
    };
    // By a tag that is a commit, by a tag of git's, and by a label; some have none.
    put(&three[..8], &[]);
    put("1.0.0", &[]);
    put("stable", &[("org.opencontainers.image.revision", &two)]);
    put("0.9.0", &[]);
    desk.store("rel-1", "1.0.0");
    desk.store("rel-2", "stable");
    desk.store("rel-3", "pruned");
    let list = desk.run("versions web -o json").succeeds().json();
    assert_eq!(schema_violations("VersionList", &list), [""; 0]);
    assert_eq!(tags(&list), [&three[..8], "stable", "1.0.0", "0.9.0", "pruned"]);
    let [newest, stable, first, _, pruned] = [0, 1, 2, 3, 4].map(|at| &list["items"][at]);
    assert_eq!((&newest["subject"], &newest["behind"]), (&"three".into(), &0.into()));
    assert_eq!((&stable["commit"], &stable["behind"]), (&two.as_str().into(), &1.into()));
    assert_eq!((&first["author"], &first["runs"][0]), (&"Ada Lovelace".into(), &"rel-1".into()));
    assert_eq!((&pruned["inRegistry"], &pruned["runs"][0]), (&false.into(), &"rel-3".into()));

    let table = desk.run("versions web").succeeds().stdout;
    for text in ["VERSION", "stable", "rel-2", "pruned (gone)", "Ada Lovelace", "two"] {
        assert!(table.contains(text), "{text}: {table}");
    }
    let two_of_them = desk.run("versions web --limit 2").succeeds().stdout;
    assert!(two_of_them.contains("and 3 versions that are older"), "{two_of_them}");
    // Without a registry, what runs somewhere is known.
    let offline = desk.run("versions web --offline -o json").succeeds().json();
    let mut known = tags(&offline);
    known.sort_unstable();
    assert_eq!(known, ["1.0.0", "pruned", "stable"]);
    let nobody = desk.run("versions tax").exits(1).stderr;
    assert!(nobody.contains("there is no service tax in"), "{nobody}");
    let image = format!("versions tax --image {}/shop/web -o json", desk.registry.address());
    assert_eq!(tags(&desk.run(&image).succeeds().json()).len(), 4);
}

#[test]
fn thousands_of_tags_are_read_page_by_page() {
    let desk = Desk::new();
    desk.git.commit("web", "one");
    let names: Vec<String> = (0..2500).map(|build| format!("1.{build}.0")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    desk.registry.put_image("shop/web", &names, &[]);
    desk.store("rel-1", "1.7.0");
    let list = desk.run("versions web --limit 3 -o json").succeeds().json();
    assert_eq!(tags(&list), ["1.2499.0", "1.2498.0", "1.2497.0"]);
    assert_eq!(list["omitted"], 2497);
}

#[test]
fn a_registry_that_is_away_leaves_what_runs() {
    let desk = Desk::new();
    desk.git.commit("web", "one");
    desk.store("rel-1", "1.0.0");
    let Desk { folder, registry, git } = desk;
    drop(registry);
    let desk = Desk { folder, registry: Registry::new(), git };
    let away = desk.run("versions web").succeeds();
    assert!(away.stdout.contains("rel-1"), "{away}");
    assert!(away.stderr.contains("is not known, only what sets run of it"), "{away}");
}
