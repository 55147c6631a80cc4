//! The README's picture: what the plugin prints of the story, in colour.

use std::fs;

use anstyle_svg::Term;
use end_to_end::fixture;

use crate::{generated::assert_file, plugin};

/// Columns, so that a reader of the README needs no glass.
const COLUMNS: &str = "100";

/// A folder with the two shops in a store of files.
struct Desk(tempfile::TempDir);

impl Desk {
    fn new() -> Self {
        let desk = Self(tempfile::tempdir().unwrap());
        for place in ["dev", "prod"] {
            let file = desk.0.path().join(format!("{place}.yaml"));
            fs::write(file, fixture(&format!("shop/{place}.yaml"))).unwrap();
        }
        desk.run("variables set prod DB_HOST=orders.db.internal", 0);
        desk.run("capture rel-40 --from prod.yaml", 0);
        desk.run("capture rel-41 --from dev.yaml", 0);
        desk
    }

    /// Output of a command, as on a terminal with colours.
    fn run(&self, words: &str, exit: i32) -> String {
        let more = ["--color", "always", "--store", "snapshots"];
        let words: Vec<&str> = words.split(' ').chain(more).collect();
        let output = plugin::run(self.0.path(), COLUMNS, &words);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(exit), "{words:?}: {said}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Output of a command, below the line that was typed.
    fn shown(&self, words: &str, exit: i32) -> String {
        format!("\u{1b}[1m$ kubectl snapshot {words}\u{1b}[0m\n{}\n", self.run(words, exit))
    }
}

#[test]
fn the_picture_is_what_the_plugin_prints() {
    let desk = Desk::new();
    let text = desk.shown("diff rel-40 rel-41", 1) + &desk.shown("check rel-41", 3);
    assert_file("docs/diff.svg", &Term::new().render_svg(text.trim_end()));
}
