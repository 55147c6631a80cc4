//! Evidence in a directory.

use end_to_end::{DEV, TestEnvironment, fixture, test};

#[test]
fn a_directory_holds_evidence_too() {
    let environment = TestEnvironment::new();
    environment.write("shop.yaml", fixture(DEV));
    let plugin = |line: &str| environment.plugin(line.split(' ')).env("USER", "ada");
    plugin("capture rel-42 --from ./shop.yaml --store ./store").succeeds();
    plugin("evidence add rel-42 --name e2e --passed --store ./store").succeeds();
    let listed = plugin("evidence list rel-42 --store ./store -o json").succeeds().json();
    assert_eq!(listed["items"][0]["actor"], "ada");
    let anonymous =
        plugin("evidence add rel-42 --name e2e --passed --store ./store").env("USER", "");
    insta::assert_snapshot!("anonymous", anonymous.run());
}

/// A report of Node's runner: tests outside of every suite, and a todo that fails.
const NODE: &str = "<testsuites><testcase name=\"adds\" classname=\"test\"/><testsuite name=\"cart\" tests=\"1\" failures=\"1\" skipped=\"1\"><testcase name=\"totals\"><skipped type=\"todo\"/><failure/></testcase></testsuite></testsuites>";

/// A report of gotestsum, with a test that passed when it was run again.
const AGAIN: &str = "<testsuites tests=\"3\" failures=\"1\"><testsuite name=\"m\" tests=\"3\" failures=\"1\"><testcase classname=\"m\" name=\"TestFlaky\"><failure/></testcase><testcase classname=\"m\" name=\"TestFine\"/><testcase classname=\"m\" name=\"TestFlaky\"/></testsuite></testsuites>";

/// A report of jest-junit, which leaves out files that did not load.
const JEST: &str = "<testsuites name=\"jest tests\" tests=\"1\" failures=\"0\"><testsuite name=\"undefined\" tests=\"1\"><testcase name=\"ok\"/></testsuite></testsuites>";

#[test]
fn a_report_and_its_runner_both_have_a_word() {
    let environment = TestEnvironment::new();
    environment.write("shop.yaml", fixture(DEV));
    let plugin = |line: &str| environment.plugin(line.split(' ')).env("USER", "ada");
    plugin("capture rel-42 --from ./shop.yaml --store ./store").succeeds();
    let add = |report: &str, more: &str| {
        environment.write("report.xml", report);
        let line = format!(
            "evidence add rel-42 --from-junit ./report.xml --name unit --store ./store{more}"
        );
        plugin(&line).run()
    };
    for (report, more, says) in [
        (NODE, "", "passed"),
        (NODE, " --exit-code 1", "failed"),
        (AGAIN, "", "failed"),
        (AGAIN, " --exit-code 0", "passed"),
        (JEST, " --exit-code 0", "passed"),
        (JEST, " --exit-code 1", "failed"),
    ] {
        let added = add(report, more);
        assert_eq!(added.exit, 0, "{added}");
        assert!(added.stdout.contains(says), "{says}: {added}");
    }
    let ended =
        NODE.replace("</testsuites>", "<!-- tests 2 --><!-- duration_ms 5.1 --></testsuites>");
    for (report, runner) in [
        (JEST, "jest-junit leaves files"),
        (&JEST.replace("jest", "vitest"), "vitest leaves errors between tests"),
        (&ended, "Node's test runner leaves"),
    ] {
        let refused = add(report, "");
        assert_eq!(refused.exit, 2, "{refused}");
        assert!(refused.stderr.contains(runner), "{refused}");
        assert!(refused.stderr.contains("--exit-code $?"), "{refused}");
    }
    let listed = plugin("evidence list rel-42 --store ./store -o json").succeeds().stdout;
    for says in ["2 tests, 1 skipped; the runner ended with 1", "2 tests, 1 flaky: m.TestFlaky"] {
        assert!(listed.contains(says), "{listed}");
    }
    plugin("evidence add rel-42 --name unit --passed --exit-code 0 --store ./store").exits(2);
}
