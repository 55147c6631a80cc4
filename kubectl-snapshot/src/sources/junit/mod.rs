//! Reports of tests as JUnit XML, which every test runner writes.

mod counts;
mod error;
mod fault;

use std::{fmt::Write as _, fs, path::Path};

pub use error::JunitError;
pub use fault::Fault;

use crate::blocking::blocking;
use counts::{Counts, count};

/// Results of a test report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestReport {
    /// Name of the report, where it has one.
    pub name: Option<String>,
    /// Number of tests.
    pub tests: usize,
    /// Number of tests that failed, or could not run to their end.
    pub failed: usize,
    /// Number of tests that failed first, and passed when something of their name ran again.
    pub flaky: usize,
    /// Number of tests that were skipped.
    pub skipped: usize,
    /// The names of the first that failed.
    pub failing: Vec<String>,
    /// The names of the first that are flaky.
    pub flaking: Vec<String>,
    /// Exit code of the runner that wrote the report, where it is known.
    pub exit_code: Option<i32>,
    /// The runner, where its reports leave out some of what failed.
    pub silent: Option<Silent>,
}

/// A runner whose reports leave out some of what failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Silent {
    /// jest-junit leaves out files that did not load.
    Jest,
    /// vitest leaves out errors between tests.
    Vitest,
    /// Node's own runner leaves out what fails after the tests of a suite.
    Node,
}

impl Silent {
    /// The runner of a report, by the name that it gives its reports unless told another, and by
    /// the comments at its end.
    fn of(name: Option<&str>, text: &str) -> Option<Self> {
        match name {
            Some("jest tests") => Some(Self::Jest),
            Some("vitest tests") => Some(Self::Vitest),
            _ if text.contains("<!-- duration_ms ") => Some(Self::Node),
            _ => None,
        }
    }

    /// Name of the runner, and what its reports leave out.
    #[must_use]
    pub fn in_words(self) -> [&'static str; 2] {
        match self {
            Self::Jest => ["jest-junit", "files that did not load"],
            Self::Vitest => ["vitest", "errors between tests"],
            Self::Node => ["Node's test runner", "what fails after the tests of a suite"],
        }
    }
}

/// Reads a report from a file.
pub async fn read_file(path: &Path) -> Result<TestReport, JunitError> {
    let (name, path) = (path.display().to_string(), path.to_owned());
    blocking(move || {
        let bytes = match fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) => return Err(JunitError::Unreadable { name, error }),
        };
        match String::from_utf8(bytes) {
            Ok(text) => read(&name, &text),
            Err(_) => Err(JunitError::NotText { name }),
        }
    })
    .await
}

/// Reads a report; `name` is the file's, for messages.
pub fn read(name: &str, text: &str) -> Result<TestReport, JunitError> {
    let name = || name.to_owned();
    let found = count(text).map_err(|fault| JunitError::Fault { name: name(), fault })?;
    let Counts { tests, flaky, skipped, failing, flaking, .. } = found;
    // The numbers add what no test explains: a suite that could not begin.
    let numbers = found.failed_in_suites.max(found.failed_in_report);
    let failed = found.failed + numbers.saturating_sub(found.explained);
    if tests == 0 && failed == 0 {
        return Err(JunitError::Empty { name: name() });
    }
    if tests == skipped && failed == 0 {
        return Err(JunitError::Skipped { name: name() });
    }
    let only = <[String; 1]>::try_from(found.suites).ok().map(|[suite]| suite);
    let called = found.name.or(only).filter(|called| !called.trim().is_empty());
    let silent = Silent::of(called.as_deref(), text);
    let exit_code = None;
    let name = called;
    Ok(TestReport { name, tests, failed, flaky, skipped, failing, flaking, exit_code, silent })
}

impl TestReport {
    /// True if nothing failed.
    ///
    /// A failure that a later test of the same name undoes is one, unless the runner ended well:
    /// two tests may have one name.
    #[must_use]
    pub fn passed(&self) -> bool {
        let runner_failed = self.exit_code.is_some_and(|code| code != 0);
        !runner_failed && self.failed == 0 && (self.flaky == 0 || self.exit_code == Some(0))
    }

