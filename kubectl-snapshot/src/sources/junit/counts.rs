//! Counts of a JUnit report: suites, tests, and how they ended.
//!
//! There is no standard, only what tools write: times without a zone, numbers
//! with commas, suites in suites, one suite without the element around it, a
//! test with two failures, a test that was run again. So only what counts is looked at: suites,
//! their tests, how each ended. Document types are refused, and with them all entities
//! of a file's own; text is passed over, whatever it holds.

use std::collections::BTreeMap;

use quick_xml::{
    Reader, XmlVersion,
    events::{BytesStart, Event},
};

use super::fault::{Fault, excerpt};

/// Number of failed tests that are named at most.
const NAMED: usize = 3;

/// Counts of a report.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Name of the report.
    pub(super) name: Option<String>,
    /// Names of its outermost suites.
    pub(super) suites: Vec<String>,
    /// Number of tests.
    pub(super) tests: usize,
    /// Number of tests that failed, or could not run to their end.
    pub(super) failed: usize,
    /// Number of tests that failed, and passed when they were run again; they are neither among
    /// the failed nor counted twice among the tests.
    pub(super) flaky: usize,
    /// Number of tests that were skipped.
    pub(super) skipped: usize,
    /// The names of the first that failed.
    pub(super) failing: Vec<String>,
    /// The names of the first that are flaky.
    pub(super) flaking: Vec<String>,
    /// Number of failures and errors that stand in tests and suites, whatever those ended with.
    pub(super) explained: usize,
    /// Number of failures in the attributes of the outermost suites.
    pub(super) failed_in_suites: usize,
    /// Number of failures in the attributes of the report.
    pub(super) failed_in_report: usize,
}

/// A report that is being read.
#[derive(Default)]
struct Walk {
    counts: Counts,
    /// The elements around what comes next.
    open: Vec<String>,
    begun: bool,
    test: Option<Test>,
    /// The suites around what comes next, by their place in the report.
    suites: Vec<usize>,
    /// Number of suites so far.
    begun_suites: usize,
    /// The tests so far, by suite, class and name.
    tests: BTreeMap<(usize, String), Vec<Ending>>,
    /// The tests in the order in which they stand.
    order: Vec<(usize, String)>,
}

/// A test whose end is not reached yet.
struct Test {
    name: String,
    failures: usize,
    skipped: bool,
    /// Marked as not done yet, so that its failure is none (Node's `todo`).
    todo: bool,
}

/// Ending of one attempt of a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Passed,
    Failed,
    Skipped,
}

/// Adds up what the report says.
pub(super) fn count(text: &str) -> Result<Counts, Fault> {
    let mut reader = Reader::from_str(text.trim_start_matches('\u{feff}'));
    let config = reader.config_mut();
    config.allow_dangling_amp = true;
    config.expand_empty_elements = true;
    let mut walk = Walk::default();
    loop {
        match reader.read_event()? {
            Event::Start(element) => walk.start(&element)?,
            Event::End(_) => walk.end(),
            Event::DocType(_) => return Err(Fault::DocumentType),
            Event::Text(text) if !walk.begun && !text.trim_ascii().is_empty() => {
                return Err(Fault::NotXml);
            }
            Event::Eof => return walk.finish(),
            _ => {}
        }
    }
}

impl Walk {
    fn start(&mut self, element: &BytesStart<'_>) -> Result<(), Fault> {
        let name = String::from_utf8_lossy(element.name().as_ref()).into_owned();
        let parent = self.open.last().cloned();
        match (name.as_str(), parent.as_deref()) {
            (_, None) if self.begun => return Err(Fault::GoesOn(excerpt(&name))),
            ("testsuites", None) => {
                self.counts.name = attribute(element, "name")?;
                self.counts.failed_in_report = failures(element)?;
            }
            // Tests of suites in suites count as the outermost's.
            ("testsuite", _) if !self.open.contains(&name) => {
                self.counts.suites.push(attribute(element, "name")?.unwrap_or_default());
                self.counts.failed_in_suites += failures(element)?;
            }
            (_, None) => return Err(Fault::Root(excerpt(&name))),
            // Node writes tests that stand in no suite right below the root.
            ("testcase", Some("testsuite" | "testsuites")) => {
                let name = full_name(element)?;
                self.test = Some(Test { name, failures: 0, skipped: false, todo: false });
            }
            ("testcase", _) => return Err(Fault::Homeless),
            // What failed around the tests: before the first, or after the last.
            ("failure" | "error", Some("testsuite")) => self.suite_failed(),
            (ended, Some("testcase")) => {
                if let Some(test) = &mut self.test {
                    test.failures += usize::from(matches!(ended, "failure" | "error"));
                    test.skipped |= ended == "skipped";
                    test.todo |= ended == "skipped"
                        && attribute(element, "type")?.as_deref() == Some("todo");
                }
            }
            _ => {}
        }
        self.begun = true;
        if name == "testsuite" {
            self.begun_suites += 1;
            self.suites.push(self.begun_suites);
        }
        self.open.push(name);
        Ok(())
    }

