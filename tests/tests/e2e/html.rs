//! The file that is shown to people who have no terminal.

use std::path::Path;

use end_to_end::{Cluster, Folder, Invocation, fixture};

use crate::shop::{self, DEV, PROD};

const START: &str = "<!DOCTYPE html>\n<html lang=\"en\">";

/// A run beside the shop's manifests, where there is no cluster.
fn offline(line: &str) -> Invocation {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/shop");
    let run = Cluster::shared().plugin(line.split_whitespace());
    run.current_dir(&shop).env("KUBECONFIG", "/nowhere")
}

/// Fails where a browser would ask anybody for anything, or run what is not the file's own.
#[track_caller]
fn stands_alone(file: &str) {
    assert!(file.starts_with(START) && file.ends_with("</html>\n"), "{file}");
    let policy = "default-src 'none'; script-src 'sha256-";
    assert!(file.contains(policy), "{file}");
    for outside in [" src=", " href=", "url(", "@import", "javascript:", " style="] {
        assert!(!file.contains(outside), "{outside} in {file}");
    }
    assert_eq!((file.matches("<script").count(), file.matches("<style").count()), (1, 1));
}

#[test]
fn a_diff_is_one_file_that_stands_alone() {
    let output = offline("diff ./prod.yaml ./dev.yaml -o html").exits(1);
    assert_eq!(output.stderr, "");
    stands_alone(&output.stdout);
    for told in [
        "<h1>What changes from ./prod.yaml to ./dev.yaml</h1>",
        "<b class=\"badge good\">newer</b>",
        "<b class=\"badge odd\">order unknown</b>",
        "<b class=\"badge good\">added</b>",
    ] {
        assert!(output.stdout.contains(told), "{told}");
    }
    let back = offline("diff ./dev.yaml ./prod.yaml -o html").exits(1).stdout;
    assert!(back.contains("<b class=\"badge caution\">older</b>"));
    let same = offline("diff ./dev.yaml ./dev.yaml -o html").exits(0).stdout;
    stands_alone(&same);
    assert!(same.contains("./dev.yaml and ./dev.yaml are the same."));
}

#[test]
fn a_check_and_a_description_are_too() {
    let denied = offline("check ./dev.yaml --explain -o html").exits(3).stdout;
    stands_alone(&denied);
    assert!(denied.contains("No: a policy speaks against it."));
    let described = offline("describe ./dev.yaml -o html").succeeds().stdout;
    stands_alone(&described);
    assert!(described.contains("<h1>What is in ./dev.yaml</h1>"));
}

#[test]
fn so_is_the_history_of_a_stage() {
    let dev = shop::running("dev", &fixture(PROD));
    dev.plugin(["stage", "set", "dev", "--at", dev.name()]).succeeds();
    dev.plugin(["capture", "rel-41"]).succeeds();
    dev.plugin(["promote", "rel-41", "--to", "dev", "--yes", "--reason", "<b>sprint</b>"])
        .succeeds();
    for what in ["dev", "dev/1"] {
        let history = dev.plugin(["history", what, "-o", "html"]).succeeds().stdout;
        stands_alone(&history);
        assert!(history.contains("&lt;b&gt;sprint&lt;/b&gt;"), "{history}");
    }
    let verified = dev.plugin(["history", "--verify", "-o", "html"]).succeeds().stdout;
    assert!(verified.contains("Yes: no record is missing, changed or out of place."));
    // An age is wrong tomorrow; a terminal has the time for whoever asks.
    let wide = dev.plugin(["history", "dev", "-o", "wide"]).succeeds().stdout;
    let header = wide.lines().next().unwrap();
    assert_eq!(
        header.split_whitespace().collect::<Vec<_>>(),
        ["RECORD", "TIME", "AGE", "WHO", "STATUS", "SNAPSHOT"]
    );
    let history = dev.plugin(["history", "dev", "-o", "html"]).succeeds().stdout;
    assert!(history.contains(">Time</th>") && !history.contains(">Age</th>"), "{history}");
}

#[test]
fn names_and_values_of_a_set_are_no_markup() {
    let folder = Folder::new(Cluster::shared());
    let hostile = fixture(DEV).replace(
        "DB_HOST, value: orders-db}",
        "DB_HOST, value: '</script><img src=x onerror=alert(1)>\u{202e}'}",
    );
    assert!(hostile.contains("<img"));
    folder.write("<svg onload=x>.yaml", &hostile);
    folder.write("dev.yaml", fixture(PROD));
    let run = |arguments: &[&str]| {
        let run = Cluster::shared().plugin(arguments.iter().copied());
        run.current_dir(folder.path()).env("KUBECONFIG", "/nowhere")
    };
    let file = run(&["diff", "./dev.yaml", "./<svg onload=x>.yaml", "-o", "html"]).exits(1).stdout;
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
    error: invalid value 'html' for '--output <FORMAT>': only diff, check, describe and history have the output format html; allowed formats are: json, jsonpath=TEMPLATE, markdown, name, table, wide, yaml

    For more information, try '--help'.
    ");
    for line in ["get ./dev.yaml", "apply ./dev.yaml", "policy list", "stage list"] {
        let refused = offline(&format!("{line} -o html")).exits(2);
        assert!(refused.stderr.contains("allowed formats are: json, "), "{}", refused.stderr);
    }
}
