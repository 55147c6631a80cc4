//! Differences between two published releases.

use end_to_end::{DIFFERENCES, Release, plugin, test};

#[test]
fn two_releases_differ_by_what_was_published() {
    for difference in DIFFERENCES {
        let [from, to] = [difference.from, difference.to].map(Release::at);
        let diff = plugin(["diff", from.path(), to.path(), "-o", "json"]);
        difference.check(&diff.exits(1).json());
    }
}
