//! Counting what a JUnit report says.
//!
//! There is no standard, only what tools write: times without a zone, numbers
//! with commas, suites in suites, one suite without the element around it, a
//! test with two failures. So only what counts is looked at: suites, their
//! tests, how each ended. Document types are refused, and with them all entities
//! of a file's own; text is passed over, whatever it holds.

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
    /// Number of tests that were skipped.
    pub(super) skipped: usize,
    /// The names of the first that failed.
    pub(super) failing: Vec<String>,
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
}

/// A test whose end is not reached yet.
struct Test {
    name: String,
    failed: bool,
    skipped: bool,
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
            ("testcase", Some("testsuite")) => {
                self.test = Some(Test { name: full_name(element)?, failed: false, skipped: false });
            }
            ("testcase", _) => return Err(Fault::Homeless),
            (ended, Some("testcase")) => {
                if let Some(test) = &mut self.test {
                    test.failed |= matches!(ended, "failure" | "error");
                    test.skipped |= ended == "skipped";
                }
            }
            _ => {}
        }
        self.begun = true;
        self.open.push(name);
        Ok(())
    }

    fn end(&mut self) {
        if self.open.pop().as_deref() != Some("testcase") {
            return;
        }
        let Some(test) = self.test.take() else { return };
        self.counts.tests += 1;
        if test.failed {
            self.counts.failed += 1;
            if self.counts.failing.len() < NAMED {
                self.counts.failing.push(test.name);
            }
        } else if test.skipped {
            self.counts.skipped += 1;
        }
    }

    fn finish(self) -> Result<Counts, Fault> {
        match (self.begun, self.open.is_empty()) {
            (false, _) => Err(Fault::NotXml),
            (true, false) => Err(Fault::CutShort),
            (true, true) => Ok(self.counts),
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
            ..Counts::default()
        };
        assert_eq!(count(text), Ok(expected));
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
            ("<testsuites><testcase/></testsuites>", Fault::Homeless),
            ("<testsuites/><testsuites/>", Fault::GoesOn("testsuites".into())),
        ] {
            assert_eq!(count(text), Err(fault), "{text}");
        }
    }
}
