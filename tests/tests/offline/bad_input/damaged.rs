//! Stores with something cut short.

use std::fs;

use end_to_end::{TAX, TestEnvironment, test};

#[test]
fn a_file_that_is_cut_short_does_not_hide_the_others() {
    let environment = TestEnvironment::new();
    let run = |words: &str| {
        environment.plugin(words.split(' ').chain(["--store", "snapshots"])).stdin(TAX).run()
    };
    for name in ["rel-41", "rel-42"] {
        assert_eq!(run(&format!("capture {name} --from -")).exit, 0);
    }
    let file = environment.path().join("snapshots/snapshots/rel-42.json");
    let text = fs::read(&file).unwrap();
    fs::write(&file, &text[..text.len() / 2]).unwrap();
    insta::assert_snapshot!(run("list"), @r"
    $ kubectl snapshot list --store snapshots
    exit: 0
    -- stdout --
    NAME    DIGEST               AGE  SERVICES  FLAGS  SOURCE  MESSAGE
    rel-41  sha256:[1]  [duration]  1         0      -
    -- stderr --
    Warning: rel-42: snapshots/snapshots/rel-42.json: the document is cut short: it ends at line 1, column 402; copy or export it again
    ");
    insta::assert_snapshot!(run("get rel-42 -o json"), @r"
    $ kubectl snapshot get rel-42 -o json --store snapshots
    exit: 1
    -- stderr --
    error: snapshots/snapshots/rel-42.json: the document is cut short: it ends at line 1, column 402; copy or export it again
    ");
    assert_eq!(run("get rel-41 -o json").exit, 0);
}
