//! Shortening of text to a number of columns, without losing what it is read for.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

const ELLIPSIS: &str = "…";

/// Width of `text` in terminal columns.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// `text` without its end, where it takes more than `columns`.
pub(super) fn end(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return text.into();
    }
    format!("{}{ELLIPSIS}", head(text, columns.saturating_sub(1))).into()
}

/// `text` without its start, where it takes more than `columns`.
pub(super) fn start(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return text.into();
    }
    format!("{ELLIPSIS}{}", tail(text, columns.saturating_sub(1))).into()
}

/// `text` without its middle, where it takes more than `columns`.
pub(super) fn middle(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return text.into();
    }
    let kept = columns.saturating_sub(1);
    format!("{}{ELLIPSIS}{}", head(text, kept.div_ceil(2)), tail(text, kept / 2)).into()
}

/// `tax` for `tax/tax`, the instance of a service that has its name; else the text.
pub(super) fn instance(text: &str) -> &str {
    match text.split_once('/') {
        Some((service, instance)) if service == instance => service,
        _ => text,
    }
}

/// Two texts in `columns` altogether, with what differs between them in view.
pub(super) fn pair<'a>(
    before: &'a str,
    after: &'a str,
    columns: usize,
) -> (Cow<'a, str>, Cow<'a, str>) {
    let (left, right) = (width(before), width(after));
    if left + right <= columns {
        return (before.into(), after.into());
    }
    let half = columns / 2;
    let (for_left, for_right) = match (left <= half, right <= half) {
        (true, _) => (left, columns - left),
        (_, true) => (columns - right, right),
        _ => (half, columns - half),
    };
    differing(before, after, for_left, for_right)
}

/// Two texts, in so many columns each, with what differs between them in view.
pub(super) fn differing<'a>(
    before: &'a str,
    after: &'a str,
    for_before: usize,
    for_after: usize,
) -> (Cow<'a, str>, Cow<'a, str>) {
    let start = common_start(before, after);
    let end = common_end(&before[start..], &after[start..]);
    (
        around(before, start..before.len() - end, for_before),
        around(after, start..after.len() - end, for_after),
    )
}

/// `text` in `columns`, with as much of `part` in view as there is room for.
fn around(text: &str, part: std::ops::Range<usize>, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return text.into();
    }
    let before = &text[..part.start];
    // A little of what comes before tells the reader where this is.
    let lead = columns.saturating_sub(width(&text[part.clone()]) + 2) / 2;
    let lead = tail(before, lead);
    let (prefix, kept) = if lead.len() == before.len() {
        ("", columns)
    } else {
        (ELLIPSIS, columns.saturating_sub(1))
    };
    let rest = &text[part.start - lead.len()..];
    if width(rest) <= kept {
        // There is room left at the end: give it to the start.
        return self::start(text, columns);
    }
    format!("{prefix}{}", self::end(rest, kept)).into()
}

fn common_start(one: &str, other: &str) -> usize {
    let mut end = 0;
    for ((at, a), b) in one.char_indices().zip(other.chars()) {
        if a != b {
            return at;
        }
        end = at + a.len_utf8();
    }
    end
}

fn common_end(one: &str, other: &str) -> usize {
    one.chars()
        .rev()
        .zip(other.chars().rev())
        .take_while(|(a, b)| a == b)
        .map(|(a, _)| a.len_utf8())
        .sum()
}

/// The longest start of `text` that takes at most `columns`.
pub(super) fn head(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    for (at, character) in text.char_indices() {
        taken += character.width().unwrap_or(0);
        if taken > columns {
            return &text[..at];
        }
    }
    text
}

/// The longest end of `text` that takes at most `columns`.
fn tail(text: &str, columns: usize) -> &str {
    let mut taken = 0;
    for (at, character) in text.char_indices().rev() {
        taken += character.width().unwrap_or(0);
        if taken > columns {
            return &text[at + character.len_utf8()..];
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_part_gives_way() {
        assert_eq!(middle("kind-dev/shop-integration", 13), "kind-d…ration");
        assert_eq!(instance("checkout/checkout"), "checkout");
        assert_eq!(instance("checkout/canary"), "checkout/canary");
        assert_eq!(start("registry.example/shop/tax:1.4.0", 16), "…/shop/tax:1.4.0");
        assert_eq!(end("tax call behind a flag", 10), "tax call …");
        assert_eq!(middle("short", 5), "short");
        assert_eq!(middle("税金サービス", 7), "税…ス");
    }

    #[test]
    fn what_differs_stays_in_view() {
        let (before, after) = (
            "https://tax.shop.svc.cluster.local:8080/api/v1/rates?full=true",
            "https://tax.shop.svc.cluster.local:8080/api/v2/rates?full=true",
        );
        assert_eq!(
            pair(before, after, 50),
            ("…:8080/api/v1/rates?full…".into(), "…:8080/api/v2/rates?full…".into())
        );
        assert_eq!(pair("a", &"b".repeat(40), 20).1.width(), 19);
        assert_eq!(pair("same", "same", 20), ("same".into(), "same".into()));
    }

    #[test]
    fn a_difference_at_either_end_stays_in_view() {
        let long = "x".repeat(50);
        let (one, two) = (format!("{long}1"), format!("{long}2"));
        let (before, after) = pair(&one, &two, 20);
        assert!(before.ends_with("x1") && after.ends_with("x2"), "{before} {after}");
        let (one, two) = (format!("1{long}"), format!("2{long}"));
        let (before, after) = pair(&one, &two, 20);
        assert!(before.starts_with("1x") && after.starts_with("2x"), "{before} {after}");
    }

    proptest! {
        #[test]
        fn nothing_takes_more_room_than_it_was_given(
            one in "\\PC{0,30}", other in "\\PC{0,30}", shared in "\\PC{0,20}", columns in 4_usize..50,
        ) {
            let (one, other) = (format!("{shared}{one}{shared}"), format!("{shared}{other}{shared}"));
            // Characters join into one; a sum of widths is then too much, never too little.
            let room = |text: &str| text.chars().filter_map(UnicodeWidthChar::width).sum::<usize>();
            prop_assume!(room(&one) == width(&one) && room(&other) == width(&other));
            prop_assert!(room(&middle(&one, columns)) <= columns);
            prop_assert!(room(&start(&one, columns)) <= columns);
            prop_assert!(room(&end(&one, columns)) <= columns);
            let (before, after) = pair(&one, &other, columns);
            prop_assert!(room(&before) + room(&after) <= columns, "{} {}", before, after);
        }
    }
}
