//! The file that is shown to people who have no terminal.

use end_to_end::{assert_stands_alone, fixture, test};

use crate::shop::{self, PROD};

#[test]
fn so_is_the_history_of_a_stage() {
    let dev = shop::running("dev", &fixture(PROD));
    dev.plugin(["stage", "set", "dev", "--at", dev.name()]).succeeds();
    dev.plugin(["capture", "rel-41"]).succeeds();
    dev.plugin(["promote", "rel-41", "--to", "dev", "--yes", "--reason", "<b>sprint</b>"])
        .succeeds();
    for what in ["dev", "dev/1"] {
        let history = dev.plugin(["history", what, "-o", "html"]).succeeds().stdout;
        assert_stands_alone(&history);
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
