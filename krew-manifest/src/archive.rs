//! One archive: the same files give the same bytes.

use std::{
    collections::BTreeMap,
    io::{self, Read},
};

use flate2::{Compression, GzBuilder, read::GzDecoder};

/// Files to be packed. They are kept in order, whatever order they come in.
#[derive(Debug, Default)]
pub struct Archive(BTreeMap<String, File>);

#[derive(Debug)]
struct File {
    executable: bool,
    content: Vec<u8>,
}

impl Archive {
    /// Adds a file under its path in the archive.
    pub fn add(&mut self, path: impl Into<String>, executable: bool, content: Vec<u8>) {
        self.0.insert(path.into(), File { executable, content });
    }

    /// The packed bytes, in which every file is of that time: seconds since 1970.
    ///
    /// Owner, group and rights are the same on every machine.
    pub fn pack(&self, time: u32) -> io::Result<Vec<u8>> {
        // The header says neither a name nor the system that it was packed on.
        let gzip = GzBuilder::new().mtime(time).operating_system(255);
        let mut tar = tar::Builder::new(gzip.write(Vec::new(), Compression::best()));
        for (path, file) in &self.0 {
            let mut header = tar::Header::new_ustar();
            header.set_entry_type(tar::EntryType::Regular);
            header.set_mode(if file.executable { 0o755 } else { 0o644 });
            header.set_uid(0);
            header.set_gid(0);
            header.set_mtime(time.into());
            header.set_size(file.content.len() as u64);
            tar.append_data(&mut header, path, file.content.as_slice())?;
        }
        tar.into_inner()?.finish()
    }
}

/// The time that an archive's files are of.
pub(crate) fn time_of(packed: impl Read) -> io::Result<u32> {
    let mut gzip = GzDecoder::new(packed);
    gzip.read_exact(&mut [0])?;
    Ok(gzip.header().map_or(0, flate2::GzHeader::mtime))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn archive(paths: &[&str]) -> Archive {
        let mut archive = Archive::default();
        for path in paths {
            archive.add(*path, path.starts_with("bin"), path.as_bytes().to_vec());
        }
        archive
    }

    #[test]
    fn the_order_of_files_does_not_matter() {
        let one = archive(&["LICENSE", "bin/a", "bin/b"]).pack(7).unwrap();
        let other = archive(&["bin/b", "LICENSE", "bin/a"]).pack(7).unwrap();
        assert_eq!(one, other);
        assert_ne!(one, archive(&["LICENSE", "bin/a"]).pack(7).unwrap());
    }

    #[test]
    fn files_have_rights_and_no_owner() {
        let packed = archive(&["LICENSE", "bin/a"]).pack(1_700_000_000).unwrap();
        let mut tar = tar::Archive::new(GzDecoder::new(packed.as_slice()));
        let seen: Vec<_> = tar
            .entries()
            .unwrap()
            .map(|entry| {
                let entry = entry.unwrap();
                let header = entry.header();
                assert_eq!((header.uid().unwrap(), header.gid().unwrap()), (0, 0));
                assert_eq!(header.mtime().unwrap(), 1_700_000_000);
                (entry.path().unwrap().display().to_string(), header.mode().unwrap())
            })
            .collect();
        assert_eq!(seen, [("LICENSE".to_owned(), 0o644), ("bin/a".to_owned(), 0o755)]);
        assert_eq!(time_of(packed.as_slice()).unwrap(), 1_700_000_000);
    }
}
