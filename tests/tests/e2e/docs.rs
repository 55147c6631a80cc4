//! The pages of the documentation, followed: every command, in its order, with the exit code that
//! the page gives it.

use std::collections::BTreeSet;
use std::fs;
use std::sync::LazyLock;

use end_to_end::{Cluster, Folder, GitRepository, Namespace, Output, fixture, test};
use regex::{Captures, Regex};

use crate::{
    page::{self, Block, blocks},
    shop::{self, DEV, PROD},
};

/// The places of a page; the test has namespaces of its own for them.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    let before = r"-n |live:|stage set [a-z]+ --at ";
    Regex::new(&format!(r"({before})(dev|qa|prod|shop)\b")).expect("a constant")
});

/// The shop in three namespaces, and a folder to work in.
struct Shop {
    dev: Namespace,
    qa: Namespace,
    prod: Namespace,
    /// Empty: where the second part of a snapshot goes.
    pay_prod: Namespace,
    folder: Folder,
}

impl Shop {
    /// The old set runs in qa and in prod.
    fn new(in_dev: &str) -> Self {
        let dev = Namespace::new(Cluster::shared(), "dev");
        let (qa, prod) = (dev.beside("qa"), dev.beside("prod"));
        let pay_prod = dev.beside("pay-prod");
        shop::fill(&dev, in_dev);
        shop::fill(&qa, &fixture(PROD));
        shop::fill(&prod, &fixture(PROD));
        let folder = Folder::new(dev.cluster());
        folder.write("report.xml", fixture("shop/e2e.xml"));
        Self { dev, qa, prod, pay_prod, folder }
    }

    fn has_variables(&self) {
        self.succeeds("kubectl snapshot variables set dev DB_HOST=orders-db.dev");
        self.succeeds("kubectl snapshot variables set qa DB_HOST=orders-db.qa");
        self.succeeds("kubectl snapshot variables set prod DB_HOST=orders.db.internal");
    }

    fn has_stages(&self) {
        self.succeeds("kubectl snapshot stage set dev --at dev --variables dev");
        self.succeeds("kubectl snapshot stage set qa --at qa --after dev --variables qa");
        self.succeeds("kubectl snapshot stage set prod --at prod --after qa --variables prod");
    }

    /// A text of a page, on the namespaces of this test.
    fn here(&self, text: &str) -> String {
        // The parts are called like the namespaces that they were captured from.
        let parts = (self.dev.name(), self.prod.name(), self.qa.name(), self.pay_prod.name());
        let parts = format!("{}={},{}={}", parts.0, parts.1, parts.2, parts.3);
        let text = text.replace("shop=shop-prod,payments=pay-prod", &parts);
        let here = PLACE.replace_all(&text, |found: &Captures<'_>| {
            let place = match &found[2] {
                "dev" | "shop" => &self.dev,
                "qa" => &self.qa,
                _ => &self.prod,
            };
            format!("{}{}", &found[1], place.name())
        });
        let here = here.replace(",payments", &format!(",{}", self.qa.name()));
        here.replace("-n kubectl-snapshot", &format!("-n {}", self.dev.store()))
    }

    #[track_caller]
    fn runs(&self, command: &str, exit: i32) -> Output {
        let shell = self.dev.cluster().command("sh", ["-c", &self.here(command)]);
        let shell = shell.env("KUBECTL_SNAPSHOT_STORE", self.dev.store());
        // The images of the shop are in no registry.
        let shell = shell.env("KUBECTL_SNAPSHOT_OFFLINE", "true");
        // What the pages fetch from a forge is here.
        let served = format!("url.file://{}/git/.insteadOf", self.folder.path().display());
        let shell = shell
            .env("GIT_CONFIG_COUNT", "1")
            .env("GIT_CONFIG_KEY_0", served)
            .env("GIT_CONFIG_VALUE_0", "https://github.com/shop/");
        shell.current_dir(self.folder.path()).exits(exit)
    }

    #[track_caller]
    fn succeeds(&self, command: &str) {
        self.runs(command, 0);
    }

    fn file(&self, name: &str, content: &str) {
        // No test waits for a day.
        self.folder.write(name, content.replace("{qa: 24h}", "{qa: 1s}"));
        if content.starts_with("#!") {
            self.succeeds(&format!("chmod +x {name}"));
        }
    }

    /// Runs what a page shows.
    fn follows(&self, page: &str) {
        let mut last = None;
        for block in blocks(page) {
            match block {
                Block::Commands(commands) => {
                    for (command, exit) in commands {
                        if !page::is_make(command) {
                            last = Some(self.runs(command, exit));
                        }
                    }
                }
                Block::Printed(lines) => {
                    let last = last.as_ref().expect("a command comes before what it prints");
                    for line in lines {
                        assert!(last.stdout.contains(line), "{line}\n{}", last.transcript());
                    }
                }
                Block::File(name, content) => self.file(name, &content),
                Block::Shown => {}
            }
        }
        assert!(last.is_some(), "the page shows commands");
    }
}

