//! Runs of programs, of which all other tests are made.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use end_to_end::{Cluster, Driver, Registry, TestEnvironment, test};

#[test]
fn a_run_sees_nothing_of_the_testers_environment() {
    let seen = TestEnvironment::new().command("env", []).env("ONLY_THIS", "1").succeeds().stdout;
    let mut names: Vec<_> = seen.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    names.sort_unstable();
    assert_eq!(names, ["HOME", "KUBECONFIG", "ONLY_THIS", "PATH"]);
}

#[test]
fn a_run_that_hangs_is_killed_and_tells_what_it_printed() {
    let environment = TestEnvironment::new();
    let hanging = environment.command("sh", ["-c", "echo so far; exec sleep 600"]);
    let hanging = hanging.timeout(Duration::from_millis(300));
    let panic = catch_unwind(AssertUnwindSafe(|| hanging.run())).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("killed after") && message.contains("so far"), "{message}");
}

#[test]
fn stdin_exit_code_and_both_outputs_pass_through() {
    let script = "cat; echo oops >&2; exit 3";
    let environment = TestEnvironment::new();
    let run = environment.command("sh", ["-c", script]).stdin("it's\nhere").exits(3);
    insta::assert_snapshot!(run, @r"
    $ sh -c 'cat; echo oops >&2; exit 3'
    exit: 3
    -- stdout --
    it's
    here[no newline]
    -- stderr --
    oops
    ");
}

/// Otherwise such a test would build and start one, and take minutes where Go is absent.
#[test]
fn no_test_here_can_have_a_control_plane() {
    let asking: [fn(); 3] =
        [|| _ = Cluster::shared(), || _ = Driver::program(), || _ = Registry::new()];
    for ask in asking {
        let panic = catch_unwind(ask).expect_err("it is refused");
        let message = panic.downcast_ref::<String>().expect("the refusal has a message");
        assert!(message.starts_with("an offline test asks for "), "{message}");
    }
}
