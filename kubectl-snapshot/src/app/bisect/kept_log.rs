//! Results in a file of the user's: a line of JSON each.

use std::{
    collections::HashMap,
    fs::{File, OpenOptions},
    io::{self, Write as _},
    path::Path,
};

use serde::{Deserialize, Serialize};
use snapshot_core::digest::Digest;

use super::BisectError;

/// The largest file that is read, in bytes: a million results.
const LARGEST: u64 = 256 << 20;

/// A file that results are kept in.
pub(super) struct KeptLog {
    name: String,
    file: File,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Line {
    command: String,
    snapshot: Digest,
    exit_code: i32,
    at: u64,
}

/// The text of the file; none where it is not there yet.
///
/// A pipe would be waited for, and a device may have no end.
fn read(path: &Path) -> io::Result<String> {
    let found = match std::fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(String::new()),
        found => found?,
    };
    if !found.is_file() {
        return Err(io::Error::other("it is no ordinary file"));
    }
    if found.len() > LARGEST {
        return Err(io::Error::other("it is larger than any that this command has written"));
    }
    std::fs::read_to_string(path)
}

impl KeptLog {
    /// Opens the file, and reads what it has of a command.
    pub(super) fn open(
        path: &Path,
        command: &str,
    ) -> Result<(Self, HashMap<Digest, Vec<i32>>), BisectError> {
        let name = path.display().to_string();
        let fails = |verb| {
            let file = name.clone();
            move |cause: io::Error| BisectError::Log { file, verb, cause }
        };
        let text = read(path).map_err(fails("read"))?;
        let mut known: HashMap<Digest, Vec<i32>> = HashMap::new();
        // The last line is half a line where the run was killed.
        let whole = text.lines().filter_map(|line| serde_json::from_str::<Line>(line).ok());
        // Others are no results: a command that ends so stops the search.
        let is_result =
            |line: &Line| line.command == command && (0..=125).contains(&line.exit_code);
        for line in whole.filter(is_result) {
            known.entry(line.snapshot).or_default().push(line.exit_code);
        }
        let opened = OpenOptions::new().create(true).append(true).open(path);
        let mut file = opened.map_err(fails("written"))?;
        if !text.is_empty() && !text.ends_with('\n') {
            file.write_all(b"\n").map_err(fails("written"))?;
        }
        Ok((Self { name: name.clone(), file }, known))
    }

    /// Writes a result down, and sees to it that it stays.
    pub(super) fn append(
        &mut self,
        command: &str,
        snapshot: &Digest,
        exit_code: i32,
        at: u64,
    ) -> Result<(), BisectError> {
        let line = Line { command: command.to_owned(), snapshot: *snapshot, exit_code, at };
        let written = serde_json::to_vec(&line).map_err(io::Error::other).and_then(|mut line| {
            line.push(b'\n');
            self.file.write_all(&line)?;
            self.file.sync_data()
        });
        let (file, verb) = (self.name.clone(), "written");
        written.map_err(|cause| BisectError::Log { file, verb, cause })
    }
}
