//! Policies that do harm: each is stopped in time, with a message of its own.

use end_to_end::{HOSTILE_POLICY, TestEnvironment, test};

use super::shop;

/// Limits that every hostile policy runs into soon.
const LIMITS: [&str; 4] = ["--policy-timeout", "500ms", "--policy-memory", "64Mi"];

#[test]
fn each_is_stopped_and_says_why() {
    let environment = TestEnvironment::new();
    environment.write("hostile.wasm", &*HOSTILE_POLICY);
    environment.write("shop.yaml", shop("1.4.1"));
    for (name, deed) in [
        ("loop", r#"{"do":"loop"}"#),
        ("sleep", r#"{"do":"sleep-for-ever"}"#),
        ("grow", r#"{"do":"grow"}"#),
        ("recurse", r#"{"do":"recurse"}"#),
        ("find_many", r#"{"do":"find","findings":20000}"#),
        ("exit", r#"{"do":"exit","status":0}"#),
        ("decline", r#"{"do":"decline","with":"no\u001b[2J way"}"#),
    ] {
        let run = [
            "policy",
            "run",
            "./hostile.wasm",
            "./shop.yaml",
            "--settings",
            deed,
            "-o",
            "jsonpath={.undecided}",
        ];
        let run = environment.plugin(run.into_iter().chain(LIMITS));
        insta::assert_snapshot!(format!("hostile_{name}"), run.exits(4));
    }
}

#[test]
fn what_it_says_cannot_harm_the_terminal() {
    let environment = TestEnvironment::new();
    environment.write("hostile.wasm", &*HOSTILE_POLICY);
    environment.write("shop.yaml", shop("1.4.1"));
    let deed = r#"{"do":"find-text","text":"\u001b[2J\u009b31m\u0007gone"}"#;
    let run = ["policy", "run", "./hostile.wasm", "./shop.yaml", "--settings", deed];
    let output = environment.plugin(run).exits(3);
    assert!(output.stdout.contains("gone"), "{}", output.transcript());
    let printed = output.stdout.chars().chain(output.stderr.chars());
    assert!(printed.clone().all(|c| c == '\n' || !c.is_control()), "{}", output.transcript());
}

#[test]
fn limits_hold_in_check_and_apply_as_well() {
    let environment = TestEnvironment::new();
    environment.write("hostile.wasm", &*HOSTILE_POLICY);
    environment.write("shop.yaml", shop("1.4.1"));
    let store = ["--store", "./store"];
    let add =
        ["policy", "add", "./hostile.wasm", "--name", "ours", "--settings", r#"{"do":"loop"}"#];
    let add = |words: &[&'static str]| {
        let line = add.into_iter().chain(store).chain(words.iter().copied());
        environment.plugin(line).env("KUBECTL_SNAPSHOT_POLICY_TIMEOUT", "300ms")
    };
    let refused = add(&[]).exits(2);
    assert!(
        refused.stderr.contains("it cannot answer an empty question"),
        "{}",
        refused.transcript()
    );
    add(&["--force"]).succeeds();
    let check = ["check", "./shop.yaml"].into_iter().chain(store);
    let check = environment.plugin(check).env("KUBECTL_SNAPSHOT_POLICY_TIMEOUT", "300ms");
    let output = check.exits(4);
    assert!(
        output.stdout.contains("the policy ran longer than 0.3 s and was stopped"),
        "{}",
        output.transcript()
    );
}

#[test]
fn a_file_that_is_no_policy_is_inspected_and_said_to_be_none() {
    let environment = TestEnvironment::new();
    environment.write("module.wasm", b"\0asm\x01\0\0\0");
    environment.write("component.wasm", b"\0asm\x0d\0\x01\0");
    environment.write("text.wasm", b"apiVersion: v1\n");
    for name in ["module", "component", "text"] {
        let inspect = ["policy", "inspect", &format!("./{name}.wasm")].map(str::to_owned);
        let inspect = environment.plugin(inspect.iter().map(String::as_str));
        insta::assert_snapshot!(format!("inspect_{name}"), inspect.exits(1));
    }
    let large = std::fs::File::create(environment.path().join("large.wasm")).unwrap();
    large.set_len((64 << 20) + 1).unwrap();
    insta::assert_snapshot!(
        "inspect_large",
        environment.plugin(["policy", "inspect", "./large.wasm"]).exits(1)
    );
    insta::assert_snapshot!(
        "inspect_missing",
        environment.plugin(["policy", "inspect", "./missing.wasm"]).exits(1)
    );
    insta::assert_snapshot!(
        "inspect_nobody",
        environment.plugin(["policy", "inspect", "nobody"]).exits(1)
    );
}
