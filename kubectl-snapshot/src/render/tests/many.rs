//! Reports of large sets: time and length.

use std::time::{Duration, Instant};

use snapshot_core::{
    diff::{self, Diff},
    document::test_support::{release, shop},
};

use super::{at, machine, printed, story};
use crate::render::Style;

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
    let comment = machine("markdown", &many(2_000));
    assert!(comment.chars().count() <= 60_000, "{}", comment.chars().count());
    let (_, note) = comment.rsplit_once("\n\n").unwrap();
    assert!(
        note.starts_with("_This comment would be too long. Left out: ")
            && note.ends_with(" of 6,000 rows under services. `-o json` has everything._\n"),
        "{note}"
    );
    assert!(comment.contains(" of 6,000 rows, the most urgent first</summary>"));
    assert_eq!(comment.matches("<details>").count(), comment.matches("</details>").count());
}

#[test]
fn a_comment_has_room_for_what_matters_most() {
    let before = shop(2_000);
    let mut after = before.clone();
    for service in 0..2_000 {
        release(&mut after.spec, service, 1);
    }
    after.spec.services.remove("service-01999");
    after.spec.flags.insert("tax-call".to_owned(), story::flag(serde_json::json!(true), ""));
    let there = machine("markdown", &diff::compare(["rel-42", "rel-43"], &before, &after));
    let back = machine("markdown", &diff::compare(["rel-43", "rel-42"], &after, &before));
    // What is gone comes first; a small table is not crowded out by a large one.
    let first = |comment: &str| {
        comment.lines().find(|line| line.contains("**service-")).unwrap_or_default().to_owned()
    };
    assert!(first(&there).contains("service-01999"), "{}", first(&there));
    assert!(first(&there).contains("| removed |"), "{}", first(&there));
    assert!(there.contains("| added | tax-call | `on` |"));
    assert!(first(&back).contains("(▼ older)"), "{}", first(&back));
}
