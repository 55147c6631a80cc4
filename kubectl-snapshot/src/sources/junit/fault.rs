//! Faults in the text of a JUnit report.

use quick_xml::errors::{Error, IllFormedError, SyntaxError};

/// Fault: a text is no JUnit report.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No element at all.
    #[error("it is not XML")]
    NotXml,
    /// Another root element.
    #[error("it begins with <{0}>, not with <testsuites> or <testsuite>")]
    Root(String),
    /// Document type declaration.
    #[error(
        "it declares a document type (<!DOCTYPE …>), which no report has; it is not looked into"
    )]
    DocumentType,
    /// End of the text before its elements end.
    #[error("it is cut short; was it written to the end?")]
    CutShort,
    /// An element ends that had not begun.
    #[error("</{0}> ends what had not begun")]
    Unopened(String),
    /// A test within something else than a suite.
    #[error("it has a <testcase> that stands neither in a <testsuite> nor in <testsuites>")]
    Homeless,
    /// Text behind the report.
    #[error("it goes on with <{0}> after its end")]
    GoesOn(String),
    /// XML that cannot be parsed; the parser's words.
    #[error("{0}")]
    Malformed(String),
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        match error {
            Error::Syntax(SyntaxError::InvalidBangMarkup | SyntaxError::UnclosedDoctype) => {
                Self::DocumentType
            }
            Error::Syntax(_) => Self::CutShort,
            Error::IllFormed(
                IllFormedError::UnmatchedEndTag(found)
                | IllFormedError::MismatchedEndTag { found, .. },
            ) => Self::Unopened(excerpt(&found)),
            other => Self::Malformed(other.to_string()),
        }
    }
}

/// Start of a name, short enough to be repeated in an error.
pub(super) fn excerpt(name: &str) -> String {
    name.chars().take(80).collect()
}
