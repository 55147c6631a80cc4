//! Unleash, the real one, where it is asked for: `make test-flag-systems`.

use std::{env, sync::LazyLock};

use end_to_end::{Cluster, Folder, Namespace, Output, Unleash, ignore, test, wait_for};
use serde_json::{Value, json};

use crate::page::{self, Block, blocks};

/// One for all tests here, each with flags of its own.
fn unleash() -> &'static Unleash {
    static SHARED: LazyLock<Result<Unleash, String>> =
        LazyLock::new(|| Unleash::start().map_err(|missing| missing.to_string()));
    if env::var_os("KUBECTL_SNAPSHOT_TEST_UNLEASH").is_none() {
        ignore("Unleash is tried by make test-flag-systems alone");
    }
    SHARED.as_ref().unwrap_or_else(|missing| ignore(missing.clone()))
}

/// One of a test's own: a set has all flags of an environment, and nobody else's are there.
fn own() -> Unleash {
    let _asked_for = unleash();
    Unleash::start().unwrap_or_else(|missing| ignore(missing.to_string()))
}

fn shop(cart: &str, tax: &str) -> String {
    let one = |name: &str, version: &str| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}}}\nspec:\n  \
             selector: {{matchLabels: {{app: {name}}}}}\n  template:\n    metadata: {{labels: {{app: {name}}}}}\n    \
             spec: {{containers: [{{name: {name}, image: 'shop/{name}:{version}'}}]}}\n"
        )
    };
    format!("{}---\n{}", one("cart", cart), one("tax", tax))
}

/// A namespace whose flags are those of an environment.
struct Place {
    namespace: Namespace,
    source: String,
    environment: &'static str,
}

impl Place {
    fn new(namespace: Namespace, environment: &'static str, manifests: &str) -> Self {
        Self::of(unleash(), namespace, environment, manifests)
    }

    fn of(
        unleash: &Unleash,
        namespace: Namespace,
        environment: &'static str,
        manifests: &str,
    ) -> Self {
        namespace.apply(manifests);
        namespace.wait_rollouts();
        let source = format!("unleash-{}", namespace.name());
        let place = Self { namespace, source, environment };
        let add = ["flags", "source", "add", &place.source, "--type", "unleash"];
        place.runs(&add, &["--url", &unleash.url(), "--at", place.namespace.name()], 0);
        place
    }

    /// The variables of the source's tokens.
    fn tokens(&self) -> [(String, String); 2] {
        let name = self.source.to_uppercase().replace(['-', '.'], "_");
        [
            (format!("KUBECTL_SNAPSHOT_TOKEN_{name}"), Unleash::backend_token(self.environment)),
            (format!("KUBECTL_SNAPSHOT_ADMIN_TOKEN_{name}"), Unleash::admin_token().to_owned()),
        ]
    }

    #[track_caller]
    fn runs(&self, words: &[&str], more: &[&str], exit: i32) -> Output {
        let words = words.iter().chain(more).copied().collect::<Vec<_>>();
        let mut run = self.namespace.plugin(words);
        for (name, value) in self.tokens() {
            run = run.env(&name, &value);
        }
        run.exits(exit)
    }

    fn flag(&self, key: &str) -> Value {
        let output = self.runs(&["flags", "list", "-o", "json"], &[], 0);
        let list: Value = serde_json::from_str(&output.stdout).expect("JSON");
        let items = list["items"].as_array().expect("a list");
        items.iter().find(|one| one["key"] == key).cloned().unwrap_or_default()
    }
}

fn live() -> Namespace {
    Namespace::new(Cluster::shared(), "unleash")
}

