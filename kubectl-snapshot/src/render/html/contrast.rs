//! Contrast of each ink of the style with each paper that it stands on.

use std::collections::BTreeMap;

use super::head::STYLE;

/// Contrast ratio that WCAG asks for.
const ENOUGH: f64 = 4.5;

/// The style's colours: of the light scheme, and of the dark one.
fn schemes() -> [BTreeMap<&'static str, f64>; 2] {
    let blocks: Vec<&str> =
        STYLE.split(":root {").skip(1).map(|rest| rest.split('}').next().unwrap()).collect();
    let colours = |block: &'static str| {
        let pairs = block.split(';').filter_map(|line| line.trim().split_once(": #"));
        pairs.map(|(name, digits)| (name.trim_start_matches("--"), luminance(digits))).collect()
    };
    [colours(blocks[0]), colours(blocks[1])]
}

/// Relative luminance of `rrggbb`, from 0 to 1, as WCAG defines it.
fn luminance(digits: &str) -> f64 {
    [(0, 0.2126), (2, 0.7152), (4, 0.0722)]
        .map(|(at, weight)| {
            let part = f64::from(u8::from_str_radix(&digits[at..at + 2], 16).unwrap()) / 255.0;
            let linear =
                if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) };
            weight * linear
        })
        .iter()
        .sum()
}

#[test]
fn all_of_it_can_be_read_in_both_schemes() {
    for colours in schemes() {
        assert_eq!(colours.len(), 14, "{colours:?}");
        let inks = ["ink", "quiet", "link", "good", "caution", "bad", "odd"];
        let plain = inks.iter().flat_map(|ink| ["paper", "panel"].map(|paper| (*ink, paper)));
        let framed = [
            ("good", "good-paper"),
            ("caution", "caution-paper"),
            ("bad", "bad-paper"),
            ("odd", "odd-paper"),
        ];
        for (ink, paper) in plain.chain(framed) {
            let (one, other) = (colours[ink] + 0.05, colours[paper] + 0.05);
            let contrast = one.max(other) / one.min(other);
            assert!(contrast >= ENOUGH, "{ink} on {paper}: {contrast:.2}");
        }
    }
}
