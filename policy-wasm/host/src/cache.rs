//! Compiled policies on disk, so that a command does not compile them again.
//!
//! A compiled policy is machine code that is run without further checks, which
//! is why the directory has to be this user's alone, and why each file carries
//! the hash of its content: a single flipped bit would load, and run.
//!
//! Any number of processes may use one directory: files appear by renaming, and
//! a file that another process removes is compiled again.

mod directory;

use crate::digest::Digest;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::SystemTime;
use thiserror::Error;

/// Says what a file is, and in which layout: the seal, then the code.
const MAGIC: &[u8; 8] = b"kspolic1";
const SEAL: usize = 32;
/// The extension of a file that is whole, and of one that is being written.
const COMPILED: &str = "compiled";
const UNFINISHED: &str = "unfinished";

/// A directory of compiled policies.
#[derive(Debug, Clone)]
pub struct Cache {
    directory: PathBuf,
    limit: u64,
}

/// Why a directory cannot hold compiled policies.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CacheError {
    /// It could not be made, or looked at.
    #[error("cannot use {} as a cache of compiled policies: {source}", path.display())]
    Unusable {
        /// The directory.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// Somebody else may have written to it.
    #[error(
        "{} is not private to this user, and compiled policies are run unchecked: remove it, and \
         it is made again", path.display()
    )]
    NotPrivate {
        /// The directory.
        path: PathBuf,
    },
}

/// What a compiled policy is found by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Key {
    /// The component's digest.
    pub(crate) component: Digest,
    /// The engine's fingerprint.
    pub(crate) engine: u64,
}

impl Key {
    /// The hash of the code together with what it is the code of: a file under
    /// another's name is as wrong as a damaged one.
    fn seal(self, code: &[u8]) -> Digest {
        Digest::of_parts(&[self.component.as_bytes(), &self.engine.to_le_bytes(), code])
    }
}

impl Cache {
    /// Opens `directory`, and makes it where it is missing, for this user alone.
    pub fn open(directory: impl Into<PathBuf>) -> Result<Self, CacheError> {
        let directory = directory.into();
        directory::make_private(&directory)?;
        Ok(Self { directory, limit: 256 << 20 })
    }

    /// Keeps at most so many bytes; the files used longest ago go first.
    #[must_use]
    pub fn with_limit(mut self, bytes: u64) -> Self {
        self.limit = bytes;
        self
    }

    /// The code under `key`, if it is there and as it was written.
    pub(crate) fn get(&self, key: Key) -> Option<Vec<u8>> {
        let path = self.path(key);
        let mut file = File::open(&path).ok()?;
        let mut header = [0; MAGIC.len() + SEAL];
        let mut code = Vec::new();
        let read = file.read_exact(&mut header).and_then(|()| file.read_to_end(&mut code));
        let intact = read.is_ok()
            && header.starts_with(MAGIC)
            && header.ends_with(key.seal(&code).as_bytes());
        if !intact {
            let _ = fs::remove_file(&path);
            return None;
        }
        // Used now: what goes first is what was not used for longest.
        let _ = file.set_modified(SystemTime::now());
        Some(code)
    }

    /// Keeps `code` under `key`, if it can: a full disk is no reason to fail.
    pub(crate) fn put(&self, key: Key, code: &[u8]) {
        if code.len() as u64 <= self.limit && self.write(key, code).is_ok() {
            let _ = directory::shrink(&self.directory, self.limit);
        }
    }

    fn write(&self, key: Key, code: &[u8]) -> io::Result<()> {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        let unfinished =
            self.directory.join(format!("{}-{number}.{UNFINISHED}", std::process::id()));
        let written = directory::create_private(&unfinished)
            .and_then(|mut file| {
                file.write_all(MAGIC)?;
                file.write_all(key.seal(code).as_bytes())?;
                file.write_all(code)
            })
            .and_then(|()| fs::rename(&unfinished, self.path(key)));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written
    }

    fn path(&self, key: Key) -> PathBuf {
        self.directory.join(format!("{}-{:016x}.{COMPILED}", key.component.hex(), key.engine))
    }
}
