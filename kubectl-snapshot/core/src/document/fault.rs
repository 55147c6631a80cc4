//! Conversion of parser errors into errors that say what to do.

use serde_json::error::Category;

use super::DocumentError;

/// Translates an error of the parser, which knows where in the text it stopped.
pub(super) fn in_text(error: &serde_json::Error) -> DocumentError {
    let (line, column) = (error.line(), error.column());
    match error.classify() {
        Category::Eof => DocumentError::CutShort { line, column },
        Category::Syntax | Category::Io => DocumentError::NotJson(error.to_string()),
        Category::Data => DocumentError::Malformed(error.to_string()),
    }
}

/// Translates an error about a tree, whose lines were never seen by its reader.
pub(super) fn in_tree(error: DocumentError) -> DocumentError {
    match error {
        DocumentError::Malformed(cause) => {
            let end = cause.rfind(" at line ").unwrap_or(cause.len());
            DocumentError::Malformed(cause[..end].to_owned())
        }
        other => other,
    }
}
