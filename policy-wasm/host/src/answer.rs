//! An answer as it came, brought within the limits and made safe to print.

use crate::decision::Answer;
use crate::evaluation::Undecided;
use crate::limits::Limits;
use crate::records::{Description, Finding, Subject};
use crate::visible;

pub(crate) fn read(answer: Answer, limits: &Limits) -> Result<Vec<Finding>, Undecided> {
    match answer {
        Err(message) => {
            Err(Undecided::Declined { message: visible::capped(&message, limits.text) })
        }
        Ok(findings) if findings.len() > limits.findings => {
            Err(Undecided::TooManyFindings { found: findings.len(), limit: limits.findings })
        }
        Ok(findings) => {
            Ok(findings.into_iter().map(|finding| tidy(finding, limits.text)).collect())
        }
    }
}

pub(crate) fn describe(description: Description, limits: &Limits) -> Description {
    let cap = |text: String| visible::capped(&text, limits.text);
    Description {
        name: cap(description.name),
        version: cap(description.version),
        summary: cap(description.summary),
        settings_schema: description.settings_schema,
    }
}

fn tidy(finding: Finding, limit: usize) -> Finding {
    let cap = |text: String| visible::capped(&text, limit);
    Finding {
        severity: finding.severity,
        code: cap(finding.code),
        message: cap(finding.message),
        subjects: finding
            .subjects
            .into_iter()
            .map(|subject| match subject {
                Subject::Service(name) => Subject::Service(cap(name)),
                Subject::Instance(name) => Subject::Instance(cap(name)),
                Subject::FeatureFlag(key) => Subject::FeatureFlag(cap(key)),
            })
            .collect(),
        hint: finding.hint.map(cap),
    }
}
