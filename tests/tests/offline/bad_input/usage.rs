//! Commands that are typed wrongly.

use end_to_end::{Output, TestEnvironment, test};

/// Words on the command line.
#[track_caller]
fn run(words: &str) -> Output {
    let environment = TestEnvironment::new();
    environment.plugin(words.split(' ')).exits(2)
}

#[test]
fn an_unknown_subcommand() {
    insta::assert_snapshot!(run("captrue rel-42"), @r"
    $ kubectl snapshot captrue rel-42
    exit: 2
    -- stderr --
    error: unrecognized subcommand 'captrue'

      tip: some similar subcommands exist: 'approve', 'capture'

    Usage: kubectl snapshot [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ");
}

#[test]
fn an_unknown_flag() {
    insta::assert_snapshot!(run("list --frobnicate"), @r"
    $ kubectl snapshot list --frobnicate
    exit: 2
    -- stderr --
    error: unexpected argument '--frobnicate' found

    Usage: kubectl snapshot list [OPTIONS]

    For more information, try '--help'.
    ");
}

#[test]
fn an_argument_that_is_missing() {
    insta::assert_snapshot!(run("diff"), @r"
    $ kubectl snapshot diff
    exit: 2
    -- stderr --
    error: the following required arguments were not provided:
      <A>

    Usage: kubectl snapshot diff <A> [B]

    For more information, try '--help'.
    ");
}

#[test]
fn an_unknown_format() {
    insta::assert_snapshot!(run("list -o nonsense"), @r#"
    $ kubectl snapshot list -o nonsense
    exit: 2
    -- stderr --
    error: invalid value 'nonsense' for '--output <FORMAT>': there is no output format "nonsense"; allowed formats are: json, jsonpath=TEMPLATE, markdown, name, table, wide, yaml

    For more information, try '--help'.
    "#);
}

#[test]
fn a_broken_template() {
    insta::assert_snapshot!(run("list -o jsonpath={.items[*]"), @r"
    $ kubectl snapshot list -o 'jsonpath={.items[*]'
    exit: 2
    -- stderr --
    error: invalid value 'jsonpath={.items[*]' for '--output <FORMAT>': jsonpath template {.items[*]: a { is never closed

    For more information, try '--help'.
    ");
    insta::assert_snapshot!(run("list -o jsonpath={.items[}"), @r"
    $ kubectl snapshot list -o 'jsonpath={.items[}'
    exit: 2
    -- stderr --
    error: invalid value 'jsonpath={.items[}' for '--output <FORMAT>': jsonpath template {.items[}: a { is never closed

    For more information, try '--help'.
    ");
}

#[test]
fn a_duration_that_is_none() {
    insta::assert_snapshot!(run("apply rel-42 --timeout soon"), @r#"
    $ kubectl snapshot apply rel-42 --timeout soon
    exit: 2
    -- stderr --
    error: invalid value 'soon' for '--timeout <DURATION>': "soon" is not a duration: use [duration], 5m or 1h30m

    For more information, try '--help'.
    "#);
}

#[test]
fn names_that_mean_something_else() {
    insta::assert_snapshot!(run("capture live"), @r#"
    $ kubectl snapshot capture live
    exit: 2
    -- stderr --
    error: invalid value 'live' for '[NAME]': "live" cannot be a snapshot's name: on the command line it means what runs now; choose another name

    For more information, try '--help'.
    "#);
    insta::assert_snapshot!(run("capture Rel_42"), @r#"
    $ kubectl snapshot capture Rel_42
    exit: 2
    -- stderr --
    error: invalid value 'Rel_42' for '[NAME]': "Rel_42" cannot be a name: use lower-case letters, digits, - and ., begin and end with a letter or a digit, 200 characters at most

    For more information, try '--help'.
    "#);
    insta::assert_snapshot!(run("tag rel-42 stage:prod"), @r#"
    $ kubectl snapshot tag rel-42 stage:prod
    exit: 2
    -- stderr --
    error: invalid value 'stage:prod' for '<NAME>': "stage:prod" cannot be a snapshot's name: on the command line it means what is deployed at a stage; choose another name

    For more information, try '--help'.
    "#);
}

#[test]
fn a_stage() {
    insta::assert_snapshot!(run("diff stage:prod ./tax.yaml --store store"), @r"
    $ kubectl snapshot diff stage:prod ./tax.yaml --store store
    exit: 2
    -- stderr --
    error: there is no stage prod in store
    hint: make one with: kubectl snapshot stage set STAGE --at NAMESPACE
    ");
}

#[test]
fn a_snapshot_where_manifests_belong() {
    insta::assert_snapshot!(run("capture rel-42 --from live:dev --store store"), @r"
    $ kubectl snapshot capture rel-42 --from live:dev --store store
    exit: 2
    -- stderr --
    error: a snapshot is captured from files, not from live:dev
    hint: --from takes a file, a folder, or - for standard input
    hint: to store what a snapshot holds under another name, use: kubectl snapshot tag
    ");
}
