//! Findings of `doctor`, as text.

use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::Output;

static COUNT: LazyLock<Regex> = LazyLock::new(|| Regex::new("chunks: [0-9]+").expect("a constant"));
static FACT: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"evidence\.[0-9a-f]{40}\.[0-9a-f]{16}").expect("a constant"));

/// The findings of a report, a line each, without the versions of this machine's programs.
///
/// # Panics
/// Where the output is no report of the doctor's.
#[must_use]
#[track_caller]
pub fn findings(output: &Output) -> String {
    let report = output.json();
    assert_eq!(report["kind"], "DoctorReport");
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut lines = String::new();
    for one in report["findings"].as_array().expect("a report has findings") {
        let about = text(&one["about"]);
        if ["plugin", "kubectl", "cluster", "cache"].contains(&about.as_str())
            && one["condition"] == "ok"
        {
            continue;
        }
        let (condition, message) = (text(&one["condition"]), text(&one["message"]));
        let _ = writeln!(lines, "{condition} {about}: {message}");
        if let Some(hint) = one["hint"].as_str() {
            let _ = writeln!(lines, "    {hint}");
        }
    }
    let lines = COUNT.replace_all(&lines, "chunks: [count]");
    output.redact(&FACT.replace_all(&lines, "evidence.[fact]"))
}

/// The findings about one thing.
///
/// # Panics
/// Where the output is no report of the doctor's.
#[must_use]
#[track_caller]
pub fn about(output: &Output, about: &str) -> String {
    let all = findings(output);
    let begins = |line: &&str| line.split_once(' ').is_some_and(|(_, it)| it.starts_with(about));
    all.lines().filter(begins).collect::<Vec<_>>().join("\n")
}
