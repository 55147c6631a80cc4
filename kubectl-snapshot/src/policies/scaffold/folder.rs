//! Folder of a new policy, written whole or not at all.

use std::{
    ffi::OsString,
    fs, io,
    path::{Path, PathBuf},
    process,
};

/// Error: a folder was not written.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// Folder that is not empty.
    #[error("{} exists and is not empty", .0.display())]
    NotEmpty(PathBuf),
    /// File in place of the folder.
    #[error("{} exists and is not a folder", .0.display())]
    NotAFolder(PathBuf),
    /// The file system refuses.
    #[error("{} cannot be written: {reason}", path.display())]
    Refused {
        /// The folder.
        path: PathBuf,
        /// I/O error.
        reason: io::Error,
    },
}

/// Writes files into a folder, which is made, or is there and empty.
///
/// They are written beside their place first and moved there in the end, so that
/// a failure leaves nothing behind.
pub(super) fn write(folder: &Path, files: &[(&str, String)]) -> Result<(), FolderError> {
    let refused = |reason| FolderError::Refused { path: folder.to_owned(), reason };
    let exists = is_there_and_empty(folder)?;
    let stage = if exists {
        folder.join(stage_name("policy".into()))
    } else {
        // What may be missing of the way there is no part of the policy, and may stay.
        let parent = folder.parent().unwrap_or(folder);
        if !parent.as_os_str().is_empty() {
            fs::create_dir_all(parent).map_err(refused)?;
        }
        parent.join(stage_name(folder.file_name().unwrap_or_default().to_owned()))
    };
    let written = fill(&stage, files).and_then(|()| {
        if exists { empty_into(&stage, folder) } else { fs::rename(&stage, folder) }
    });
    written.map_err(|reason| {
        // Nothing more can be done where this fails, too.
        let _ = fs::remove_dir_all(&stage);
        refused(reason)
    })
}

fn is_there_and_empty(folder: &Path) -> Result<bool, FolderError> {
    match fs::read_dir(folder) {
        Ok(mut entries) => match entries.next() {
            None => Ok(true),
            Some(_) => Err(FolderError::NotEmpty(folder.to_owned())),
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound && !folder.is_symlink() => Ok(false),
        Err(_) if folder.is_file() => Err(FolderError::NotAFolder(folder.to_owned())),
        Err(reason) => Err(FolderError::Refused { path: folder.to_owned(), reason }),
    }
}

fn stage_name(name: OsString) -> OsString {
    let mut stage = OsString::from(".");
    stage.push(name);
    stage.push(format!(".{}", process::id()));
    stage
}

fn fill(stage: &Path, files: &[(&str, String)]) -> io::Result<()> {
    for (path, content) in files {
        let file = stage.join(path);
        fs::create_dir_all(file.parent().unwrap_or(stage))?;
        fs::write(file, content)?;
    }
    Ok(())
}

/// Moves what is in one folder into the other, and removes the first.
fn empty_into(stage: &Path, folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(stage)? {
        let entry = entry?;
        fs::rename(entry.path(), folder.join(entry.file_name()))?;
    }
    fs::remove_dir(stage)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files() -> Vec<(&'static str, String)> {
        vec![("README.md", "read\n".to_owned()), ("src/rule.c", "rule\n".to_owned())]
    }

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<String> =
            entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_folder_an_empty_one_and_the_way_there() {
        let home = tempfile::tempdir().unwrap();
        let empty = home.path().join("empty");
        fs::create_dir(&empty).unwrap();
        for folder in [home.path().join("new"), empty, home.path().join("far/away")] {
            write(&folder, &files()).unwrap();
            assert_eq!(names(&folder), ["README.md", "src"]);
            assert_eq!(fs::read_to_string(folder.join("src/rule.c")).unwrap(), "rule\n");
        }
        assert_eq!(names(home.path()), ["empty", "far", "new"]);
    }

    #[test]
    fn what_is_there_is_left_alone() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("mine"), "mine").unwrap();
        let error = write(home.path(), &files()).unwrap_err();
        assert!(error.to_string().ends_with(" exists and is not empty"), "{error}");
        let error = write(&home.path().join("mine"), &files()).unwrap_err();
        assert!(error.to_string().ends_with("mine exists and is not a folder"), "{error}");
        assert_eq!(names(home.path()), ["mine"]);
    }

    #[test]
    fn a_failure_leaves_nothing_behind() {
        let home = tempfile::tempdir().unwrap();
        // The second file needs a folder where the first one is.
        let impossible = [("src", String::new()), ("src/rule.c", String::new())];
        let error = write(&home.path().join("new"), &impossible).unwrap_err();
        assert!(error.to_string().contains("new cannot be written: "), "{error}");
        assert!(write(home.path(), &impossible).is_err());
        assert_eq!(names(home.path()), Vec::<String>::new());
    }
}