impl Drop for Shop {
    /// Deletes what `init` makes for the whole cluster: it does not go with a namespace.
    fn drop(&mut self) {
        for role in ["capture", "apply"] {
            let role = format!("kubectl-snapshot-{role}.{}", self.dev.store());
            self.dev
                .cluster()
                .kubectl(["delete", "clusterrole", &role, "--ignore-not-found"])
                .run();
        }
    }
}

/// Dev with a tax that suits the new cart.
fn mended() -> String {
    fixture(DEV).replace("shop/tax:1.3.9", "shop/tax:1.4.1")
}

#[test]
fn developers() {
    let shop = Shop::new(&fixture(DEV));
    // Sets to which learning adds.
    for stage in ["dev", "qa", "prod"] {
        shop.succeeds(&format!("kubectl snapshot variables set {stage} MAIL_HOST=mail.{stage}"));
    }
    shop.succeeds("kubectl snapshot variables set qa DB_HOST=orders-db.qa");
    shop.has_stages();
    let git = GitRepository::init(&shop.folder.path().join("git/shop.git"));
    git.commit("services/web/main.rs", "Show the basket");
    shop.follows(include_str!("../../../docs/developers.md"));
}

#[test]
fn testers() {
    let shop = Shop::new(&mended());
    shop.has_variables();
    shop.has_stages();
    shop.succeeds("kubectl snapshot capture rel-42 -n dev");
    shop.succeeds("kubectl snapshot promote rel-42 --to dev --yes");
    shop.follows(include_str!("../../../docs/testers.md"));
}

#[test]
fn production() {
    let shop = Shop::new(&mended());
    shop.has_variables();
    shop.folder.write("old.yaml", fixture(DEV));
    shop.succeeds("kubectl snapshot capture rel-41 --from old.yaml");
    shop.succeeds("kubectl snapshot capture rel-42 -n dev");
    shop.follows(include_str!("../../../docs/production.md"));
}

#[test]
fn ci() {
    let shop = Shop::new(&mended());
    shop.has_variables();
    shop.has_stages();
    shop.folder.write("manifests/shop.yaml", fixture(DEV));
    shop.file("run-tests", "#!/bin/sh\n");
    shop.succeeds("git init -q");
    shop.succeeds("git config user.name Anna && git config user.email anna@shop.example");
    shop.follows(include_str!("../../../docs/ci.md"));
}

#[test]
fn readme() {
    Shop::new(&fixture(DEV)).follows(include_str!("../../../README.md"));
}

#[test]
fn snapshots() {
    let shop = Shop::new(&mended());
    shop.folder.write("manifests/shop.yaml", mended());
    let split = fixture("routes/shop.yaml");
    let half = split.replace("weight: 90", "weight: 50").replace("weight: 10", "weight: 50");
    shop.folder.write("split.yaml", split);
    shop.folder.write("half.yaml", half);
    shop.follows(include_str!("../../../docs/snapshots.md"));
}

#[test]
fn platform() {
    Shop::new(&fixture(DEV)).follows(include_str!("../../../docs/platform.md"));
}

/// A page that nobody declares would never be tried.
#[test]
fn every_page_with_commands_is_tried() {
    let here = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs");
    let pages: BTreeSet<String> = fs::read_dir(here)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "md"))
        .filter(|path| !page::commands(&fs::read_to_string(path).unwrap()).is_empty())
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .collect();
    let here = ["ci.md", "developers.md", "platform.md", "production.md", "snapshots.md"];
    // In `guard/docs.rs`, `krew.rs`, `registry/documented.rs` and `unleash.rs`.
    let elsewhere = ["flags.md", "guard.md", "releasing.md", "signatures.md"];
    let tried = here.into_iter().chain(["testers.md"]).chain(elsewhere);
    assert_eq!(pages, tried.map(str::to_owned).collect());
}
