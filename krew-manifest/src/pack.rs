//! Packing of cargo's output into the archive of one platform.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{Archive, Error, Platform, completions};

/// Contents of an archive.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// Platform of the archive.
    pub platform: Platform,
    /// The plugin, built for that platform.
    pub program: &'a Path,
    /// The licences of the packages that are part of it.
    pub licences: &'a Path,
    /// The plugin, built for this machine: it prints the completions.
    pub prints_completions: &'a Path,
    /// The project's folder, which has the licence and the README.
    pub project: &'a Path,
    /// Time of the commit, in seconds since 1970.
    pub time: u32,
}

/// Packs it into a folder, and returns the archive's path.
pub fn pack(input: &Input<'_>, folder: &Path) -> Result<PathBuf, Error> {
    let read = |path: &Path| fs::read(path).map_err(Error::file(path));
    let mut archive = Archive::default();
    archive.add(input.platform.program(), true, read(input.program)?);
    for name in ["LICENSE", "README.md"] {
        archive.add(name, false, read(&input.project.join(name))?);
    }
    archive.add("LICENSES-OF-DEPENDENCIES", false, read(input.licences)?);
    for (path, executable, content) in completions(input.prints_completions, input.platform)? {
        archive.add(path, executable, content);
    }
    let path = folder.join(input.platform.archive());
    let packed = archive.pack(input.time).map_err(Error::file(&path))?;
    fs::create_dir_all(folder).map_err(Error::file(folder))?;
    fs::write(&path, packed).map_err(Error::file(&path))?;
    Ok(path)
}
