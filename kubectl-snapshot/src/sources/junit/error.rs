//! Errors of reading a JUnit report.

use super::Fault;

/// Error: a file is no report of tests that can be trusted.
#[derive(Debug, thiserror::Error)]
pub enum JunitError {
    /// The file cannot be read.
    #[error("{name} cannot be read: {error}")]
    Unreadable {
        /// The file's name.
        name: String,
        /// I/O error.
        #[source]
        error: std::io::Error,
    },
    /// The file is no text.
    #[error("{name} is not UTF-8 text; expected a JUnit report in XML")]
    NotText {
        /// The file's name.
        name: String,
    },
    /// The file is no JUnit report, or not the whole of one.
    #[error("{name} is no JUnit report: {fault}")]
    Fault {
        /// The file's name.
        name: String,
        /// Fault in the text.
        #[source]
        fault: Fault,
    },
    /// The report has no tests.
    #[error("{name} has no tests: what did not run is neither passed nor failed")]
    Empty {
        /// The file's name.
        name: String,
    },
    /// Every test was skipped.
    #[error("every test of {name} was skipped: what did not run is neither passed nor failed")]
    Skipped {
        /// The file's name.
        name: String,
    },
}
