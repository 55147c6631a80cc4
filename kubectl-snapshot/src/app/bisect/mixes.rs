//! Mixes as files that the command can read.

use std::{io::Write as _, sync::Arc};

use snapshot_core::{
    digest::Digest,
    document,
    parts::Document,
    snapshot::{Metadata, Snapshot},
};
use tempfile::NamedTempFile;

use crate::app::Failure;

/// A mix that was made: what the command gets to know of it.
#[derive(Clone)]
pub(super) struct Made {
    /// Name, as the user calls the set, or from its digest.
    pub(super) name: String,
    pub(super) digest: Digest,
    /// Document of it; the file goes when nobody holds it any more.
    pub(super) file: Arc<NamedTempFile>,
}

impl Made {
    /// Writes a mix to a file.
    pub(super) fn of(snapshot: Snapshot, name: Option<String>) -> Result<Self, Failure> {
        let digest = snapshot.spec.digest();
        let name = name.unwrap_or_else(|| format!("mix-{}", &digest.hex()[..12]));
        let variables = snapshot.metadata.variables.clone();
        let metadata = Metadata { variables, ..Metadata::default() };
        let document: Document = Snapshot { metadata, ..snapshot }.into();
        let written = || {
            let mut file = tempfile::Builder::new().prefix("mix-").suffix(".json").tempfile()?;
            document::write(&document, &mut file)?;
            file.flush()?;
            Ok::<_, std::io::Error>(file)
        };
        let file = written().map_err(|error| {
            Failure::new(format!("a mix cannot be written to a file: {error}")).because(error)
        })?;
        Ok(Self { name, digest, file: Arc::new(file) })
    }
}
