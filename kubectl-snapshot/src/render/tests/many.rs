//! What size does.

use std::time::{Duration, Instant};

use super::{at, machine, printed};
use crate::{
    domain::{
        diff::{self, Diff},
        document::shop::{release, shop},
    },
    render::Style,
};

pub(super) fn many(services: usize) -> Diff {
    let before = shop(services);
    let mut after = before.clone();
    for service in 0..services {
        release(&mut after.spec, service, 1);
    }
    diff::compare(["rel-42", "rel-43"], &before, &after)
}

#[test]
fn two_thousand_services_take_little_time() {
    let diff = many(2_000);
    assert_eq!(diff.instances.len(), 2_000);
    let started = Instant::now();
    let table = at(80, &diff);
    assert!(
        table.lines().count() > 4_000 && table.contains("2,000 images (2,000 newer)"),
        "{}",
        &table[..400]
    );
    for format in ["json", "yaml", "name", "wide"] {
        assert!(printed(&diff, format, Style::default()).len() > 2_000 * 20);
    }
    // A debug build on a busy machine; what must not happen is quadratic time.
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn a_comment_has_a_limit_and_says_what_it_left_out() {
    let comment = machine("markdown", &many(1_000));
    assert!(comment.chars().count() <= 60_000, "{}", comment.chars().count());
    assert!(
        comment.ends_with("`-o json` has everything._\n"),
        "{}",
        &comment[comment.len() - 300..]
    );
    assert_eq!(comment.matches("<details>").count(), comment.matches("</details>").count());
}
