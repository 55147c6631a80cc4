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

/// Lines of a file, as far as they are of a command.
#[derive(Default)]
pub(super) struct Known {
    /// The results of each mix, as exit codes in their order.
    pub(super) results: HashMap<Digest, Vec<i32>>,
    /// Numbers of the lines that are no results, of whatever command.
    pub(super) unread: Vec<usize>,
}

impl KeptLog {
    /// Opens the file, and reads what it has of a command.
    pub(super) fn open(path: &Path, command: &str) -> Result<(Self, Known), BisectError> {
        let name = path.display().to_string();
        let fails = |verb| {
            let file = name.clone();
            move |cause: io::Error| BisectError::Log { file, verb, cause }
        };
        let text = read(path).map_err(fails("read"))?;
        let mut known = Known::default();
        // The last line is half a line where the run was killed.
        let cut = (!text.ends_with('\n')).then(|| text.lines().count());
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty()) {
            // Others are no results: a command that ends so stops the search.
            match serde_json::from_str::<Line>(line) {
                Ok(line) if !(0..=125).contains(&line.exit_code) => known.unread.push(number),
                Ok(line) if line.command == command => {
                    known.results.entry(line.snapshot).or_default().push(line.exit_code);
                }
                Ok(_) => {}
                Err(_) if cut == Some(number) => {}
                Err(_) => known.unread.push(number),
            }
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