#[test]
fn each_kind_of_flag_is_what_its_clients_are_told() {
    let unleash = unleash();
    let place = Place::new(live(), "development", &shop("2.0.0", "1.4.1"));
    for key in ["k-off", "k-on", "k-ten", "k-some", "k-parent", "k-child", "k-tagged", "k-closed"] {
        unleash.create_flag(key);
    }
    unleash.switch("k-on", "development", true);
    unleash.add_strategy(
        "k-ten",
        "development",
        &json!({"parameters": {"rollout": "10", "stickiness": "default", "groupId": "k-ten"}}),
    );
    unleash.switch("k-ten", "development", true);
    let constraint = json!([{"contextName": "userId", "operator": "IN", "values": ["7"]}]);
    unleash.add_strategy("k-some", "development", &json!({"constraints": constraint}));
    unleash.switch("k-some", "development", true);
    unleash.switch("k-parent", "development", true);
    let path = "/api/admin/projects/default/features/k-child/dependencies";
    let (status, _) = unleash.admin("POST", path, Some(&json!({"feature": "k-parent"})));
    assert_eq!(status, 200);
    unleash.switch("k-child", "development", true);
    unleash.add_tag("k-tagged", "requires", "tax >=1.4");
    unleash.switch("k-tagged", "development", true);
    unleash.add_strategy("k-closed", "development", &json!({"disabled": true}));
    place.settles("k-tagged", "on");
    let state = |key: &str| place.flag(key)["state"].clone();
    assert_eq!(state("k-off"), "disabled");
    assert_eq!(state("k-on"), "on");
    assert_eq!(state("k-ten"), "on for some");
    assert_eq!(state("k-some"), "on for some");
    assert_eq!(place.flag("k-child")["requires"], json!(["flag k-parent=on"]));
    assert_eq!(place.flag("k-tagged")["requires"], json!(["tax >=1.4"]));
    // The other environment's are its own.
    let other = Place::new(place.namespace.beside("prod"), "production", &shop("2.0.0", "1.4.1"));
    assert_eq!(other.flag("k-on")["state"], "disabled");

    // What was closed to all but some is not opened to everybody.
    let refused = place.runs(&["flags", "set", "k-closed=on", "--yes"], &[], 2);
    assert!(refused.stderr.contains("would open to everybody"), "{}", refused.transcript());
    assert_eq!(state("k-closed"), "disabled");
    // Its own rules are what it has once it is on.
    unleash.switch("k-ten", "development", false);
    place.settles("k-ten", "disabled");
    place.runs(&["flags", "set", "k-ten=on", "--yes"], &[], 0);
    assert_eq!(state("k-ten"), "on for some");
    // Whoever switches at the same moment is told of.
    place.runs(&["flags", "set", "k-on=off", "--yes"], &[], 0);
    assert_eq!(state("k-on"), "disabled");
    place.runs(&["flags", "set", "k-nowhere=on", "--yes"], &[], 1);
}

impl Place {
    /// Waits until clients are told a state: the list that they get is looked up once a second.
    #[track_caller]
    fn settles(&self, key: &str, state: &str) {
        wait_for(&format!("{key} is {state}"), || (self.flag(key)["state"] == state).then_some(()));
    }
}

#[test]
fn wrong_tokens_are_told_apart_and_never_shown() {
    let place = Place::new(live(), "development", &shop("2.0.0", "1.4.1"));
    let [(read, _), (admin, _)] = place.tokens();
    let asks = |read_token: &str, admin_token: Option<&str>| {
        let words = ["capture", "--require-flags", "-v", "-v"];
        let mut run = place.namespace.plugin(words).env(&read, read_token);
        if let Some(token) = admin_token {
            run = run.env(&admin, token);
        }
        let said = run.exits(1);
        for token in [Some(read_token), admin_token].into_iter().flatten() {
            assert!(!said.transcript().contains(token), "a token is shown");
        }
        said.stderr
    };
    let backend = Unleash::backend_token("development");
    assert!(asks("default:development.hunter2", None).contains("does not know the token (401)"));
    assert!(asks(Unleash::admin_token(), None).contains("read with a backend token"));
    assert!(asks(&backend, Some("user:hunter3")).contains("does not know the token (401)"));
    assert!(
        asks(&backend, Some(&Unleash::backend_token("production")))
            .contains("may not do this (403)")
    );
    // A token of another environment would show that one's flags.
    let other = Unleash::backend_token("production");
    place.runs(
        &["flags", "source", "add", &place.source, "--type", "unleash", "--force"],
        &[
            "--url",
            &unleash().url(),
            "--at",
            place.namespace.name(),
            "--environment",
            "development",
        ],
        0,
    );
    assert!(asks(&other, None).contains("of the environment production, and not of development"));
}

