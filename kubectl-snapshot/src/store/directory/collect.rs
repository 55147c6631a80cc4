//! Garbage collection: files that nothing refers to are found and deleted.
//!
//! Whoever finds its blob there makes it young again (see `put_blob`), so the
//! grace period keeps it until something refers to it.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use snapshot_core::{
    digest::Digest,
    record::{Event, Record},
};

use super::{Directory, Files};
use crate::{
    cluster::Stop,
    files::UNFINISHED,
    store::{
        Broken, BrokenPart, Progress, StoreError,
        entry::{Fields, Section},
        garbage::{Collected, Garbage, GarbageItem, GarbageKind},
    },
};

/// The folders that a store has, and itself.
const FOLDERS: [&str; 12] = [
    "",
    "snapshots",
    "variables",
    "policies",
    "stages",
    "repositories",
    "flagsources",
    "records",
    "chains",
    "evidence",
    "removals",
    BLOBS,
];
const BLOBS: &str = "blobs";

/// A file of the store's folder.
struct Found {
    path: PathBuf,
    name: String,
    bytes: u64,
    /// True if it is older than the grace period.
    old: bool,
}

impl Directory {
    /// Deletes garbage, unless something refers to it by now.
    pub async fn collect(
        &self,
        garbage: Garbage,
        stop: &Stop,
        progress: Progress<'_>,
    ) -> Collected {
        let mut collected = Collected::default();
        let named = match self.on(Files::named_blobs).await {
            Ok(named) => named,
            Err(error) => return Collected { failure: Some(error), ..collected },
        };
        let total = garbage.items.len();
        for (done, item) in garbage.items.into_iter().enumerate() {
            if stop.requested() {
                break;
            }
            let file = Path::new(&item.name).file_name();
            let digest = file.and_then(|name| digest_of(&name.to_string_lossy()));
            if digest.is_some_and(|digest| named.contains_key(&digest)) {
                collected.re_referenced += 1;
                continue;
            }
            let name = item.name.clone();
            match self.on(move |files| files.discard(&name)).await {
                Ok(true) => collected.deleted.push(item),
                Ok(false) => {}
                Err(error) => {
                    collected.failure = Some(error);
                    break;
                }
            }
            progress(done + 1, total);
        }
        collected
    }
}

impl Files {
    /// Finds what nothing refers to, and files that were never finished.
    pub fn garbage(&self, grace: Duration) -> Result<Garbage, StoreError> {
        let before = SystemTime::now().checked_sub(grace).unwrap_or(SystemTime::UNIX_EPOCH);
        let named = self.named_blobs()?;
        let mut garbage = Garbage::default();
        for folder in FOLDERS {
            for file in files(&self.root.join(folder), before)? {
                let blob = digest_of(&file.name).filter(|_| folder == BLOBS);
                let kind = match blob {
                    Some(digest) if named.contains_key(&digest) => {
                        garbage.needed += 1;
                        continue;
                    }
                    Some(_) if !file.old => {
                        garbage.young += 1;
                        continue;
                    }
                    Some(_) => GarbageKind::Chunk,
                    None if is_unfinished(&file.name) && file.old => GarbageKind::Unfinished,
                    None => continue,
                };
                let name = file.path.strip_prefix(&self.root).unwrap_or(&file.path);
                let name = name.display().to_string();
                garbage.items.push(GarbageItem {
                    kind,
                    name,
                    bytes: file.bytes,
                    uid: String::new(),
                });
            }
        }
        Ok(garbage)
    }

    /// Deletes a file of the store, by its path in it; `false` where there was none.
    pub fn discard(&self, name: &str) -> Result<bool, StoreError> {
        let file = self.root.join(name);
        match fs::remove_file(&file) {
            Ok(()) => Ok(true),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(cause) => Err(StoreError::Io { verb: "deleted", file, cause }),
        }
    }

    /// The blobs that bindings and records name, with what names them.
    ///
    /// # Errors
    /// One of them cannot be read, so nobody knows what it names.
    pub fn named_blobs(&self) -> Result<BTreeMap<Digest, String>, StoreError> {
        let mut named = BTreeMap::new();
        for section in [Section::Policies, Section::Records] {
            for entry in self.entries(section)? {
                let object = self.describe_entry(section, &entry.name);
                let digests = match section {
                    Section::Policies => of_binding(&entry.fields),
                    _ => of_record(&entry.fields),
                };
                let digests = digests.map_err(|cause| StoreError::UnreadableReferrer {
                    object: object.clone(),
                    cause: cause.into(),
                })?;
                named.extend(digests.into_iter().map(|digest| (digest, object.clone())));
            }
        }
        Ok(named)
    }

    /// Snapshots that cannot be read; somebody else's files are none.
    pub fn broken_snapshots(&self) -> Result<Vec<BrokenPart>, StoreError> {
        let part = |broken: Broken| {
            let name = format!("snapshots/{}.json", broken.name);
            let object = self.root.join(&name).display().to_string();
            let cause = broken.cause.strip_prefix(&object).unwrap_or(&broken.cause);
            let cause = cause.trim_start_matches([':', ' ']).to_owned();
            BrokenPart::of_object("snapshot", &name, object, cause)
        };
        Ok(self.list()?.broken.into_iter().map(part).collect())
    }

    /// Objects that refer to a missing blob, a sentence each.
    pub fn missing_blobs(&self) -> Result<Vec<String>, StoreError> {
        let there = self.stored_blobs()?;
        let named = self.named_blobs()?.into_iter();
        let missing = named.filter(|(digest, _)| !there.contains(digest));
        let said = |(digest, object)| {
            format!(
                "{object} needs {}, which is missing; restore it from a backup",
                self.blob_file(digest).display()
            )
        };
        Ok(missing.map(said).collect())
    }

