//! The runs of programs that all other tests are made of.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use end_to_end::Cluster;

#[test]
fn a_run_sees_nothing_of_the_testers_environment() {
    let cluster = Cluster::shared();
    let seen = cluster.command("env", []).env("ONLY_THIS", "1").succeeds().stdout;
    let mut names: Vec<_> = seen.lines().filter_map(|line| Some(line.split_once('=')?.0)).collect();
    names.sort_unstable();
    assert_eq!(names, ["HOME", "KUBECONFIG", "ONLY_THIS", "PATH"]);
}

#[test]
fn a_run_has_no_cluster_but_ours() {
    let contexts = ["config", "get-contexts", "-o", "name"];
    insta::assert_snapshot!(Cluster::shared().kubectl(contexts).run(), @r"
    $ kubectl config get-contexts -o name
    exit: 0
    -- stdout --
    admin
    developer
    nobody
    promoter
    reader
    ");
}

#[test]
fn a_run_that_hangs_is_killed_and_tells_what_it_printed() {
    let hanging = Cluster::shared()
        .command("sh", ["-c", "echo so far; exec sleep 600"])
        .timeout(Duration::from_millis(300));
    let panic = catch_unwind(AssertUnwindSafe(|| hanging.run())).unwrap_err();
    let message = panic.downcast_ref::<String>().unwrap();
    assert!(message.contains("killed after") && message.contains("so far"), "{message}");
}

#[test]
fn stdin_exit_code_and_both_outputs_pass_through() {
    let script = "cat; echo oops >&2; exit 3";
    let run = Cluster::shared().command("sh", ["-c", script]).stdin("it's\nhere").exits(3);
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
