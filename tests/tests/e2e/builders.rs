//! Commits of images as their builders said in labels, asked in a registry.

use std::time::{Duration, Instant};

use end_to_end::{Cluster, Folder, GitRepository, Invocation, Registry, test};

use crate::{desk, registry::login};

const REVISION: &str = "org.opencontainers.image.revision";
const SOURCE: &str = "org.opencontainers.image.source";

/// A registry, a git repository of web with four commits, and a folder with a store.
struct Desk {
    folder: Folder,
    registry: Registry,
    commits: [String; 4],
}

impl Desk {
    fn new() -> Self {
        let folder = Folder::new(Cluster::shared());
        let git = GitRepository::init(&folder.path().join("web"));
        let commits = ["one", "two", "three", "four"].map(|subject| git.commit("web", subject));
        let desk = Self { folder, registry: Registry::new(), commits };
        desk.run("repositories add web --clone ./web").succeeds();
        desk
    }

    fn run(&self, words: &str) -> Invocation {
        desk::run(&self.folder, words)
    }

    /// A file with a Deployment of web, pinned to a digest of its registry.
    fn file(&self, name: &str, tag: &str, digest: &str) {
        let image = format!("{}/shop/web:{tag}@{digest}", self.registry.address());
        self.folder.write(name, desk::web(&image));
    }

    /// Puts an image there that says which commit it is built from, and writes a file that runs it.
    fn build(&self, name: &str, tag: &str, commit: &str) {
        let digest = self.registry.put_image("shop/web", &[tag], &[(REVISION, commit)]);
        self.file(name, tag, &digest);
    }
}

#[test]
fn a_label_tells_the_commit_and_is_asked_for_once() {
    let desk = Desk::new();
    let [one, _, three, _] = &desk.commits;
    desk.build("before.yaml", "stable-label", one);
    desk.build("after.yaml", "next-label", three);
    let diff = "diff ./before.yaml ./after.yaml";
    let order = |more: &str| desk.run(&format!("{diff}{more}")).exits(1);
    // Who asks nobody knows nothing, and says so.
    let unknown = order(" --offline");
    assert!(!unknown.stdout.contains("newer"), "{unknown}");
    let newer = order("");
    assert!(newer.stdout.contains("▲ newer by 2 commits"), "{newer}");
    assert!(order(" --log").stdout.contains("three"));
    let describe = "describe ./before.yaml -o jsonpath={.commits[0].behind}";
    assert_eq!(desk.run(describe).succeeds().stdout, "3");

    // What a set is does not depend on who was asked.
    desk.run("capture asked --from ./before.yaml").succeeds();
    desk.run("capture offline --from ./before.yaml --offline").succeeds();
    desk.run("diff asked offline").succeeds();
    let commit = "get asked -o jsonpath={.spec.services.web.web.containers.web.commit}";
    assert_eq!(desk.run(commit).succeeds().stdout, "");

    // A requirement by commit is met by what the label says.
    let needs = format!("kubectl-snapshot.dev/requires: web @{}", &one[..8]);
    let cart = format!(
        "---\napiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: cart, annotations: {{{needs}}}}}\nspec:\n  \
         selector: {{matchLabels: {{app: cart}}}}\n  template:\n    metadata: {{labels: {{app: cart}}}}\n    \
         spec:\n      containers:\n      - {{name: cart, image: 'registry.example/shop/cart:1.0.0'}}\n"
    );
    let web = std::fs::read_to_string(desk.folder.path().join("after.yaml")).unwrap();
    desk.folder.write("both.yaml", format!("{web}{cart}"));
    desk.run("check ./both.yaml").succeeds();

    // Once known it is known for ever, with the registry gone and with nobody asked.
    let Desk { folder, registry, commits } = desk;
    drop(registry);
    let desk = Desk { folder, registry: Registry::new(), commits };
    for more in ["", " --offline"] {
        let newer = desk.run(&format!("{diff}{more}")).exits(1);
        assert!(newer.stdout.contains("▲ newer by 2 commits"), "{newer}");
        assert!(!newer.stderr.contains("not known"), "{newer}");
    }
}