#[test]
fn what_a_flag_needs_is_unknown_without_an_admins_token() {
    let unleash = own();
    let place = Place::of(&unleash, live(), "development", &shop("2.0.0", "1.3.9"));
    unleash.create_flag("n-tax");
    unleash.add_tag("n-tax", "requires", "tax >=1.4");
    unleash.add_tag("n-tax", "service", "cart");
    unleash.switch("n-tax", "development", true);
    place.settles("n-tax", "on");
    let [(read, backend), _] = place.tokens();
    let clients = |words: &[&str]| place.namespace.plugin(words.to_vec()).env(&read, &backend);
    let seen = clients(&["capture", "unseen"]).exits(0);
    assert!(seen.stderr.contains("KUBECTL_SNAPSHOT_ADMIN_TOKEN_"), "{}", seen.transcript());
    let asked = clients(&["check", "unseen"]).exits(4);
    assert!(asked.stdout.contains("cannot tell what flag n-tax needs"), "{}", asked.transcript());
    place.runs(&["check", "live"], &[], 3);
    // Both have seen the same, as far as both could see.
    place.runs(&["diff", "unseen", "live"], &[], 0);
    place.namespace.apply(&shop("2.0.0", "1.4.1"));
    place.namespace.wait_rollouts();
    place.runs(&["capture", "whole"], &[], 0);
    let applied = clients(&["apply", "whole", "--yes"]).exits(0);
    assert!(applied.stdout.contains("verified"), "{}", applied.transcript());
}

#[test]
fn the_page_is_followed() {
    let unleash = &own();
    let dev = live();
    let prod = dev.beside("prod");
    let folder = Folder::new(dev.cluster());
    for (place, manifests) in [(&dev, shop("2.0.0", "1.4.1")), (&prod, shop("1.9.0", "1.3.9"))] {
        place.apply(&manifests);
        place.wait_rollouts();
    }
    unleash.create_flag("tax-call");
    unleash.add_tag("tax-call", "requires", "tax >=1.4");
    unleash.switch("tax-call", "development", true);
    let here = |text: &str| {
        let text = text.replace("https://unleash.example.com", &unleash.url());
        let text = text.replace("--at dev", &format!("--at {}", dev.name()));
        let text = text.replace("--at prod", &format!("--at {}", prod.name()));
        let text = text.replace("live:dev", &format!("live:{}", dev.name()));
        let text = text.replace("live:prod", &format!("live:{}", prod.name()));
        let text = text.replace("-n dev", &format!("-n {}", dev.name()));
        text.replace("-n prod", &format!("-n {}", prod.name()))
    };
    let run = |command: &str, exit: i32| {
        let mut shell = dev.cluster().command("sh", ["-c", &here(command)]);
        shell = shell
            .env("KUBECTL_SNAPSHOT_STORE", dev.store())
            .env("KUBECTL_SNAPSHOT_OFFLINE", "true");
        for (source, environment) in [("DEV", "development"), ("PROD", "production")] {
            let token = Unleash::backend_token(environment);
            shell = shell.env(&format!("KUBECTL_SNAPSHOT_TOKEN_{source}_UNLEASH"), &token).env(
                &format!("KUBECTL_SNAPSHOT_ADMIN_TOKEN_{source}_UNLEASH"),
                Unleash::admin_token(),
            );
        }
        shell.current_dir(folder.path()).exits(exit)
    };
    let mut last = None;
    for block in blocks(include_str!("../../../docs/flags.md")) {
        match block {
            Block::Commands(commands) => {
                for (command, exit) in commands.into_iter().filter(|(one, _)| !page::is_make(one)) {
                    last = Some(run(command, exit));
                }
            }
            Block::Printed(lines) => {
                let last = last.as_ref().expect("a command comes before what it prints");
                for line in lines {
                    assert!(last.stdout.contains(line), "{line}\n{}", last.transcript());
                }
            }
            Block::File(..) | Block::Shown => {}
        }
    }
    let last = last.expect("the page shows commands");
    assert!(last.stdout.contains("no "), "off again in prod\n{}", last.transcript());
}