    /// The runner, where its report alone does not tell: nothing failed in it, and it leaves out
    /// what only the runner's exit code tells.
    #[must_use]
    pub fn needs_exit_code(&self) -> Option<Silent> {
        self.silent.filter(|_| self.exit_code.is_none() && self.passed())
    }

    /// `212 tests, 4 skipped, 3 failed: cart.totals, …`.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut text = match self.tests {
            1 => "1 test".to_owned(),
            tests => format!("{tests} tests"),
        };
        if self.skipped > 0 {
            let _ = write!(text, ", {} skipped", self.skipped);
        }
        if self.failed > 0 {
            let _ = write!(text, ", {} failed{}", self.failed, names(&self.failing, self.failed));
        }
        if self.flaky > 0 {
            let (flaky, names) = (self.flaky, names(&self.flaking, self.flaky));
            let what = match self.exit_code {
                Some(0) => "flaky",
                _ => "failed and passed when run again",
            };
            let _ = write!(text, ", {flaky} {what}{names}");
        }
        match self.exit_code {
            None | Some(0) => {}
            Some(code) => {
                let _ = write!(text, "; the runner ended with {code}");
            }
        }
        text
    }
}

/// `: cart.totals, …`, of so many.
fn names(first: &[String], all: usize) -> String {
    if first.is_empty() {
        return String::new();
    }
    let more = if all > first.len() { ", …" } else { "" };
    format!(": {}{more}", first.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(inside: &str) -> Result<TestReport, JunitError> {
        read("report.xml", &format!("<testsuites name=\"e2e\">{inside}</testsuites>"))
    }

    fn case(name: &str, ended: &str) -> String {
        format!("<testcase classname=\"shop\" name=\"{name}\">{ended}</testcase>")
    }

    #[test]
    fn tests_are_counted_and_the_first_failures_named() {
        let mut cases: Vec<String> =
            ["a", "b", "c", "d"].map(|name| case(name, "<failure>no</failure>")).into();
        cases.push(case("e", "<skipped/>"));
        cases.push(case("f", ""));
        let found =
            report(&format!("<testsuite name=\"s\">{}</testsuite>", cases.concat())).unwrap();
        assert_eq!((found.passed(), found.name.as_deref()), (false, Some("e2e")));
        assert_eq!(found.summary(), "6 tests, 1 skipped, 4 failed: shop.a, shop.b, shop.c, …");
        let fine = report(&format!("<testsuite name=\"s\">{}</testsuite>", case("a", ""))).unwrap();
        assert_eq!((fine.passed(), fine.summary().as_str()), (true, "1 test"));
    }

    #[test]
    fn reports_of_other_tools_are_read() {
        let maven = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="x" name="com.shop.CartTest" time="1,204.1" tests="2" errors="0" failures="0">
  <properties><property name="os" value="Linux"/></properties>
  <testcase name="adds" classname="com.shop.CartTest" time="0.1"/>
  <testcase name="removes" classname="com.shop.CartTest"><system-out>&#27;[2J</system-out></testcase>
</testsuite>"#;
        let found = read("TEST-cart.xml", maven).unwrap();
        assert_eq!((found.passed(), found.name.as_deref()), (true, Some("com.shop.CartTest")));
        let pytest = r#"<testsuites><testsuite name="pytest" errors="1" failures="0" skipped="0" tests="1"
            timestamp="2024-01-15T10:30:00.123456" hostname="ci"><testcase classname="" name="shop/test_cart.py"
            time="0.000"><error message="collection failure">ImportError &quot;tax&quot;</error></testcase>
            </testsuite></testsuites>"#;
        let found = read("pytest.xml", pytest).unwrap();
        assert_eq!(found.summary(), "1 test, 1 failed: shop/test_cart.py");
        // A suite that could not begin.
        let found = read("x.xml", r#"<testsuite name="s" errors="1" tests="0"/>"#).unwrap();
        assert_eq!((found.passed(), found.summary().as_str()), (false, "0 tests, 1 failed"));
    }

    #[test]
    fn numbers_add_what_no_test_explains() {
        // Node counts a todo that fails as a failure of the suite, pytest 9 two of one test.
        let todo = "<testsuite name=\"s\" failures=\"1\"><testcase name=\"a\"/><testcase name=\"b\"><skipped type=\"todo\"/><failure/></testcase></testsuite>";
        let found = report(todo).unwrap();
        assert_eq!((found.passed(), found.summary().as_str()), (true, "2 tests, 1 skipped"));
        let subtests = "<testsuite name=\"s\" failures=\"2\"><testcase name=\"a\"><skipped/><failure/><failure/></testcase></testsuite>";
        assert_eq!(report(subtests).unwrap().summary(), "1 test, 1 failed: a");
        let unbegun = "<testsuite name=\"s\" failures=\"1\" errors=\"1\"><testcase name=\"a\"><failure/></testcase></testsuite>";
        assert_eq!(report(unbegun).unwrap().summary(), "1 test, 2 failed: a, …");
    }

    #[test]
    fn the_runner_has_a_word_too() {
        let fine = format!("<testsuite name=\"s\">{}</testsuite>", case("a", ""));
        let ended = |inside: &str, exit_code| {
            let report = TestReport { exit_code, ..report(inside).unwrap() };
            (report.passed(), report.summary())
        };
        assert_eq!(ended(&fine, Some(0)), (true, "1 test".to_owned()));
        assert_eq!(ended(&fine, Some(1)), (false, "1 test; the runner ended with 1".to_owned()));
        let failed = format!("<testsuite name=\"s\">{}</testsuite>", case("a", "<failure/>"));
        assert_eq!(ended(&failed, Some(0)), (false, "1 test, 1 failed: shop.a".to_owned()));
        let again = format!(
            "<testsuite name=\"s\" failures=\"1\">{}{}</testsuite>",
            case("a", "<failure/>"),
            case("a", "")
        );
        assert_eq!(ended(&again, Some(0)), (true, "1 test, 1 flaky: shop.a".to_owned()));
        let (passed, summary) = ended(&again, None);
        assert!(!passed && summary.contains("1 failed and passed when run again"), "{summary}");
    }

    #[test]
    fn the_report_of_some_runners_alone_does_not_tell() {
        let read = |name: &str| {
            let text = format!(
                "<testsuites name=\"{name}\"><testsuite name=\"s\">{}</testsuite></testsuites>",
                case("a", "")
            );
            super::read("report.xml", &text).unwrap()
        };
        assert_eq!(read("jest tests").needs_exit_code(), Some(Silent::Jest));
        assert_eq!(read("vitest tests").needs_exit_code(), Some(Silent::Vitest));
        assert_eq!(read("e2e").needs_exit_code(), None);
        let known = TestReport { exit_code: Some(0), ..read("jest tests") };
        assert_eq!(known.needs_exit_code(), None);
        let ends = "<!-- tests 1 -->\n<!-- duration_ms 522.192717 -->";
        let node = format!("<testsuite name=\"shop\">{}</testsuite>{ends}", case("ok", ""));
        let node = super::read("r.xml", &format!("<testsuites>{node}</testsuites>")).unwrap();
        assert_eq!(node.needs_exit_code(), Some(Silent::Node));
        let failed = TestReport { failed: 1, ..read("jest tests") };
        assert_eq!(failed.needs_exit_code(), None);
    }

    #[test]
    fn what_did_not_run_did_not_pass() {
        let error = report("<testsuite name=\"s\"/>").unwrap_err().to_string();
        assert!(error.starts_with("report.xml has no tests"), "{error}");
        let skipped = format!("<testsuite name=\"s\">{}</testsuite>", case("a", "<skipped/>"));
        let error = report(&skipped).unwrap_err().to_string();
        assert!(error.starts_with("every test of report.xml was skipped"), "{error}");
    }

    #[test]
    fn a_name_that_cannot_be_read_is_no_name() {
        let lol = "<testsuite name=\"&lol9;\"><testcase name=\"a\"/></testsuite>";
        assert!(matches!(report(lol), Err(JunitError::Fault { fault: Fault::Malformed(_), .. })));
    }
}
