//! Compiled policies on disk, so that a command does not compile them again.
//!
//! A compiled policy is machine code that is run without further checks, which
//! is why the directory has to be this user's alone, and why each file carries
//! a checksum of its content: a single flipped bit would load, and run. A CRC is
//! enough, for it guards against broken disks and not against people: whoever can
//! write here can write a checksum of any kind as well.
//!
//! Any number of processes may use one directory: files appear by renaming, and
//! a file that another process removes is compiled again.

mod directory;

use snapshot_core::digest::Digest;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};
use thiserror::Error;

/// Says what a file is, and in which layout: the code, as it is mapped into
/// memory, then the seal and this.
const MAGIC: &[u8; 8] = b"kspolic3";
const SEAL: usize = 4;
/// Number of bytes of a file that are read at a time to check it.
const PIECE: usize = 64 << 10;
/// The extension of a file that is whole, and of one that is being written.
const COMPILED: &str = "compiled";
const UNFINISHED: &str = "unfinished";

/// A directory of compiled policies.
#[derive(Debug, Clone)]
pub struct Cache {
    directory: PathBuf,
    limit: u64,
}

/// Error: a directory cannot hold compiled policies.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum CacheError {
    /// Directory that could not be made, or looked at.
    #[error("cannot use {} as a cache of compiled policies: {source}", path.display())]
    Unusable {
        /// The directory.
        path: PathBuf,
        /// I/O error.
        source: io::Error,
    },
    /// Directory that somebody else may have written to.
    #[error(
        "{} is not private to this user, and compiled policies are run unchecked: remove it, and \
         it is made again", path.display()
    )]
    NotPrivate {
        /// The directory.
        path: PathBuf,
    },
}

/// Key of compiled code: all that it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key {
    /// The component's digest.
    pub(crate) component: Digest,
    /// The engine's fingerprint.
    pub(crate) engine: u64,
}

impl Key {
    /// The file's name, without its extension.
    fn name(self) -> String {
        format!("{:016x}-{}", self.engine, self.component.hex())
    }

    /// The checksum of the code together with what it is the code of: a file under
    /// another's name is as wrong as a damaged one.
    fn seal(self, mut code: impl BufRead) -> io::Result<[u8; SEAL]> {
        let mut hasher = crc32fast::Hasher::new();
        hasher.update(self.component.bytes());
        hasher.update(&self.engine.to_le_bytes());
        loop {
            let piece = code.fill_buf()?;
            if piece.is_empty() {
                return Ok(hasher.finalize().to_le_bytes());
            }
            hasher.update(piece);
            let read = piece.len();
            code.consume(read);
        }
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

    /// The file that begins with the code under `key`, if it is there and as it
    /// was written.
    ///
    /// It is read through once, and not kept: tens of megabytes are mapped into
    /// memory faster than they are copied there.
    pub(crate) fn get(&self, key: Key) -> Option<PathBuf> {
        let path = self.path(key);
        let mut file = File::open(&path).ok()?;
        if !is_intact(&mut file, key).unwrap_or(false) {
            let _ = fs::remove_file(&path);
            return None;
        }
        // Used now: what goes first is what was not used for longest.
        let _ = file.set_modified(SystemTime::now());
        Some(path)
    }

    /// Keeps `code` under `key`, if it can: a full disk is no reason to fail.
    pub(crate) fn put(&self, key: Key, code: &[u8]) {
        if code.len() as u64 <= self.limit && self.write(key, code).is_ok() {
            let _ = directory::shrink(&self.directory, self.limit);
        }
    }

    fn write(&self, key: Key, code: &[u8]) -> io::Result<()> {
        let unfinished = self.directory.join(unique()).with_extension(UNFINISHED);
        let mut file = directory::create_private(&unfinished)?;
        let written = file
            .write_all(code)
            .and_then(|()| file.write_all(&key.seal(code)?))
            .and_then(|()| file.write_all(MAGIC))
            .and_then(|()| fs::rename(&unfinished, self.path(key)));
        if written.is_err() {
            let _ = fs::remove_file(&unfinished);
        }
        written
    }

    fn path(&self, key: Key) -> PathBuf {
        self.directory.join(key.name()).with_extension(COMPILED)
    }
}

/// True if a file is whole, and the code of `key`.
fn is_intact(file: &mut File, key: Key) -> io::Result<bool> {
    let mut end = [0; SEAL + MAGIC.len()];
    let length = end.len() as u64;
    let code = file.metadata()?.len().checked_sub(length).ok_or(io::ErrorKind::UnexpectedEof)?;
    file.seek(SeekFrom::Start(code))?;
    file.read_exact(&mut end)?;
    file.seek(SeekFrom::Start(0))?;
    let code = BufReader::with_capacity(PIECE, file.take(code));
    Ok(end.ends_with(MAGIC) && end.starts_with(&key.seal(code)?))
}

/// A name that no other writer has: containers that share a home share process
/// numbers too, so the time is part of it.
fn unique() -> String {
    static COUNTER: AtomicU32 = AtomicU32::new(0);
    let number = COUNTER.fetch_add(1, Ordering::Relaxed);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    format!("{}-{}-{number}", std::process::id(), since.as_nanos())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tempfile::TempDir;

    fn key(number: u8) -> Key {
        Key { component: Digest::of(&[number]), engine: 7 }
    }

    fn cache(directory: &TempDir) -> Cache {
        Cache::open(directory.path().join("cache")).unwrap()
    }

    fn last_used(path: PathBuf, ago: Duration) {
        let file = File::options().write(true).open(path).unwrap();
        file.set_modified(SystemTime::now() - ago).unwrap();
    }

    #[test]
    fn code_is_found_under_its_own_key_alone() {
        let directory = TempDir::new().unwrap();
        let cache = cache(&directory);
        cache.put(key(1), b"code");
        let found = cache.get(key(1)).expect("it was just put there");
        assert!(fs::read(found).unwrap().starts_with(b"code"));
        assert_eq!(cache.get(key(2)), None);
        assert_eq!(cache.get(Key { engine: 8, ..key(1) }), None);

        // Intact, and of another policy.
        fs::rename(cache.path(key(1)), cache.path(key(2))).unwrap();
        assert_eq!(cache.get(key(2)), None);
        assert!(!cache.path(key(2)).exists());
    }

    #[test]
    fn what_was_not_used_for_longest_goes_first() {
        let directory = TempDir::new().unwrap();
        let cache = cache(&directory).with_limit(300);
        for (number, hours) in [(1, 3), (2, 2)] {
            cache.put(key(number), &[number; 100]);
            last_used(cache.path(key(number)), Duration::from_hours(hours));
        }
        assert!(cache.get(key(1)).is_some(), "using it makes it the youngest");
        cache.put(key(3), &[3; 100]);
        let left = [1, 2, 3].map(|number| cache.get(key(number)).is_some());
        assert_eq!(left, [true, false, true]);
        cache.put(key(4), &[4; 400]);
        assert_eq!(cache.get(key(4)), None, "larger than all of the cache");
        assert!(cache.get(key(1)).is_some());
    }

    #[test]
    fn what_a_killed_process_left_behind_is_removed() {
        let directory = TempDir::new().unwrap();
        let cache = cache(&directory);
        let [old, new] = ["1-0", "2-0"].map(|name| {
            let path = cache.directory.join(name).with_extension(UNFINISHED);
            fs::write(&path, "half").unwrap();
            path
        });
        last_used(old.clone(), Duration::from_hours(2));
        cache.put(key(1), b"code");
        assert!(!old.exists());
        assert!(new.exists(), "another process may be writing it");
    }
}