    fn suite_failed(&mut self) {
        let counts = &mut self.counts;
        counts.explained += 1;
        counts.failed += 1;
        let outermost = counts.suites.last().filter(|name| !name.is_empty());
        if let Some(name) = outermost.filter(|_| counts.failing.len() < NAMED) {
            counts.failing.push(name.clone());
        }
    }

    fn end(&mut self) {
        match self.open.pop().as_deref() {
            Some("testsuite") => {
                self.suites.pop();
            }
            Some("testcase") => self.end_test(),
            _ => {}
        }
    }

    fn end_test(&mut self) {
        let Some(test) = self.test.take() else { return };
        self.counts.explained += test.failures;
        let ending = match test {
            Test { todo: true, .. } => Ending::Skipped,
            // pytest ends a test as skipped and failed of which one part was skipped.
            Test { failures: 1.., .. } => Ending::Failed,
            Test { skipped: true, .. } => Ending::Skipped,
            Test { .. } => Ending::Passed,
        };
        let key = (self.suites.last().copied().unwrap_or_default(), test.name);
        let attempts = self.tests.entry(key.clone()).or_default();
        if attempts.is_empty() {
            self.order.push(key);
        }
        attempts.push(ending);
    }

    fn finish(mut self) -> Result<Counts, Fault> {
        match (self.begun, self.open.is_empty()) {
            (false, _) => return Err(Fault::NotXml),
            (true, false) => return Err(Fault::CutShort),
            (true, true) => {}
        }
        for key in std::mem::take(&mut self.order) {
            let attempts = self.tests.remove(&key).unwrap_or_default();
            self.add(key.1, &attempts);
        }
        Ok(self.counts)
    }

    /// Adds what stands under one name of one suite.
    ///
    /// One that failed and passes in the end may have been run again, or be two tests of one
    /// name. It is counted apart, for those who know.
    fn add(&mut self, name: String, attempts: &[Ending]) {
        let counts = &mut self.counts;
        let named = |names: &mut Vec<String>| {
            if names.len() < NAMED {
                names.push(name);
            }
        };
        let has_failed = attempts.contains(&Ending::Failed);
        if has_failed && attempts.last() == Some(&Ending::Passed) {
            counts.tests += 1;
            counts.flaky += 1;
            named(&mut counts.flaking);
            return;
        }
        counts.tests += attempts.len();
        counts.skipped += attempts.iter().filter(|ending| **ending == Ending::Skipped).count();
        if has_failed {
            counts.failed += attempts.iter().filter(|ending| **ending == Ending::Failed).count();
            named(&mut counts.failing);
        }
    }
}

/// `shop.CartTest.adds`, or the name alone.
fn full_name(element: &BytesStart<'_>) -> Result<String, Fault> {
    let name = attribute(element, "name")?.unwrap_or_default();
    Ok(match attribute(element, "classname")?.filter(|class| !class.is_empty()) {
        Some(class) => format!("{class}.{name}"),
        None => name,
    })
}

/// A suite that fails before its tests begin says so in its numbers alone.
fn failures(element: &BytesStart<'_>) -> Result<usize, Fault> {
    let mut failed = 0;
    for name in ["failures", "errors"] {
        failed += attribute(element, name)?.and_then(|text| text.parse().ok()).unwrap_or(0);
    }
    Ok(failed)
}