    /// The blobs that there are.
    fn stored_blobs(&self) -> Result<BTreeSet<Digest>, StoreError> {
        let files = files(&self.root.join(BLOBS), SystemTime::UNIX_EPOCH)?;
        Ok(files.iter().filter_map(|file| digest_of(&file.name)).collect())
    }
}

fn of_binding(fields: &Fields) -> Result<Vec<Digest>, String> {
    let policy = fields.get("policy").ok_or("has no member policy, the digest of the policy")?;
    Ok(vec![policy.parse().map_err(|_| format!("has a policy {policy:?}, which is no digest"))?])
}

fn of_record(fields: &Fields) -> Result<Vec<Digest>, String> {
    let text = fields.get("record").ok_or("has no member record")?;
    let record: Record = serde_json::from_str(text)
        .map_err(|error| format!("has a record that cannot be read: {error}"))?;
    Ok(match record.event {
        Event::Decided(decided) => {
            let policies = decided.policies.iter().filter_map(|policy| policy.digest);
            policies.chain(decided.questions.values().copied()).collect()
        }
        Event::Ended(_) => Vec::new(),
    })
}

/// The digest that a blob's file is named by.
fn digest_of(name: &str) -> Option<Digest> {
    format!("sha256:{name}").parse().ok()
}

/// True if a file's name is one that writers give to an unfinished file:
/// `.rel-42.json.k3JxQ9.unfinished`.
fn is_unfinished(name: &str) -> bool {
    let middle = name.strip_prefix('.').and_then(|rest| rest.strip_suffix(UNFINISHED));
    let process = middle.and_then(|middle| middle.rsplit_once('.'));
    process.is_some_and(|(of, id)| {
        !of.is_empty() && !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

fn files(folder: &Path, before: SystemTime) -> Result<Vec<Found>, StoreError> {
    let fail = |cause| StoreError::Io { verb: "read", file: folder.to_owned(), cause };
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(cause) => return Err(fail(cause)),
    };
    let mut files = Vec::new();
    for entry in entries {
        let entry = entry.map_err(fail)?;
        // Somebody else may have deleted it since.
        let Ok(metadata) = entry.metadata() else { continue };
        let Ok(name) = entry.file_name().into_string() else { continue };
        if metadata.is_file() {
            let old = metadata.modified().map_err(fail)? <= before;
            files.push(Found { path: entry.path(), name, bytes: metadata.len(), old });
        }
    }
    files.sort_by(|a: &Found, b| a.name.cmp(&b.name));
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_what_nothing_names_and_is_old_is_garbage() {
        let folder = tempfile::tempdir().unwrap();
        let home = Files::new(folder.path().to_owned());
        let (bound, loose) = (Digest::of(b"bound"), Digest::of(b"loose"));
        home.put_blob(bound, b"bound").unwrap();
        home.put_blob(loose, b"loose").unwrap();
        let binding = Fields::from([("policy".to_owned(), bound.to_string())]);
        home.put(Section::Policies, "ours", &binding).unwrap();
        let unfinished = folder.path().join("blobs/.1f3a.4711.unfinished");
        fs::write(&unfinished, b"half").unwrap();
        fs::write(folder.path().join("blobs/notes.txt"), b"ours").unwrap();

        let garbage = home.garbage(Duration::from_hours(1)).unwrap();
        assert_eq!((garbage.items.len(), garbage.needed, garbage.young), (0, 1, 1));
        let garbage = home.garbage(Duration::ZERO).unwrap();
        let kinds: Vec<_> = garbage.items.iter().map(|item| item.kind).collect();
        assert_eq!(kinds, [GarbageKind::Unfinished, GarbageKind::Chunk]);

        let collected = Directory(home.clone()).collect(garbage, &Stop::never(), &|_, _| ()).await;
        assert!(collected.failure.is_none() && collected.deleted.len() == 2);
        assert_eq!(home.stored_blobs().unwrap(), [bound].into());
        assert!(!unfinished.exists() && folder.path().join("blobs/notes.txt").exists());
    }

    #[test]
    fn a_binding_that_cannot_be_read_keeps_everything() {
        let folder = tempfile::tempdir().unwrap();
        let home = Files::new(folder.path().to_owned());
        home.put_blob(Digest::of(b"loose"), b"loose").unwrap();
        let binding = Fields::from([("policy".to_owned(), "latest".to_owned())]);
        home.put(Section::Policies, "ours", &binding).unwrap();
        let error = home.garbage(Duration::ZERO).unwrap_err().to_string();
        assert!(error.contains("ours.json has a policy \"latest\", which is no digest"), "{error}");
    }

    #[test]
    fn a_blob_that_is_stored_again_is_young_again() {
        let folder = tempfile::tempdir().unwrap();
        let home = Files::new(folder.path().to_owned());
        let loose = Digest::of(b"loose");
        home.put_blob(loose, b"loose").unwrap();
        let file = fs::File::options().write(true).open(home.blob_file(loose)).unwrap();
        file.set_modified(SystemTime::now() - Duration::from_hours(48)).unwrap();
        assert_eq!(home.garbage(Duration::from_hours(24)).unwrap().items.len(), 1);
        home.put_blob(loose, b"loose").unwrap();
        assert_eq!(home.garbage(Duration::from_hours(24)).unwrap().young, 1);
    }

    #[test]
    fn names_of_unfinished_files() {
        for (name, unfinished) in [
            (".rel-42.json.4711.unfinished", true),
            (".rel-42.json.k3JxQ9.unfinished", true),
            ("rel-42.json.4711.unfinished", false),
            (".rel-42.json.k-9.unfinished", false),
            (".4711.unfinished", false),
        ] {
            assert_eq!(is_unfinished(name), unfinished, "{name}");
        }
    }
}
