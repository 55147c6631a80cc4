//! Culprits among the changes of the shop, looked for in files and in a store of files.

use std::fs;

use end_to_end::{DEV, Invocation, PROD, TestEnvironment, fixture, test, wait_for};

/// A command that fails where web 7d1f0c9 meets the flag tax-call.
const CHECKOUT: &str = r#"#!/bin/sh
echo run >> ./runs
grep -q shop/web:7d1f0c9 "$KUBECTL_SNAPSHOT_FILE" || exit 0
grep -q '"tax-call":{[^{}]*"value":true' "$KUBECTL_SNAPSHOT_FILE" || exit 0
exit 1
"#;

/// The shop as it runs in prod, which works, and as it runs in dev, which does not.
fn shop(command: &str) -> TestEnvironment {
    let environment = TestEnvironment::new();
    environment.write("good.yaml", fixture(PROD));
    environment.write("bad.yaml", fixture(DEV));
    environment.write("checkout.sh", command);
    environment.command("chmod", ["+x", "checkout.sh"]).succeeds();
    environment
}

fn bisect(environment: &TestEnvironment, more: &[&str]) -> Invocation {
    let sets = ["bisect", "./good.yaml", "./bad.yaml"];
    let command = ["--", "./checkout.sh"];
    environment.plugin([&sets[..], more, &command[..]].concat()).env("USER", "grace")
}

fn runs(environment: &TestEnvironment) -> usize {
    let runs = fs::read_to_string(environment.path().join("runs")).unwrap_or_default();
    runs.lines().count()
}

#[test]
fn two_changes_that_fail_only_together_are_found() {
    let shop = shop(CHECKOUT);
    let found = bisect(&shop, &["-o", "json"]).succeeds().json();
    let members = &found["culprits"][0]["members"];
    let mut members: Vec<&str> =
        members.as_array().unwrap().iter().map(|block| block[0].as_str().unwrap()).collect();
    members.sort_unstable();
    assert_eq!(members, ["flag tax-call", "web 7d1f0c9"]);
    assert_eq!(found["culprits"].as_array().unwrap().len(), 1);
    assert_eq!(
        (&found["culprits"][0]["alone"], &found["outlook"]),
        (&true.into(), &"clean".into())
    );
    assert_eq!(found["runs"], runs(&shop));
    let summary = found["summary"].as_str().unwrap();
    assert!(
        summary.contains(" together with ") && summary.contains(" breaks ./checkout.sh; sure to ")
    );
}

#[test]
fn what_was_run_is_not_run_again() {
    for home in [["--log", "./runs.jsonl"], ["--store", "./store"]] {
        let shop = shop(CHECKOUT);
        let first = bisect(&shop, &[&home[..], &["-o", "json"]].concat()).succeeds().json();
        let before = runs(&shop);
        let again = bisect(&shop, &[&home[..], &["-o", "json"]].concat()).succeeds().json();
        assert_eq!(runs(&shop), before);
        assert_eq!(again["remembered"], first["runs"]);
        assert_eq!(again["culprits"], first["culprits"]);
    }
}

#[test]
fn a_killed_run_is_gone_on_with() {
    let shop = shop(CHECKOUT);
    let whole = bisect(&shop, &["-o", "json", "--log", "./whole.jsonl"]).succeeds().json();
    let all = runs(&shop);
    for wanted in [1, all / 2, all - 1] {
        let log = format!("./killed-{wanted}.jsonl");
        fs::remove_file(shop.path().join("runs")).unwrap();
        let running = bisect(&shop, &["--log", &log]).start();
        wait_for("a run", || (runs(&shop) >= wanted).then_some(()));
        running.kill();
        let kept = || fs::read_to_string(shop.path().join(&log)).unwrap_or_default();
        let kept = kept().lines().count();
        let again = bisect(&shop, &["-o", "json", "--log", &log]).succeeds().json();
        assert_eq!(again["culprits"], whole["culprits"]);
        assert_eq!(again["remembered"], kept);
    }
}

#[test]
fn what_makes_no_sense_is_refused() {
    for (script, exit, said) in [
        ("#!/bin/sh\nexit 1\n", 1, "the command fails for ./good.yaml too, in 3 of 3 runs"),
        ("#!/bin/sh\nexit 0\n", 1, "the command does not fail for ./bad.yaml, in 3 runs"),
        (
            "#!/bin/sh\nexit 127\n",
            2,
            "./checkout.sh: it cannot be run: it ended with exit code 127",
        ),
        ("#!/bin/sh\nexit 200\n", 1, "./checkout.sh ended with exit code 200, which stops"),
    ] {
        let output = bisect(&shop(script), &[]).exits(exit);
        assert!(output.stderr.contains(said), "{}", output.stderr);
        assert_eq!(output.stdout, "");
    }
    let shop = shop(CHECKOUT);
    let equal = ["bisect", "./good.yaml", "./good.yaml", "--", "./checkout.sh"];
    let output = shop.plugin(equal).exits(2);
    assert!(output.stderr.contains("are one set"), "{}", output.stderr);
    let absent = ["bisect", "./good.yaml", "./bad.yaml", "--", "./no-such-command"];
    let output = shop.plugin(absent).exits(2);
    assert!(output.stderr.contains("./no-such-command: it cannot be run"), "{}", output.stderr);
    shop.plugin(["bisect", "./good.yaml", "./bad.yaml"]).exits(2);
    let output = bisect(&shop, &["--max-runs", "6"]).exits(2);
    assert!(output.stderr.contains("--max-runs 6 leaves no run"), "{}", output.stderr);
    let output = bisect(&shop, &["--log", "/dev/null"]).exits(1);
    assert!(output.stderr.contains("it is no ordinary file"), "{}", output.stderr);
}

#[test]
fn ctrl_c_ends_the_command_and_says_what_is_known() {
    let shop = shop("#!/bin/sh\necho $$ > ./begun\nsleep 60\n");
    let running = bisect(&shop, &[]).start();
    let process = wait_for("the command", || {
        let process = fs::read_to_string(shop.path().join("begun")).ok()?;
        (!process.trim().is_empty()).then(|| process.trim().to_owned())
    });
    running.interrupt();
    let output = running.finish();
    assert_eq!(output.exit, 130);
    assert!(output.stderr.contains("so far: 0 runs"), "{}", output.stderr);
    let alive = shop.command("sh", ["-c", &format!("kill -0 {process}")]).run();
    assert_ne!(alive.exit, 0, "the command goes on: {process}");
}

#[test]
fn a_line_of_the_log_that_is_no_result_is_told() {
    let shop = shop(CHECKOUT);
    let first = bisect(&shop, &["-o", "json", "--log", "./runs.jsonl"]).succeeds().json();
    let log = shop.path().join("runs.jsonl");
    let kept = fs::read_to_string(&log).unwrap();
    fs::write(&log, format!("no result\n{kept}{{\"half\":")).unwrap();
    let again = bisect(&shop, &["-o", "json", "--log", "./runs.jsonl"]).succeeds();
    assert_eq!(again.json()["culprits"], first["culprits"]);
    let told = "runs.jsonl has 1 line that is no result, first of all line 1";
    assert!(again.stderr.contains(told), "{}", again.transcript());
}
