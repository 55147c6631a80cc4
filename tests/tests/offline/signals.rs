//! Signals, whatever the plugin is doing: each ends it, with its own exit code.
//!
//! Each is tried several times, for what once went wrong went wrong at random.

use std::process::Command;

use end_to_end::{HOSTILE_POLICY, Invocation, PROD, TestEnvironment, fixture, test};

/// Number of times that each is tried, with either signal.
const ROUNDS: usize = 3;
/// Time limit of an endless policy: longer than any test.
const PATIENCE: [&str; 2] = ["--policy-timeout", "1h"];
const LOOP: &str = r#"{"do":"loop"}"#;

fn environment() -> TestEnvironment {
    let environment = TestEnvironment::new();
    environment.write("shop.yaml", fixture(PROD));
    environment.write("hostile.wasm", &*HOSTILE_POLICY);
    environment
}

/// A run of the plugin.
fn plugin(environment: &TestEnvironment, words: &[&str]) -> Invocation {
    environment.plugin(words.iter().copied())
}

/// Whoever opens it waits until somebody opens its other end.
fn fifo(environment: &TestEnvironment, name: &str) {
    let path = environment.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let made = Command::new("mkfifo").arg(&path).status().expect("there is mkfifo");
    assert!(made.success(), "{}", path.display());
}

/// Either signal ends it, at the first one.
#[track_caller]
fn is_ended_by_signals(environment: &TestEnvironment, words: &[&str]) {
    for round in 0..2 * ROUNDS {
        let running = plugin(environment, words).stdin_held_open().start();
        running.is_at_work();
        let expected = if round % 2 == 0 {
            running.interrupt();
            (130, "error: interrupted\n")
        } else {
            running.terminate();
            (143, "error: terminated\n")
        };
        let output = running.finish();
        let got = (output.exit, output.stderr.as_str());
        assert_eq!(got, expected, "round {round}: {}", output.transcript());
    }
}

#[test]
fn while_stdin_says_nothing() {
    let environment = environment();
    is_ended_by_signals(&environment, &["diff", "-", "./shop.yaml"]);
    is_ended_by_signals(&environment, &["check", "-"]);
    is_ended_by_signals(&environment, &["capture", "rel-42", "--from", "-", "--store", "./store"]);
}

#[test]
fn while_a_pipe_says_nothing() {
    let environment = environment();
    fifo(&environment, "pipe");
    is_ended_by_signals(&environment, &["describe", "./pipe"]);
    is_ended_by_signals(&environment, &["list", "--kubeconfig", "./pipe"]);
    is_ended_by_signals(&environment, &["policy", "inspect", "./pipe"]);
    let run = ["policy", "run", "./hostile.wasm", "./shop.yaml"];
    is_ended_by_signals(&environment, &[&run[..], &["--settings", "./pipe"]].concat());
    is_ended_by_signals(&environment, &["policy", "run", "./hostile.wasm", "--replay", "./pipe"]);
    is_ended_by_signals(&environment, &["policy", "add", "semver-major", "--key", "./pipe"]);
    let evidence = ["evidence", "add", "./shop.yaml", "--from-junit", "./pipe"];
    is_ended_by_signals(&environment, &evidence);
}

#[test]
fn nobody_waits_for_a_pipe_in_a_store_of_files() {
    let environment = environment();
    fifo(&environment, "store/snapshots/rel-42.json");
    fifo(&environment, "store/stages/prod.json");
    fifo(&environment, "store/variables/prod.json");
    let store = ["--store", "./store"];
    for words in [
        &["get", "rel-42"][..],
        &["delete", "rel-42"],
        &["tag", "./shop.yaml", "rel-42"],
        &["variables", "set", "prod", "DB_HOST=db"],
    ] {
        let refused = plugin(&environment, &[words, &store].concat()).exits(1);
        assert!(refused.stderr.contains("is a pipe"), "{}", refused.transcript());
    }
}

#[test]
fn while_a_policy_never_ends() {
    let environment = environment();
    let run = ["policy", "run", "./hostile.wasm", "./shop.yaml", "--settings", LOOP];
    // Compiled once, and recorded with a question that it never answers.
    let recorded = [&run[..], &["--policy-timeout", "50ms", "--record", "./loop.json"]].concat();
    plugin(&environment, &recorded).exits(4);
    is_ended_by_signals(&environment, &[&run[..], &PATIENCE].concat());
    let replay = ["policy", "run", "./hostile.wasm", "--replay", "./loop.json"];
    is_ended_by_signals(&environment, &[&replay[..], &PATIENCE].concat());
    let bench = ["policy", "bench", "./hostile.wasm", "--settings", LOOP];
    is_ended_by_signals(&environment, &[&bench[..], &PATIENCE].concat());

    environment.write("rules/policy.wasm", &*HOSTILE_POLICY);
    let fixture =
        format!("decision: compatibility\ncandidate: ../../shop.yaml\nsettings: {LOOP}\n");
    environment.write("rules/fixtures/loop.yaml", fixture);
    is_ended_by_signals(&environment, &[&["policy", "test", "./rules"][..], &PATIENCE].concat());

    let store = ["--store", "./store"];
    let add = ["policy", "add", "./hostile.wasm", "--name", "ours", "--settings", LOOP];
    let anyway = ["--force", "--policy-timeout", "50ms"];
    plugin(&environment, &[&add[..], &store, &anyway].concat()).succeeds();
    is_ended_by_signals(&environment, &[&["check", "./shop.yaml"][..], &store, &PATIENCE].concat());
}

#[test]
fn while_nobody_reads_what_is_printed() {
    let environment = environment();
    let workload = |n: usize| {
        format!(
            "apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: tax-{n}}}\nspec:\n  template:\n    \
             spec:\n      containers: [{{name: tax, image: 'registry.example/shop/tax:1.{n}.0'}}]\n"
        )
    };
    let many: Vec<String> = (0..1000).map(workload).collect();
    environment.write("many.yaml", many.join("---\n"));
    let question = ["get", "./many.yaml", "-o", "yaml"];
    // More than any pipe takes without a reader.
    assert!(plugin(&environment, &question).succeeds().stdout.len() > 128 << 10);
    for round in 0..2 * ROUNDS {
        let running = plugin(&environment, &question).start();
        running.is_at_work();
        let expected = if round % 2 == 0 {
            running.interrupt();
            130
        } else {
            running.terminate();
            143
        };
        assert_eq!(running.finish_unread(), expected, "round {round}");
    }
}
