//! Test results of a policy's fixtures as `JUnit` XML, which every CI reads.

use std::io::{self, Write};

use quick_xml::{
    Writer,
    events::{BytesDecl, BytesText, Event},
};
use snapshot_core::{
    policy::fixture::{FixtureOutcome, FixtureResult, TestRun},
    visible,
};

use super::RenderError;

/// The results as one suite.
pub fn junit(run: &TestRun) -> Result<String, RenderError> {
    let mut xml = Vec::new();
    write(run, &mut Writer::new_with_indent(&mut xml, b' ', 4))?;
    String::from_utf8(xml)
        .map_err(|error| RenderError::Data { format: "JUnit XML", cause: error.to_string() })
}

/// Cause that keeps a fixture from passing: the element's name, its message and its text.
struct Problem<'a> {
    element: &'static str,
    message: &'a str,
    text: String,
}

fn problem(outcome: &FixtureOutcome) -> Option<Problem<'_>> {
    Some(match outcome {
        FixtureOutcome::Passed | FixtureOutcome::Updated => return None,
        FixtureOutcome::New { got } => Problem {
            element: "failure",
            message: "the fixture expects nothing yet",
            text: format!("got:\n{got}"),
        },
        FixtureOutcome::Differs { expected, got } => Problem {
            element: "failure",
            message: "the policy's answer is not the expected one",
            text: format!("expected:\n{expected}\ngot:\n{got}"),
        },
        FixtureOutcome::Broken { reason } => {
            Problem { element: "error", message: reason, text: String::new() }
        }
    })
}

fn write<W: Write>(run: &TestRun, xml: &mut Writer<W>) -> io::Result<()> {
    let count = |element: &str| {
        let problems = run.fixtures.iter().filter_map(|fixture| problem(&fixture.outcome));
        problems.filter(|problem| problem.element == element).count().to_string()
    };
    let counts = [
        ("tests", run.fixtures.len().to_string()),
        ("skipped", "0".to_owned()),
        ("errors", count("error")),
        ("failures", count("failure")),
    ];
    let counts = || counts.iter().map(|(name, count)| (*name, count.as_str()));
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("UTF-8"), None)))?;
    xml.create_element("testsuites")
        .with_attribute(("name", "policy test"))
        .with_attributes(counts())
        .write_inner_content(|xml| {
            xml.create_element("testsuite")
                .with_attribute(("name", &*visible::line(&run.policy)))
                .with_attributes(counts())
                .write_inner_content(|xml| {
                    run.fixtures.iter().try_for_each(|fixture| case(run, fixture, xml))
                })?;
            Ok(())
        })?
        .write_indent()
}

fn case<W: Write>(run: &TestRun, fixture: &FixtureResult, xml: &mut Writer<W>) -> io::Result<()> {
    let (seconds, rest) = (fixture.microseconds / 1_000_000, fixture.microseconds % 1_000_000);
    let case = xml
        .create_element("testcase")
        .with_attribute(("name", &*visible::line(&fixture.name)))
        .with_attribute(("classname", &*visible::line(&run.policy)))
        .with_attribute(("time", &*format!("{seconds}.{rest:06}")));
    let Some(problem) = problem(&fixture.outcome) else {
        return case.write_empty().map(drop);
    };
    case.write_inner_content(|xml| {
        let element = xml
            .create_element(problem.element)
            .with_attribute(("message", &*visible::line(problem.message)));
        // XML has no way to write most control characters, so hidden ones are written out.
        match &*visible::lines(&problem.text) {
            "" => element.write_empty().map(drop),
            text => element.write_text_content(BytesText::new(text)).map(drop),
        }
    })
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fixture(name: &str, outcome: FixtureOutcome) -> FixtureResult {
        FixtureResult { name: name.to_owned(), description: None, microseconds: 1_250, outcome }
    }

    #[test]
    fn every_outcome_is_a_test_case_of_well_formed_xml() {
        let run = TestRun {
            policy: "our-rules".to_owned(),
            fixtures: vec![
                fixture("fits.yaml", FixtureOutcome::Passed),
                fixture(
                    "too-old.yaml",
                    FixtureOutcome::Differs {
                        expected: "severity: warn".to_owned(),
                        got: "severity: deny # <tax> & \u{1b}[2J".to_owned(),
                    },
                ),
                fixture("new.yaml", FixtureOutcome::New { got: "findings: []".to_owned() }),
                fixture(
                    "\"broken\".yaml",
                    FixtureOutcome::Broken { reason: "line 1: no <candidate>".to_owned() },
                ),
            ],
        };
        let expected = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="policy test" tests="4" skipped="0" errors="1" failures="2">
    <testsuite name="our-rules" tests="4" skipped="0" errors="1" failures="2">
        <testcase name="fits.yaml" classname="our-rules" time="0.001250"/>
        <testcase name="too-old.yaml" classname="our-rules" time="0.001250">
            <failure message="the policy&apos;s answer is not the expected one">expected:
severity: warn
got:
severity: deny # &lt;tax&gt; &amp; \u{1b}[2J</failure>
        </testcase>
        <testcase name="new.yaml" classname="our-rules" time="0.001250">
            <failure message="the fixture expects nothing yet">got:
findings: []</failure>
        </testcase>
        <testcase name="&quot;broken&quot;.yaml" classname="our-rules" time="0.001250">
            <error message="line 1: no &lt;candidate&gt;"/>
        </testcase>
    </testsuite>
</testsuites>
"#;
        assert_eq!(junit(&run).unwrap(), expected);
    }
}
