//! Files that are shown to people who have no terminal.

use std::path::Path;

use end_to_end::{
    DEV, Invocation, PROD, TestEnvironment, assert_stands_alone, fixture, plugin, test,
};

/// A run beside the shop's manifests, where there is no cluster.
fn offline(line: &str) -> Invocation {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/shop");
    plugin(line.split_whitespace()).current_dir(&shop)
}

#[test]
fn a_diff_is_one_file_that_stands_alone() {
    let output = offline("diff ./prod.yaml ./dev.yaml -o html").exits(1);
    assert_eq!(output.stderr, "");
    assert_stands_alone(&output.stdout);
    for told in [
        "<h1>What changes from ./prod.yaml to ./dev.yaml</h1>",
        "<b class=\"badge good\">▲ newer</b>",
        "<b class=\"badge odd\">? order unknown</b>",
        "<b class=\"badge good\">added</b>",
    ] {
        assert!(output.stdout.contains(told), "{told}");
    }
    let back = offline("diff ./dev.yaml ./prod.yaml -o html").exits(1).stdout;
    assert!(back.contains("<b class=\"badge caution\">▼ older</b>"));
    let same = offline("diff ./dev.yaml ./dev.yaml -o html").exits(0).stdout;
    assert_stands_alone(&same);
    assert!(same.contains("./dev.yaml and ./dev.yaml are the same."));
}

#[test]
fn a_check_and_a_description_are_too() {
    let denied = offline("check ./dev.yaml --explain -o html").exits(3).stdout;
    assert_stands_alone(&denied);
    assert!(denied.contains("No: a policy speaks against it."));
    let described = offline("describe ./dev.yaml -o html").succeeds().stdout;
    assert_stands_alone(&described);
    assert!(described.contains("<h1>What is in ./dev.yaml</h1>"));
}

#[test]
fn names_and_values_of_a_set_are_no_markup() {
    let environment = TestEnvironment::new();
    let hostile = fixture(DEV).replace(
        "DB_HOST, value: orders-db}",
        "DB_HOST, value: '</script><img src=x onerror=alert(1)>\u{202e}'}",
    );
    assert!(hostile.contains("<img"));
    environment.write("<svg onload=x>.yaml", &hostile);
    environment.write("dev.yaml", fixture(PROD));
    let diff = ["diff", "./dev.yaml", "./<svg onload=x>.yaml", "-o", "html"];
    let file = environment.plugin(diff).exits(1).stdout;
    assert!(file.contains("&lt;svg onload=x&gt;") && !file.contains("<svg"));
    assert!(file.contains("&lt;img src=x") && !file.contains("<img"));
    assert!(file.contains(r"\u{202e}") && !file.contains('\u{202e}'));
    assert_eq!(file.matches("</script>").count(), 1);
}

#[test]
fn other_commands_say_which_formats_they_have() {
    insta::assert_snapshot!(offline("list -o html").exits(2), @r"
    $ kubectl snapshot list -o html
    exit: 2
    -- stderr --
    error: invalid value 'html' for '--output <FORMAT>': only diff, check, describe, history, status and bisect have the output format html; allowed formats are: json, jsonpath=TEMPLATE, markdown, name, table, wide, yaml

    For more information, try '--help'.
    ");
    for line in ["get ./dev.yaml", "apply ./dev.yaml", "policy list", "stage list"] {
        let refused = offline(&format!("{line} -o html")).exits(2);
        assert!(refused.stderr.contains("allowed formats are: json, "), "{}", refused.stderr);
    }
}
