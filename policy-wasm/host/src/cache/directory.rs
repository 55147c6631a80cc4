//! The cache's directory: private, and no larger than it may be.

use super::{COMPILED, CacheError, UNFINISHED};
use std::fs::{self, DirBuilder, File, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// Age at which an unfinished file counts as left by a process that was killed.
const ABANDONED: Duration = Duration::from_hours(1);

/// Makes `path` for this user alone, or checks that it is.
pub(super) fn make_private(path: &Path) -> Result<(), CacheError> {
    let unusable = |source| CacheError::Unusable { path: path.to_owned(), source };
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).map_err(unusable)?;
    }
    match private_builder().create(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(unusable(error)),
        Ok(()) | Err(_) => {}
    }
    // Not followed: a link could lead into somebody else's directory.
    let found = fs::symlink_metadata(path).map_err(unusable)?;
    if !found.is_dir() {
        return Err(unusable(io::ErrorKind::NotADirectory.into()));
    }
    if is_private(&found, path).map_err(unusable)? {
        Ok(())
    } else {
        Err(CacheError::NotPrivate { path: path.to_owned() })
    }
}

/// Makes a new file that only this user can read.
pub(super) fn create_private(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Removes what was not used for longest until at most `limit` bytes are left,
/// and what killed processes left behind.
pub(super) fn shrink(directory: &Path, limit: u64) -> io::Result<()> {
    let mut compiled: Vec<(SystemTime, u64, PathBuf)> = Vec::new();
    for entry in fs::read_dir(directory)? {
        let path = entry?.path();
        let extension = path.extension().and_then(|extension| extension.to_str());
        // Another process may have removed it since it was listed.
        let Ok(metadata) = fs::metadata(&path) else { continue };
        let modified = metadata.modified()?;
        match extension {
            Some(COMPILED) => compiled.push((modified, metadata.len(), path)),
            Some(UNFINISHED) if modified.elapsed().is_ok_and(|age| age > ABANDONED) => {
                let _ = fs::remove_file(&path);
            }
            _ => {}
        }
    }
    compiled.sort();
    let mut size: u64 = compiled.iter().map(|(_, len, _)| len).sum();
    for (_, len, path) in compiled {
        if size <= limit {
            break;
        }
        let _ = fs::remove_file(path);
        size -= len;
    }
    Ok(())
}

#[cfg(unix)]
fn private_builder() -> DirBuilder {
    let mut builder = DirBuilder::new();
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder
}

#[cfg(unix)]
fn is_private(found: &Metadata, path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    // A file made now has this user as its owner; std has no other way to ask.
    let probe = path.join(format!("{}.probe", std::process::id()));
    let owner = File::create(&probe).and_then(|file| file.metadata()).map(|it| it.uid());
    let _ = fs::remove_file(&probe);
    Ok(found.permissions().mode() & 0o777 == 0o700 && found.uid() == owner?)
}

/// Elsewhere a user's profile is private by what it inherits.
#[cfg(not(unix))]
fn private_builder() -> DirBuilder {
    DirBuilder::new()
}

#[cfg(not(unix))]
fn is_private(_: &Metadata, _: &Path) -> io::Result<bool> {
    Ok(true)
}
