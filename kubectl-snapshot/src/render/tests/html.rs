//! The file to show to anyone.

use serde_json::json;
use snapshot_core::{diff, requirement, visible};

use super::{assert_text, check, hostile, machine, many, story};
use crate::render::{Description, Report};

/// Body of the file, between the style and the script.
fn body(report: &impl Report) -> String {
    let file = machine("html", report);
    let (_, rest) = file.split_once("<header>\n").unwrap();
    rest.split_once("<footer>").unwrap().0.to_owned()
}

/// A file without what is in its style and its script.
fn markup(file: &str) -> String {
    let (before, rest) = file.split_once("<style>").unwrap();
    let (_, rest) = rest.split_once("</style>").unwrap();
    let (between, rest) = rest.split_once("<script>").unwrap();
    let (_, after) = rest.split_once("</script>").unwrap();
    [before, between, after].concat()
}

/// The tags of a file, in order, without their texts.
fn tags(file: &str) -> Vec<&str> {
    file.split('<').skip(1).map(|rest| rest.split('>').next().unwrap()).collect()
}

#[test]
fn a_diff() {
    // Back again, so that something is older.
    let diff = diff::compare(["rel-43", "rel-42"], &story::rel_43(), &story::rel_42());
    assert_text(&body(&diff), include_str!("diff.html"));
}

#[test]
fn every_tag_is_closed_and_headings_are_in_order() {
    let set = story::rel_43();
    let description = Description::new("rel-43", &set, requirement::resolve(&set.spec));
    for file in [
        machine("html", &story::from_42_to_43()),
        machine("html", &check::denied()),
        machine("html", &description),
        machine("html", &hostile::hostile()),
    ] {
        let markup = markup(&file);
        let (mut open, mut level) = (Vec::new(), 0);
        for tag in tags(&markup) {
            let name = tag.split_whitespace().next().unwrap();
            if let Some(closed) = name.strip_prefix('/') {
                assert_eq!(open.pop(), Some(closed), "{file}");
            } else if !["!DOCTYPE", "meta", "input"].contains(&name) {
                open.push(name);
            }
            if let Some(found) = name.strip_prefix('h').and_then(|level| level.parse::<u8>().ok()) {
                assert!(found <= level + 1, "h{found} after h{level}");
                level = found;
            }
        }
        assert!(open.is_empty(), "{open:?}");
        assert_eq!(file.matches("<h1>").count(), 1);
    }
}

#[test]
fn hostile_text_is_shown_and_not_obeyed() {
    let set = story::snapshot(
        "</script><script>alert(1)</script>",
        vec![story::deployment(
            "cart",
            "shop/cart:1",
            &json!([{"name": "\"><img src=x onerror=alert(1)>", "value": "' onclick='alert(1)"}]),
        )],
    );
    let empty = story::snapshot("</title><svg onload=alert(1)>", Vec::new());
    let diff = diff::compare(["</title><svg onload=alert(1)>", "</script><script>"], &empty, &set);
    let mut description = set.clone();
    description.metadata.message = Some("\u{202e}<iframe src=https://evil.example>\u{0}".into());
    for file in [
        machine("html", &diff),
        machine("html", &Description::new("a", &description, Vec::new())),
        machine("html", &hostile::hostile()),
    ] {
        assert_eq!(file.matches("<script").count(), 1);
        assert_eq!(file.matches("</script").count(), 1);
        for tag in tags(&markup(&file)) {
            let outside: Vec<&str> = tag.split('"').step_by(2).collect();
            assert!(!outside.concat().contains(" on"), "an event handler: {tag}");
            assert!(
                !["img", "svg", "iframe", "link", "base", "a"]
                    .contains(&tag.split_whitespace().next().unwrap_or_default())
            );
        }
        let hidden = file.chars().find(|c| visible::is_hidden(*c) && *c != '\n');
        assert_eq!(hidden, None);
    }
}

#[test]
fn two_thousand_services_stay_small() {
    let file = machine("html", &many::many(2_000));
    assert!(file.len() < 3_000_000, "{}", file.len());
    assert_eq!(file.matches("<details class=\"group item\" open>").count(), 2_000);
    assert!(file.contains("<b>2,000</b> newer versions"));
}
