//! Result files that are there whole, or not at all.

use std::{
    env,
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use tempfile::{Builder, NamedTempFile, PersistError};

use crate::blocking::blocking;

/// The ending of a file that is being written.
pub const UNFINISHED: &str = ".unfinished";

/// Treatment of a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Existing {
    /// Keeps it: writing fails with [`io::ErrorKind::AlreadyExists`].
    Keep,
    /// Replaces it at once, with its permissions.
    Replace,
}

/// The user's folder of what can be fetched or made again.
#[must_use]
pub fn cache_home() -> Option<PathBuf> {
    let base = match env::var_os("XDG_CACHE_HOME").filter(|path| !path.is_empty()) {
        Some(path) => PathBuf::from(path),
        None if cfg!(target_os = "macos") => env::home_dir()?.join("Library/Caches"),
        None if cfg!(windows) => PathBuf::from(env::var_os("LOCALAPPDATA")?),
        None => env::home_dir()?.join(".cache"),
    };
    Some(base.join("kubectl-snapshot"))
}

/// Writes a file for the user, in place of one that may be there.
///
/// What is no regular file, a pipe or `/dev/stdout`, is written as it is: there
/// is nothing to replace.
pub async fn save(path: &Path, content: impl Into<Vec<u8>>) -> io::Result<()> {
    let (path, content) = (path.to_owned(), content.into());
    blocking(move || match fs::metadata(&path) {
        Ok(there) if !there.is_file() => {
            let mut file = File::options().write(true).open(&path)?;
            file.write_all(&content)?;
            file.flush()
        }
        // A link stays a link, to a new file.
        Ok(_) => write(&fs::canonicalize(path)?, Existing::Replace, |out| out.write_all(&content)),
        Err(_) => write(&path, Existing::Replace, |out| out.write_all(&content)),
    })
    .await
}

/// Writes a new file for the user; one that is there stays.
pub async fn create(path: &Path, content: impl Into<Vec<u8>>) -> io::Result<()> {
    let (path, content) = (path.to_owned(), content.into());
    blocking(move || write(&path, Existing::Keep, |out| out.write_all(&content))).await
}

/// Writes a file beside its place, and moves it there once it is on the disk.
///
/// Where this fails, for a full disk say, the place is as it was. It blocks.
pub fn write(
    path: &Path,
    existing: Existing,
    content: impl FnOnce(&mut BufWriter<&mut File>) -> io::Result<()>,
) -> io::Result<()> {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    fs::create_dir_all(folder)?;
    let mut unfinished = beside(path, folder)?;
    let mut out = BufWriter::new(unfinished.as_file_mut());
    content(&mut out)?;
    out.flush()?;
    drop(out);
    if let (Existing::Replace, Ok(there)) = (existing, fs::metadata(path)) {
        unfinished.as_file().set_permissions(there.permissions())?;
    }
    unfinished.as_file().sync_all()?;
    match existing {
        Existing::Keep => move_to_free(unfinished, path)?,
        Existing::Replace => {
            unfinished.persist(path)?;
        }
    }
    // The name survives a power cut only once the folder is on the disk as well.
    // Not every file system can promise that, and none takes the file away.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// A file on its way; what is left of it when it did not arrive is removed. The
/// leading dot hides it from lists.
fn beside(path: &Path, folder: &Path) -> io::Result<NamedTempFile> {
    let name = path.file_name().map(PathBuf::from).unwrap_or_default();
    let prefix = format!(".{}.", name.display());
    // Opened as any new file is: others may read it, as far as the user's umask allows.
    Builder::new()
        .prefix(&prefix)
        .suffix(UNFINISHED)
        .make_in(folder, |path| File::options().read(true).write(true).create_new(true).open(path))
}

/// Moves it where nothing may be.
fn move_to_free(unfinished: NamedTempFile, path: &Path) -> io::Result<()> {
    match unfinished.persist_noclobber(path) {
        Ok(_) => Ok(()),
        Err(PersistError { error, .. }) if error.kind() == io::ErrorKind::AlreadyExists => {
            Err(error)
        }
        // A file system that can neither rename without replacing, nor link.
        Err(_) if path.symlink_metadata().is_ok() => Err(io::ErrorKind::AlreadyExists.into()),
        Err(PersistError { file, .. }) => {
            file.persist(path)?;
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[test]
    fn a_failure_leaves_nothing_behind_and_the_old_file_in_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("rel-42.json");
        let full = |out: &mut BufWriter<&mut File>| {
            out.write_all(b"half of ")?;
            out.flush()?;
            Err(io::ErrorKind::StorageFull.into())
        };
        assert_eq!(
            write(&path, Existing::Keep, full).unwrap_err().kind(),
            io::ErrorKind::StorageFull
        );
        assert!(listed(folder.path()).is_empty());

        write(&path, Existing::Keep, |out| out.write_all(b"old")).unwrap();
        assert!(write(&path, Existing::Replace, full).is_err());
        assert_eq!(listed(folder.path()), ["rel-42.json"]);
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }

    #[test]
    fn only_a_replacement_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deeper/rel-42.json");
        write(&path, Existing::Keep, |out| out.write_all(b"old")).unwrap();
        let error = write(&path, Existing::Keep, |out| out.write_all(b"new")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        write(&path, Existing::Replace, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(listed(path.parent().unwrap()), ["rel-42.json"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_new_file_has_the_permissions_of_any_and_a_replaced_one_its_own() {
        use std::{fs::Permissions, os::unix::fs::PermissionsExt as _};

        let folder = tempfile::tempdir().unwrap();
        let [path, plain] = ["result", "plain"].map(|name| folder.path().join(name));
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o7777;
        write(&path, Existing::Keep, |out| out.write_all(b"one")).unwrap();
        fs::write(&plain, b"").unwrap();
        assert_eq!(mode(&path), mode(&plain));
        fs::set_permissions(&path, Permissions::from_mode(0o640)).unwrap();
        write(&path, Existing::Replace, |out| out.write_all(b"two")).unwrap();
        assert_eq!((mode(&path), fs::read(&path).unwrap()), (0o640, b"two".to_vec()));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_link_stays_one_and_a_device_is_written_to() {
        let folder = tempfile::tempdir().unwrap();
        let [real, link] = ["real", "link"].map(|name| folder.path().join(name));
        fs::write(&real, b"old").unwrap();
        std::os::unix::fs::symlink("real", &link).unwrap();
        save(&link, "new").await.unwrap();
        assert!(link.symlink_metadata().unwrap().is_symlink());
        assert_eq!(fs::read(&real).unwrap(), b"new");
        save(Path::new("/dev/null"), "nothing").await.unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }
}
