//! Printed form of each report, to the letter.

mod apply;
mod check;
mod describe;
mod diff;
mod hostile;
mod html;
mod list;
mod machines;
mod many;
mod markdown;
mod plan;
mod story;
mod tool;

use super::{Format, FormatChoice, Report, Style, render};

/// Output for a person at a width, without colour.
fn at(width: usize, report: &impl Report) -> String {
    printed(report, "", Style { width: Some(width), ..Style::default() })
}

/// Output for a machine.
fn machine(format: &str, report: &impl Report) -> String {
    printed(report, format, Style::default())
}

fn printed(report: &impl Report, format: &str, style: Style) -> String {
    let format = FormatChoice::All.read(format).unwrap();
    let mut out = Vec::new();
    render(report, &format, style, &mut out).unwrap();
    let text = String::from_utf8(out).unwrap();
    if let (Some(width), Format::Table | Format::Wide) = (style.width, &format) {
        for line in text.lines().filter(|_| !style.colour) {
            assert!(
                unicode_width::UnicodeWidthStr::width(line) <= width,
                "wider than {width}: {line}"
            );
            assert_eq!(line, line.trim_end());
        }
    }
    text
}

/// Compares, and shows both texts as they are where they differ.
#[track_caller]
fn assert_text(actual: &str, expected: &str) {
    let expected = expected.strip_prefix('\n').unwrap_or(expected);
    assert!(actual == expected, "--- actual\n{actual}\n--- expected\n{expected}");
}
