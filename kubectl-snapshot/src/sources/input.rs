//! Input files as text.

use std::{fs, io::ErrorKind, path::Path};

use super::SourceError;

/// One file's name and text.
#[derive(Debug)]
pub struct Input {
    /// The name to use in messages.
    pub name: String,
    /// Content.
    pub text: String,
}

/// Reads a file that is text.
pub(super) fn read_file(path: &Path) -> Result<Input, SourceError> {
    let name = path.display().to_string();
    match fs::read(path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => Ok(Input { name, text }),
            Err(_) => Err(SourceError::NotText { name }),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Err(SourceError::Missing { name }),
        Err(error) => Err(SourceError::Unreadable { name, error }),
    }
}