#[test]
fn a_registry_that_is_away_leaves_the_order_open_and_fails_nothing() {
    let desk = Desk::new();
    for (name, digit) in [("before.yaml", "1"), ("after.yaml", "2")] {
        desk.file(name, "away", &format!("sha256:{}", digit.repeat(64)));
    }
    // Nobody knows these digests there.
    let diff = "diff ./before.yaml ./after.yaml";
    let lacking = desk.run(diff).exits(1);
    assert_eq!(lacking.stderr.matches("the commits of some images are not known").count(), 1);
    let Desk { folder, registry, commits } = desk;
    drop(registry);
    let desk = Desk { folder, registry: Registry::new(), commits };
    let away = desk.run(diff).exits(1);
    let said = "Warning: the commits of some images are not known: the registry 127.0.0.1:";
    assert_eq!(away.stderr.matches(said).count(), 1, "{away}");
    assert!(away.stderr.contains("cannot be reached"), "{away}");
    // A capture asks nobody, so that nobody keeps it from being the same.
    let captured = desk.run("capture away --from ./before.yaml").succeeds();
    assert_eq!(captured.stderr, "");
    let silent = desk.run(&format!("{diff} --offline")).exits(1);
    assert!(!silent.stderr.contains("not known"), "{silent}");
}

#[test]
fn of_several_platforms_the_usual_one_speaks() {
    let desk = Desk::new();
    let [one, two, three, _] = &desk.commits;
    for (name, tag, commit) in [("before.yaml", "one", one), ("after.yaml", "three", three)] {
        let image = |platform: &str, commit: &str| {
            desk.registry.put_image(
                "shop/web",
                &[&format!("{tag}-{platform}")],
                &[(REVISION, commit)],
            )
        };
        // An attestation, and a platform that the build left behind.
        let (attestation, arm, amd) =
            (image("none", two), image("arm64", two), image("amd64", commit));
        let index = desk.registry.put_index(
            "shop/web",
            tag,
            &[("unknown/unknown", &attestation), ("linux/arm64", &arm), ("linux/amd64", &amd)],
        );
        desk.file(name, tag, &index);
    }
    let newer = desk.run("diff ./before.yaml ./after.yaml").exits(1);
    assert!(newer.stdout.contains("▲ newer by 2 commits"), "{newer}");
}

/// A repository for no pattern is that of whatever image names it as its source.
#[test]
fn an_image_names_the_repository_that_it_is_built_from() {
    let folder = Folder::new(Cluster::shared());
    let git = GitRepository::init(&folder.path().join("web"));
    let commits = ["one", "two", "three"].map(|subject| git.commit("web", subject));
    let desk = Desk {
        folder,
        registry: Registry::new(),
        commits: [commits[0].clone(), commits[1].clone(), commits[2].clone(), String::new()],
    };
    let url = format!("file://{}", desk.folder.path().join("web").display());
    desk.run(&format!("repositories add --url {url} --name web")).succeeds();
    desk.run("repositories update").succeeds();
    let [one, _, three, _] = &desk.commits;
    for (name, tag, commit) in [("before.yaml", "one", one), ("after.yaml", "three", three)] {
        let labels = [(REVISION, commit.as_str()), (SOURCE, url.as_str())];
        let digest = desk.registry.put_image("shop/web", &[tag], &labels);
        desk.file(name, tag, &digest);
    }
    let newer = desk.run("diff ./before.yaml ./after.yaml").exits(1);
    assert!(newer.stdout.contains("▲ newer by 2 commits"), "{newer}");
    // Nobody says where another one is from.
    for (name, tag, commit) in
        [("before.yaml", "unsaid-one", one), ("after.yaml", "unsaid-three", three)]
    {
        let digest = desk.registry.put_image("shop/web", &[tag], &[(REVISION, commit)]);
        desk.file(name, tag, &digest);
    }
    let unknown = desk.run("diff ./before.yaml ./after.yaml").exits(1);
    assert!(!unknown.stdout.contains("newer"), "{unknown}");
}

