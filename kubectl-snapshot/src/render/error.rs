//! Errors of printing a report.

use std::io;

use super::TemplateError;

/// Error: a report could not be printed.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// Writing failed. The caller knows a closed pipe when it sees one.
    #[error("cannot write the output: {0}")]
    Write(#[from] io::Error),
    /// A template asks for what the report's data cannot give.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The report cannot be written in this format: a fault of this tool.
    #[error(
        "the report cannot be written as {format}: {cause}; this is a fault of the tool, please report it"
    )]
    Data {
        /// The format's name.
        format: &'static str,
        /// Message of the format's library.
        cause: String,
    },
}

impl RenderError {
    /// Tells a failed write from data that JSON cannot express.
    pub(super) fn from_json(error: serde_json::Error) -> Self {
        if error.is_io() {
            return Self::Write(error.into());
        }
        Self::Data { format: "JSON", cause: error.to_string() }
    }
}
