//! Text that would rather be obeyed than shown.

use serde_json::json;
use snapshot_core::{
    diff::{self, Diff},
    visible,
};

use super::{printed, story};
use crate::render::{Description, Report, Style};

const HOSTILE: &str =
    "\u{1b}[2J\u{1b}]0;pwned\u{7}\u{9b}31m\u{202e}txt\r\n| <img src=x> `code` **bold** @all";

pub(super) fn hostile() -> Diff {
    let (before, mut after) = (story::snapshot("a", Vec::new()), {
        let env = json!([{"name": HOSTILE, "value": HOSTILE}]);
        let mut cart = story::deployment("cart", "shop/cart:1", &env);
        cart["spec"]["template"]["metadata"]["annotations"] = json!({HOSTILE: HOSTILE});
        let config = story::config_map("app", &json!({HOSTILE: HOSTILE.repeat(3)}));
        story::snapshot(HOSTILE, vec![cart, config])
    });
    after.spec.flags.insert(HOSTILE.to_owned(), story::flag(json!(HOSTILE), ""));
    let mut changed = before.clone();
    changed.spec = story::snapshot(
        "b",
        vec![
            story::deployment("cart", "shop/cart:0", &json!([])),
            story::config_map("app", &json!({})),
        ],
    )
    .spec;
    diff::compare([HOSTILE, "b"], &changed, &after)
}

fn outputs(report: &impl Report, colour: bool) -> Vec<String> {
    let style = |width| Style { colour, width, terminal: true };
    let formats = [
        "table",
        "wide",
        "json",
        "yaml",
        "name",
        "markdown",
        "html",
        "jsonpath={.}",
        "jsonpath={..value}",
    ];
    formats
        .into_iter()
        .flat_map(|format| [Some(80), None].map(|width| printed(report, format, style(width))))
        .collect()
}

#[test]
fn nothing_a_terminal_obeys_gets_through() {
    let mut set = story::rel_43();
    set.metadata.message = Some(HOSTILE.to_owned());
    let description = Description::new(HOSTILE, &set, Vec::new());
    for output in outputs(&hostile(), false).into_iter().chain(outputs(&description, false)) {
        let obeyed =
            output.chars().find(|c| visible::is_hidden(*c) && *c != '\n' && *c != '\u{202e}');
        assert_eq!(obeyed, None, "{output:?}");
    }
}

#[test]
fn colours_are_the_only_escapes() {
    for output in outputs(&hostile(), true) {
        for escape in output.split('\u{1b}').skip(1) {
            let colour = escape.strip_prefix('[').and_then(|rest| rest.split_once('m'));
            assert!(
                colour.is_some_and(|(codes, _)| codes.bytes().all(|b| b.is_ascii_digit())),
                "{escape:?}"
            );
        }
    }
}

#[test]
fn markdown_is_shown_and_not_obeyed() {
    let output = printed(&hostile(), "markdown", Style::default());
    for line in output.lines().filter(|line| !line.starts_with(['+', '-', ' '])) {
        let outside = without_code(line);
        let is_html = line.starts_with("<details>");
        assert!(!outside.contains("<img") && !outside.contains("@all"), "{line}");
        assert!(is_html || !outside.contains("**bold"), "{line}");
    }
}

/// A line of markdown without its code spans: from a run of backticks to the next run of as many.
fn without_code(line: &str) -> String {
    let run = |text: &str| text.len() - text.trim_start_matches('`').len();
    let (mut outside, mut rest) = (String::new(), line);
    while let Some(at) = rest.find('`') {
        let length = run(&rest[at..]);
        outside.push_str(&rest[..at]);
        rest = &rest[at + length..];
        let mut behind = rest;
        while let Some(at) = behind.find('`') {
            let found = run(&behind[at..]);
            behind = &behind[at + found..];
            if found == length {
                rest = behind;
                break;
            }
        }
    }
    outside + rest
}