/// Whoever says when to come again is left alone until then, and not asked in vain.
#[test]
fn a_registry_that_says_when_to_come_again_is_obeyed() {
    let desk = Desk::new();
    let [one, two, three, _] = &desk.commits;
    desk.build("before.yaml", "limited-one", one);
    desk.build("after.yaml", "limited-three", three);
    let diff = "diff ./before.yaml ./after.yaml";
    let begun = Instant::now();
    desk.registry.refuse_for(3600);
    let refused = desk.run(&format!("{diff} -v")).exits(1);
    assert!(begun.elapsed() < Duration::from_secs(5), "{refused}");
    assert!(!refused.stdout.contains("newer"), "{refused}");
    let said = "takes no more requests for now, of which 0 are left in 6 h; it says to ask again in 60 min";
    assert_eq!(refused.stderr.matches(said).count(), 1, "{refused}");
    assert_eq!(refused.stderr.matches("ask for the limit at").count(), 1, "{refused}");
    let versions = desk.run("versions web --in ./before.yaml").succeeds();
    assert!(versions.stderr.contains("it says to ask again in"), "{versions}");
    // A moment is waited for: the answer is the same as without a limit.
    desk.registry.refuse_for(2);
    let begun = Instant::now();
    let newer = desk.run(&format!("{diff} -v")).exits(1);
    assert!(newer.stdout.contains("▲ newer by 2 commits"), "{newer}");
    assert!(!newer.stderr.contains("not known"), "{newer}");
    assert_eq!(newer.stderr.matches("ask for the limit at").count(), 1, "{newer}");
    assert!(begun.elapsed() > Duration::from_secs(1), "{newer}");
    // For what has to be there as well; too long is an error, and nothing is stored.
    desk.registry.put_image("shop/web", &["limited-two"], &[(REVISION, two)]);
    desk.registry.refuse_for(1);
    desk.run("compose next --base ./before.yaml --set web=limited-two").succeeds();
    desk.registry.refuse_for(7200);
    let refused = desk.run("compose x --base ./before.yaml --set web=limited-two").exits(1);
    assert!(refused.stderr.contains("it says to ask again in 2 h"), "{refused}");
    desk.run("get x").exits(1);
}

/// However many repositories a host has, its helper is run once.
#[test]
fn a_helper_is_asked_once_for_a_host() {
    let desk = Desk::new();
    let path = login::helper(
        &desk.folder,
        "cat >>asked\necho >>asked\necho 'credentials not found'\nexit 1",
    );
    let images = ["one", "two", "three"].map(|name| {
        let repository = format!("shop/{name}");
        let digest = desk.registry.put_image(&repository, &["1"], &[(REVISION, &desk.commits[0])]);
        let image = format!("{}/{repository}:helped@{digest}", desk.registry.address());
        desk::web(&image).replace("name: web", &format!("name: {name}"))
    });
    desk.folder.write("all.yaml", images.join("---\n"));
    desk.run("repositories add shop/* --clone ./web --name all").succeeds();
    let describe = desk.run("describe ./all.yaml -o jsonpath={.commits[*].subject}");
    let described = describe.env("DOCKER_CONFIG", "docker").env("PATH", path).succeeds();
    assert_eq!(described.stdout, "one one one");
    let asked = std::fs::read_to_string(desk.folder.path().join("asked")).unwrap();
    assert_eq!(asked.lines().count(), 1, "{asked}");
}

/// A mirror has what it was asked for while its upstream was there, and no more.
#[test]
fn a_mirror_whose_upstream_is_away_tells_what_it_has() {
    let desk = Desk::new();
    let [one, _, three, _] = &desk.commits;
    let upstream = Registry::new();
    let before = upstream.put_image("shop/web", &["mirrored-one"], &[(REVISION, one)]);
    let after = upstream.put_image("shop/web", &["mirrored-three"], &[(REVISION, three)]);
    let mirror = Registry::mirror_of(&upstream);
    let Desk { folder, commits, .. } = desk;
    let desk = Desk { folder, registry: mirror, commits };
    desk.file("before.yaml", "mirrored-one", &before);
    desk.file("after.yaml", "mirrored-three", &after);
    desk.run("describe ./before.yaml").succeeds();
    drop(upstream);
    let diff = desk.run("diff ./before.yaml ./after.yaml").exits(1);
    assert!(!diff.stdout.contains("newer"), "{diff}");
    let said = "the commits of some images are not known: ";
    assert!(diff.stderr.contains(said) && diff.stderr.contains(desk.registry.address()), "{diff}");
    // A candidate of what the mirror does not have is refused, and the mirror named.
    desk.run("capture base --from ./before.yaml").succeeds();
    let lacking = desk.run("compose next --base base --set web=mirrored-three").exits(1);
    assert!(lacking.stderr.contains(desk.registry.address()), "{lacking}");
    desk.run("get next").exits(1);
}
