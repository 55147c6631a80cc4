//! Candidates whose images come from a registry, by tag, commit and branch.

use end_to_end::{Cluster, Folder, GitRepository, Invocation, Namespace, Output, Registry, test};
use serde_json::Value;

use crate::desk;

/// A registry with images, a git repository that they are built from, and a folder with a store.
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
        desk.folder.write("base.yaml", desk.web("1.0.0"));
        desk
    }

    fn image(&self, tag: &str) -> String {
        format!("{}/shop/web:{tag}", self.registry.address())
    }

    /// A Deployment of web at a tag, in whose labels and annotations its version and commit are.
    fn web(&self, tag: &str) -> String {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\n  \
             labels: {{app.kubernetes.io/version: '{tag}'}}\n  \
             annotations: {{kubectl-snapshot.dev/commit: 0123abc}}\nspec:\n  \
             selector: {{matchLabels: {{app: web}}}}\n  template:\n    metadata: {{labels: {{app: web}}}}\n    \
             spec:\n      containers:\n      - {{name: web, image: '{}'}}\n",
            self.image(tag)
        )
    }

    fn run(&self, words: &str) -> Invocation {
        desk::run(&self.folder, words)
    }

    fn compose(&self, name: &str, wanted: &str) -> Invocation {
        self.run(&format!("compose {name} --base ./base.yaml --set web={wanted}"))
    }

    /// The container web of a stored set.
    fn container(&self, name: &str) -> Value {
        let set = self.run(&format!("get {name} -o json")).succeeds().json();
        set["spec"]["services"]["web"]["web"]["containers"]["web"].clone()
    }

    /// Tag, digest and commit that a candidate has.
    #[track_caller]
    fn made_of(&self, name: &str, wanted: &str) -> [String; 3] {
        self.compose(name, wanted).succeeds();
        let container = self.container(name);
        ["tag", "digest", "commit"]
            .map(|member| container[member].as_str().unwrap_or_default().to_owned())
    }
}

/// A transcript, with a word for the registry's host.
fn transcript(output: &Output) -> String {
    output.to_string().replace("127.0.0.1:[port]", "[registry]")
}

#[test]
fn a_tag_a_commit_and_a_branch_lead_to_an_image_with_its_digest() {
    let desk = Desk::new();
    let [one, two, three] = ["one", "two", "three"].map(|subject| desk.git.commit("web", subject));
    desk.git.git(&["tag", "v1.3.0", &three]);
    desk.git.git(&["checkout", "--quiet", "-b", "feature/tax", &two]);
    let four = desk.git.commit("web", "four");
    let tagged = format!("main-{}", &one[..8]);
    let put =
        |tags: &[&str], labels: &[(&str, &str)]| desk.registry.put_image("shop/web", tags, labels);
    let revision = "org.opencontainers.image.revision";
    let by_tag = put(&[&tagged], &[]);
    let by_label = put(&["1.2.0", "stable"], &[(revision, &two)]);
    let by_git_tag = put(&["1.3.0"], &[]);
    let of_branch = put(&[&four[..10]], &[(revision, &four)]);

    let made = |name: &str, wanted: &str| desk.made_of(name, wanted);
    let version = "1.2.0".to_owned();
    assert_eq!(made("tag", "1.2.0"), [version.clone(), by_label.clone(), two.clone()]);
    assert_eq!(made("explicit", ":stable"), ["stable".into(), by_label.clone(), two.clone()]);
    assert_eq!(made("commit", &one[..9]), [tagged, by_tag, one.clone()]);
    assert_eq!(made("label", &two), [version.clone(), by_label.clone(), two.clone()]);
    assert_eq!(
        made("git-tag", &format!("commit:{three}")),
        ["1.3.0".into(), by_git_tag.clone(), three]
    );
    assert_eq!(made("named", "v1.3.0")[1], by_git_tag);
    let [tag, digest, commit] = made("branch", "feature/tax");
    assert_eq!((tag.as_str(), &digest, &commit), (&four[..10], &of_branch, &four));
    assert_eq!(made("branch-again", "branch:feature/tax")[1], of_branch);
    assert_eq!(made("image", &desk.image("1.2.0"))[1], by_label);
    assert_eq!(made("digest", &format!("@{by_label}"))[1], by_label);

    // By a tag and by the commit that it is built from, it is one set.
    let digest = |name: &str| {
        desk.run(&format!("get {name} -o jsonpath={{.metadata.digest}}")).succeeds().stdout
    };
    assert_eq!(digest("tag"), digest("label"));
    // What the manifest said of the former image it says of the new one.
    let set = desk.run("get label -o json").succeeds().json();
    let manifest = &set["spec"]["objects"]
        [set["spec"]["services"]["web"]["web"]["manifest"].as_str().unwrap()];
    let metadata = &manifest["metadata"];
    assert_eq!(metadata["annotations"]["kubectl-snapshot.dev/commit"], two.as_str());
    assert_eq!(metadata["labels"]["app.kubernetes.io/version"], "1.2.0");
}

