//! Bytes as files, named by their digest.

use std::{
    fs::File,
    io::{self, Write},
    path::PathBuf,
    time::SystemTime,
};

use snapshot_core::digest::Digest;

use super::{Files, read};
use crate::{
    files::{self, Existing},
    store::StoreError,
};

impl Files {
    /// The file of a blob.
    pub fn blob_file(&self, digest: Digest) -> PathBuf {
        self.root.join("blobs").join(digest.hex())
    }

    /// Writes bytes, unless they are there.
    pub fn put_blob(&self, digest: Digest, bytes: &[u8]) -> Result<(), StoreError> {
        let file = self.blob_file(digest);
        if read(&file)?.is_some_and(|there| Digest::of(&there) == digest) {
            // As young as if it were written anew: whoever collects garbage right
            // now leaves it to what is about to refer to it.
            let touched = File::options().write(true).open(&file);
            let _ = touched.and_then(|file| file.set_modified(SystemTime::now()));
            return Ok(());
        }
        match files::write(&file, Existing::Replace, |out| out.write_all(bytes)) {
            Ok(()) => Ok(()),
            Err(cause) if cause.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            Err(cause) => Err(StoreError::Io { verb: "written", file, cause }),
        }
    }

    /// Reads bytes, whatever they are.
    pub fn blob(&self, digest: Digest) -> Result<Option<Vec<u8>>, StoreError> {
        read(&self.blob_file(digest))
    }
}
