//! The results of a policy's fixtures as `JUnit` XML, which every CI reads.

use std::time::Duration;

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use snapshot_core::policy::fixture::{FixtureOutcome, TestRun};

use super::RenderError;

/// The results as one suite.
pub fn junit(run: &TestRun) -> Result<String, RenderError> {
    let mut suite = TestSuite::new(run.policy.as_str());
    for fixture in &run.fixtures {
        let status = match &fixture.outcome {
            FixtureOutcome::Passed | FixtureOutcome::Updated => TestCaseStatus::success(),
            FixtureOutcome::New { got } => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message("the fixture expects nothing yet");
                status.set_description(format!("got:\n{got}"));
                status
            }
            FixtureOutcome::Differs { expected, got } => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_message("the policy's answer is not the expected one");
                status.set_description(format!("expected:\n{expected}\ngot:\n{got}"));
                status
            }
            FixtureOutcome::Broken { reason } => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
                status.set_message(reason.as_str());
                status
            }
        };
        let mut case = TestCase::new(fixture.name.as_str(), status);
        case.set_classname(run.policy.as_str());
        case.set_time(Duration::from_micros(fixture.microseconds));
        suite.add_test_case(case);
    }
    let mut report = Report::new("policy test");
    report.add_test_suite(suite);
    let text = report
        .to_string()
        .map_err(|error| RenderError::Data { format: "JUnit XML", cause: error.to_string() })?;
    Ok(text)
}
