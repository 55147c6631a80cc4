//! Command that runs once a snapshot is stored: `--then`.

use std::fs;

use end_to_end::{DEV, Invocation, Running, TestEnvironment, fixture, test, wait_for};

/// A capture of the shop into a directory, and a command to run then.
fn capture(environment: &TestEnvironment, then: &str) -> Invocation {
    environment.write("shop.yaml", fixture(DEV));
    let arguments =
        ["capture", "rel-42", "--from", "./shop.yaml", "--store", "./store", "--then", then];
    environment.plugin(arguments)
}

#[test]
fn it_is_told_what_was_captured_and_its_exit_code_counts() {
    let environment = TestEnvironment::new();
    let then = r#"echo "$KUBECTL_SNAPSHOT_NAME $KUBECTL_SNAPSHOT_DIGEST"; echo no >&2; exit 42"#;
    let output = capture(&environment, then).exits(42);
    insta::assert_snapshot!("then", output);
    let document =
        fs::read_to_string(environment.path().join("store/snapshots/rel-42.json")).unwrap();
    let digest = output.stdout.split_whitespace().last().unwrap();
    assert!(digest.starts_with("sha256:") && document.contains(digest), "{digest}");
    // What is not stored is not tested: the name is taken now.
    let again = capture(&environment, "echo never").exits(5);
    assert_eq!(again.stdout, "");
}

#[test]
fn it_ends_as_the_command_does() {
    let environment = TestEnvironment::new();
    capture(&environment, "exit 0").exits(0);
    let environment = TestEnvironment::new();
    insta::assert_snapshot!(
        "then_missing",
        capture(&environment, "no-such-command 2>&-").exits(127)
    );
    let environment = TestEnvironment::new();
    insta::assert_snapshot!("then_killed", capture(&environment, "kill -KILL $$").exits(1));
    let usage = ["capture", "--then", "true"];
    insta::assert_snapshot!("then_without_name", environment.plugin(usage).exits(2));
    let dry = ["capture", "rel-42", "--then", "true", "--dry-run=client"];
    environment.plugin(dry).exits(2);
}

#[test]
fn ctrl_c_ends_the_command_first() {
    let environment = TestEnvironment::new();
    let then = "trap 'echo tidied; exit 3' INT; echo $$ > ./begun; while :; do sleep 0.1; done";
    let running = capture(&environment, then).start();
    let process = wait_for("the command", || {
        let process = fs::read_to_string(environment.path().join("begun")).ok()?;
        (!process.trim().is_empty()).then(|| process.trim().to_owned())
    });
    running.interrupt();
    let output = running.finish();
    insta::assert_snapshot!("then_interrupted", output);
    let alive = environment.command("sh", ["-c", &format!("kill -0 {process}")]).run();
    assert_ne!(alive.exit, 0, "the command goes on: {process}");
}

#[test]
fn a_second_signal_does_not_wait_for_it() {
    let environment = TestEnvironment::new();
    let then = "trap 'echo > ./heard' INT TERM; echo $$ > ./begun; while :; do sleep 0.1; done";
    for (first, second, exit) in [
        (Running::interrupt as fn(&Running), Running::interrupt as fn(&Running), 130),
        (Running::terminate, Running::terminate, 143),
        (Running::interrupt, Running::terminate, 143),
    ] {
        let running = capture(&environment, then).start();
        let process = wait_for("the command", || {
            let process = fs::read_to_string(environment.path().join("begun")).ok()?;
            (!process.trim().is_empty()).then(|| process.trim().to_owned())
        });
        first(&running);
        // Passed on: two that come at once would be one.
        let heard = environment.path().join("heard");
        wait_for("the first signal", || heard.exists().then_some(()));
        second(&running);
        let output = running.finish();
        assert_eq!(output.exit, exit, "{}", output.transcript());
        assert!(output.stderr.contains("to end at once"), "{}", output.transcript());
        let kill = format!("kill -s KILL -- -{process}");
        environment.command("sh", ["-c", &kill]).succeeds();
        fs::remove_file(heard).unwrap();
        fs::remove_file(environment.path().join("begun")).unwrap();
        fs::remove_dir_all(environment.path().join("store")).unwrap();
    }
}