#[test]
fn what_the_registry_lacks_is_refused_and_nothing_is_stored() {
    let desk = Desk::new();
    let [one, two] = ["one", "two"].map(|subject| desk.git.commit("web", subject));
    for tag in ["1.2.0", "1.2.1"] {
        desk.registry.put_image("shop/web", &[tag], &[("org.opencontainers.image.revision", &one)]);
    }
    for (name, wanted) in [
        ("no_tag", ":9.9.9".to_owned()),
        ("no_word", "9.9.9".to_owned()),
        ("no_image", desk.image("9.9.9")),
        ("no_branch", "branch:main2".to_owned()),
        ("not_built", two),
        ("several_built", one),
    ] {
        let refused = desk.compose("x", &wanted).exits(1);
        insta::assert_snapshot!(name, transcript(&refused));
        desk.run("get x").exits(1);
    }
}

#[test]
fn a_registry_that_is_away_is_an_error_unless_nobody_asks_it() {
    let desk = Desk::new();
    desk.registry.put_image("shop/web", &["1.2.0"], &[]);
    let address = desk.registry.address().to_owned();
    let Desk { folder, registry, git } = desk;
    drop(registry);
    let desk = Desk { folder, registry: Registry::new(), git };
    let compose = |flags: &str| {
        desk.run(&format!("compose x --base ./base.yaml --set web={address}/shop/web:1.2.0{flags}"))
    };
    let refused = compose("").exits(1);
    assert!(refused.stderr.contains("cannot be reached"), "{refused}");
    assert!(refused.stderr.contains("--offline"), "{refused}");
    let kept = compose(" --offline").succeeds();
    assert!(kept.stderr.contains("no registry was asked"), "{kept}");
    assert_eq!(desk.container("x")["digest"], Value::Null);
    assert_eq!(desk.container("x")["tag"], "1.2.0");
}

#[test]
fn what_was_composed_is_what_runs_once_it_is_applied() {
    let desk = Desk::new();
    desk.git.commit("web", "one");
    let prod = Namespace::new(Cluster::shared(), "prod");
    prod.apply(&desk.web("1.0.0"));
    prod.wait_rollouts();
    let digest = desk.registry.put_image(
        "shop/web",
        &["1.1.0"],
        &[("org.opencontainers.image.revision", "7d1f0c97d1f0c97d1f0c97d1f0c97d1f0c97d1f0")],
    );
    let run = |words: &str| {
        let run = prod.plugin(words.split(' ').collect::<Vec<_>>());
        run.env("KUBECTL_SNAPSHOT_OFFLINE", "false")
    };
    let base = format!("live:{}", prod.name());
    run(&format!("compose rel-43 --base {base} --set web=1.1.0 --check")).succeeds();
    run("apply rel-43 --yes").succeeds();
    run("diff rel-43 live").succeeds();
    let path = "jsonpath={.spec.template.spec.containers[0].image}{.metadata.annotations}";
    let written = prod.kubectl(["get", "deployment", "web", "-o", path]).succeeds().stdout;
    assert!(written.starts_with(&format!("{}@{digest}", desk.image("1.1.0"))), "{written}");
    assert!(written.contains("7d1f0c97d1f0c97"), "{written}");
    let listed = run("describe rel-43").succeeds().stdout;
    assert!(listed.contains("1.1.0"), "{listed}");
}