fn attribute(element: &BytesStart<'_>, name: &str) -> Result<Option<String>, Fault> {
    let mut attributes = element.attributes();
    let found = attributes
        .with_checks(false)
        .map_while(Result::ok)
        .find(|attribute| attribute.key.as_ref() == name.as_bytes());
    let value = found.map(|attribute| attribute.normalized_value(XmlVersion::Implicit1_0));
    Ok(value.transpose()?.map(std::borrow::Cow::into_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_is_kept_and_nothing_else() {
        let text = r#"<?xml version="1.0"?><!-- <testcase/> -->
<testsuite name="a &lt; b" timestamp="2024-01-15T10:30:00" time="1,234.5" tests="1,000">
  <properties><property name="x" value="<>"/></properties>
  <testsuite name="inner">
    <testcase name='say "hi"' classname="c" time="NaN">
      <skipped/><failure message="&#10;>"><![CDATA[</failure>]]></failure><error/>
    </testcase>
  </testsuite>
  <system-out>&nbsp;&#7; & more</system-out>
  <testcase name="fine"/>
</testsuite>
"#;
        let expected = Counts {
            suites: vec!["a < b".to_owned()],
            tests: 2,
            failed: 1,
            failing: vec!["c.say \"hi\"".to_owned()],
            explained: 2,
            ..Counts::default()
        };
        assert_eq!(count(text), Ok(expected));
    }

    #[test]
    fn a_suite_that_fails_around_its_tests_has_failed() {
        let after = "<testsuite name='cart' tests='1' errors='1'><testcase name='a'/><error message='afterAll'/></testsuite>";
        let counted = count(after).unwrap();
        assert_eq!((counted.tests, counted.failed, counted.explained), (1, 1, 1));
        assert_eq!(counted.failing, ["cart"]);
        let silent = count(&after.replace("errors='1'", "errors='0'")).unwrap();
        assert_eq!((silent.failed, silent.failed_in_suites), (1, 0));
    }

    #[test]
    fn tests_may_stand_outside_of_every_suite() {
        let text = "<testsuites><testcase name='a'/><testsuite name='s' failures='1'><testcase name='b'><failure/></testcase></testsuite><testcase name='c'/></testsuites>";
        let found = count(text).unwrap();
        assert_eq!((found.tests, found.failed, found.suites), (3, 1, vec!["s".to_owned()]));
    }

    #[test]
    fn only_a_todo_fails_without_a_failure() {
        let ended = |inside: &str| {
            let text =
                format!("<testsuite name='s'><testcase name='a'>{inside}</testcase></testsuite>");
            let found = count(&text).unwrap();
            (found.failed, found.skipped)
        };
        assert_eq!(ended("<skipped type='todo'/><failure/>"), (0, 1));
        assert_eq!(ended("<failure/><skipped type='todo'/>"), (0, 1));
        assert_eq!(ended("<skipped type='pytest.skip'/><failure/>"), (1, 0));
        assert_eq!(ended("<skipped/><error/>"), (1, 0));
    }

    #[test]
    fn a_test_that_is_run_again_is_counted_apart() {
        let of = |attempts: &[&str]| {
            let cases = attempts
                .iter()
                .map(|inside| format!("<testcase classname='m' name='a'>{inside}</testcase>"))
                .collect::<Vec<_>>()
                .concat();
            let found = count(&format!("<testsuite name='s'>{cases}</testsuite>")).unwrap();
            (found.tests, found.failed, found.flaky)
        };
        assert_eq!(of(&["<failure/>", ""]), (1, 0, 1));
        assert_eq!(of(&["<failure/>", "<failure/>", ""]), (1, 0, 1));
        assert_eq!(of(&["", "<error/>"]), (2, 1, 0), "pytest's error of a teardown");
        assert_eq!(of(&["<failure/>", "", "<failure/>"]), (3, 2, 0));
        assert_eq!(of(&["", ""]), (2, 0, 0));
        assert_eq!(of(&["<failure/>", "<skipped/>"]), (2, 1, 0), "nobody saw it pass");
        let elsewhere = "<testsuites><testsuite name='s'><testcase name='a'><failure/></testcase></testsuite><testsuite name='s'><testcase name='a'/></testsuite></testsuites>";
        let found = count(elsewhere).unwrap();
        assert_eq!((found.tests, found.failed, found.flaky), (2, 1, 0), "another suite");
    }

    #[test]
    fn what_is_no_report_is_refused() {
        for (text, fault) in [
            ("", Fault::NotXml),
            ("{\"tests\": 1}", Fault::NotXml),
            ("press <Tab> twice", Fault::NotXml),
            ("<html><body>", Fault::Root("html".into())),
            ("<!DOCTYPE html><html>", Fault::DocumentType),
            ("<!DOCTYPE x [<!ENTITY a \"b\">]><testsuites/>", Fault::DocumentType),
            ("<testsuites><testsuite name=\"a\">", Fault::CutShort),
            ("<testsuites><testsuite nam", Fault::CutShort),
            ("<testsuites><!-- ", Fault::CutShort),
            ("<testsuites></testsuite>", Fault::Unopened("testsuite".into())),
            ("<testsuites><properties><testcase/></properties></testsuites>", Fault::Homeless),
            ("<testsuites/><testsuites/>", Fault::GoesOn("testsuites".into())),
        ] {
            assert_eq!(count(text), Err(fault), "{text}");
        }
    }
}
