//! Files that are there whole, or not at all.

use std::{
    fs::{self, File},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use crate::store::Overwrite;

/// Writes a file beside its place, and moves it there once it is on the disk.
///
/// Where this fails, for a full disk say, the place is as it was.
pub fn write(
    path: &Path,
    overwrite: Overwrite,
    content: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>,
) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let unfinished = Unfinished::beside(path);
    let mut out = BufWriter::new(File::create(&unfinished.0)?);
    content(&mut out)?;
    out.flush()?;
    out.get_ref().sync_all()?;
    drop(out);
    match overwrite {
        Overwrite::Never => unfinished.move_to_free(path)?,
        Overwrite::Force => fs::rename(&unfinished.0, path)?,
    }
    // The name survives a power cut only once the folder is on the disk as well.
    // Not every file system can promise that, and none takes the file away.
    if let Ok(folder) = File::open(folder) {
        let _ = folder.sync_all();
    }
    Ok(())
}

/// A file on its way; what is left of it when it did not arrive is removed.
struct Unfinished(PathBuf);

impl Unfinished {
    /// The leading dot hides it from lists, the process's id keeps writers apart.
    fn beside(path: &Path) -> Self {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        Self(path.with_file_name(format!(".{name}.{}.unfinished", std::process::id())))
    }

    /// Moves it where nothing may be. A link, unlike a rename, cannot replace.
    fn move_to_free(&self, path: &Path) -> io::Result<()> {
        match fs::hard_link(&self.0, path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Err(error),
            // A file system without links.
            Err(_) if path.try_exists()? => Err(io::ErrorKind::AlreadyExists.into()),
            Err(_) => fs::rename(&self.0, path),
            Ok(()) => Ok(()),
        }
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
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
        let full = |out: &mut BufWriter<File>| {
            out.write_all(b"half of ")?;
            out.flush()?;
            Err(io::ErrorKind::StorageFull.into())
        };
        assert_eq!(
            write(&path, Overwrite::Never, full).unwrap_err().kind(),
            io::ErrorKind::StorageFull
        );
        assert!(listed(folder.path()).is_empty());

        write(&path, Overwrite::Never, |out| out.write_all(b"old")).unwrap();
        assert!(write(&path, Overwrite::Force, full).is_err());
        assert_eq!(listed(folder.path()), ["rel-42.json"]);
        assert_eq!(fs::read(&path).unwrap(), b"old");
    }

    #[test]
    fn only_force_replaces() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deeper/rel-42.json");
        write(&path, Overwrite::Never, |out| out.write_all(b"old")).unwrap();
        let error = write(&path, Overwrite::Never, |out| out.write_all(b"new")).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"old");
        write(&path, Overwrite::Force, |out| out.write_all(b"new")).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert_eq!(listed(path.parent().unwrap()), ["rel-42.json"]);
    }
}
