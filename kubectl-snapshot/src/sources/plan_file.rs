//! Files of plans: of a size that a plan can have, and nothing but files.

use std::{
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use snapshot_core::plan::{KeptPlan, PlanFileError};

use crate::blocking::blocking;

/// The most that is read. The plan of ten thousand new services has half of it.
const LARGEST: u64 = 128 << 20;

/// Error: a file is no plan that can be held on to.
#[derive(Debug, thiserror::Error)]
pub enum PlanSourceError {
    /// No such file, or none that can be read.
    #[error("the plan {} cannot be read: {cause}", file.display())]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// I/O error.
        #[source]
        cause: io::Error,
    },
    /// A folder, a device, a pipe.
    #[error("the plan {} is no ordinary file", .0.display())]
    NotAFile(PathBuf),
    /// More than any plan has.
    #[error("the plan {} has more than {} MiB; at most that much is read", .0.display(), LARGEST >> 20)]
    TooLarge(PathBuf),
    /// Bytes that are no text.
    #[error("the plan {} is not UTF-8 text", .0.display())]
    NotText(PathBuf),
    /// Text that is no plan.
    #[error("{}: {error}", file.display())]
    Document {
        /// The file.
        file: PathBuf,
        /// Error of the document.
        #[source]
        error: PlanFileError,
    },
}

/// Reads the plan in a file.
pub async fn read_plan(path: &Path) -> Result<KeptPlan, PlanSourceError> {
    let path = path.to_owned();
    blocking(move || read_within(&path, LARGEST)).await
}

fn read_within(path: &Path, largest: u64) -> Result<KeptPlan, PlanSourceError> {
    let file = || path.to_owned();
    let unreadable = |cause| PlanSourceError::Unreadable { file: file(), cause };
    // Opening a pipe would wait for somebody to write, and a device may never end.
    if !fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(PlanSourceError::NotAFile(file()));
    }
    let mut bytes = Vec::new();
    let opened = File::open(path).map_err(unreadable)?;
    opened.take(largest + 1).read_to_end(&mut bytes).map_err(unreadable)?;
    if bytes.len() as u64 > largest {
        return Err(PlanSourceError::TooLarge(file()));
    }
    let text = String::from_utf8(bytes).map_err(|_| PlanSourceError::NotText(file()))?;
    KeptPlan::read(&text).map_err(|error| PlanSourceError::Document { file: file(), error })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_file_or_no_text_or_too_much_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("plan.json");
        let refusal = |path: &Path| read_within(path, 8).unwrap_err();
        assert!(matches!(refusal(&path), PlanSourceError::Unreadable { .. }));
        assert!(matches!(refusal(folder.path()), PlanSourceError::NotAFile(_)));
        fs::write(&path, b"123456789").unwrap();
        assert!(matches!(refusal(&path), PlanSourceError::TooLarge(_)));
        fs::write(&path, b"\xff{}").unwrap();
        assert!(matches!(refusal(&path), PlanSourceError::NotText(_)));
        fs::write(&path, b"{}").unwrap();
        assert!(matches!(refusal(&path), PlanSourceError::Document { .. }));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_is_not_read() {
        let zeros = read_within(Path::new("/dev/zero"), u64::MAX - 1).unwrap_err();
        assert!(matches!(zeros, PlanSourceError::NotAFile(_)));
    }
}
