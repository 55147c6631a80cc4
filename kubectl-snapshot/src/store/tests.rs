//! Invariants of every store, tested on the one that needs no cluster.

use std::{collections::BTreeMap, fs, path::Path};

use snapshot_core::{
    digest::Digest,
    document::{self, test_support::shop},
    name::{SetName, SnapshotName},
};

use super::*;
use snapshot_core::snapshot::Snapshot;

fn name(text: &str) -> SnapshotName {
    text.parse().unwrap()
}

/// Runs to its end what reaches files on a thread of its own.
pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(future)
}

fn silent(_done: usize, _total: usize) {}

fn save(store: &Store, text: &str, snapshot: &Snapshot) -> Result<Head, StoreError> {
    block_on(store.save(&name(text), &Arc::new(snapshot.clone().into()), Overwrite::Never, &silent))
}

/// A store in a directory that is gone with the test.
fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::in_directory(folder.path().join("store"));
    (folder, store)
}

fn file(folder: &tempfile::TempDir, name: &str) -> std::path::PathBuf {
    folder.path().join("store").join(name)
}

#[test]
fn a_snapshot_comes_back_under_the_name_it_was_given() {
    let (folder, store) = store();
    let head = save(&store, "rel-43", &shop(3)).unwrap();
    assert_eq!((head.services, head.instances, head.flags), (3, 3, 0));
    assert_eq!(block_on(store.find("rel-43")).unwrap(), head);
    let mut expected = shop(3);
    expected.metadata.name = Some("rel-43".to_owned());
    assert_eq!(block_on(store.load(&head, &silent)).unwrap(), expected.clone().into());

    let mut text = Vec::new();
    document::write(&expected.into(), &mut text).unwrap();
    assert_eq!(fs::read(file(&folder, "snapshots/rel-43.json")).unwrap(), text);
}

#[test]
fn ten_thousand_services_come_back() {
    let (_folder, store) = store();
    let snapshot = shop(10_000);
    let head = save(&store, "rel-42", &snapshot).unwrap();
    assert_eq!(head.services, 10_000);
    assert_eq!(block_on(store.load(&head, &silent)).unwrap(), snapshot.into());
}

#[test]
fn a_name_is_taken_only_by_force() {
    let (_folder, store) = store();
    let old = save(&store, "rel-42", &shop(1)).unwrap();
    let error = save(&store, "rel-42", &shop(2)).unwrap_err();
    assert!(matches!(error, StoreError::Taken { digest, .. } if digest == old.digest), "{error}");
    assert!(error.to_string().contains(&old.digest.to_string()), "{error}");

    let new =
        block_on(store.save(&name("rel-42"), &Arc::new(shop(2).into()), Overwrite::Force, &silent))
            .unwrap();
    assert_eq!(block_on(store.find("rel-42")).unwrap(), new);
    let error = block_on(store.load(&old, &silent)).unwrap_err();
    assert!(
        error.to_string().starts_with("snapshot rel-42 has been changed by somebody else"),
        "{error}"
    );
}

#[test]
fn a_list_is_newest_first_and_names_what_is_broken() {
    let (folder, store) = store();
    assert_eq!(block_on(store.list()).unwrap(), Listing::default());
    for (text, created) in [("rel-41", "2024-01-01T00:00:00Z"), ("rel-42", "2024-02-01T00:00:00Z")]
    {
        let mut snapshot = shop(1);
        snapshot.metadata.created = Some(created.to_owned());
        save(&store, text, &snapshot).unwrap();
    }
    let whole = fs::read(file(&folder, "snapshots/rel-42.json")).unwrap();
    fs::write(file(&folder, "snapshots/cut.json"), &whole[..whole.len() / 2]).unwrap();
    for foreign in ["notes.txt", "package.json", ".rel-43.json.1.unfinished", "Rel.json"] {
        fs::write(file(&folder, &format!("snapshots/{foreign}")), "{}").unwrap();
    }
    fs::create_dir(file(&folder, "snapshots/folder.json")).unwrap();

    let listing = block_on(store.list()).unwrap();
    let names: Vec<&str> = listing.heads.iter().map(|head| head.name.as_ref()).collect();
    assert_eq!(names, ["rel-42", "rel-41"]);
    let [broken] = listing.broken.as_slice() else { panic!("{:?}", listing.broken) };
    assert_eq!(broken.name, "cut");
    assert!(broken.cause.contains("cut.json: the document is cut short"), "{}", broken.cause);
}

#[test]
fn a_document_by_hand_needs_no_digest() {
    let (folder, store) = store();
    let mut tree = document::to_value(&shop(1).into());
    tree["metadata"].as_object_mut().unwrap().remove("digest");
    fs::create_dir_all(file(&folder, "snapshots")).unwrap();
    fs::write(
        file(&folder, "snapshots/by-hand.json"),
        serde_json::to_string_pretty(&tree).unwrap(),
    )
    .unwrap();
    let head = block_on(store.find("by-hand")).unwrap();
    assert_eq!(head.digest, shop(1).spec.digest());
    assert_eq!(
        block_on(store.load(&head, &silent)).unwrap().into_one().unwrap().spec,
        shop(1).spec
    );
}

#[test]
fn a_changed_file_is_not_loaded() {
    let (folder, store) = store();
    let head = save(&store, "rel-42", &shop(1)).unwrap();
    let path = file(&folder, "snapshots/rel-42.json");
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("retries: 3", "retries: 30")).unwrap();
    let error = block_on(store.load(&head, &silent)).unwrap_err().to_string();
    assert!(error.contains("rel-42.json: the document has been changed"), "{error}");
}

#[test]
fn a_snapshot_is_found_by_name_and_by_digest() {
    let (_folder, store) = store();
    let head = save(&store, "rel-42", &shop(1)).unwrap();
    let other = save(&store, "rel-43", &shop(2)).unwrap();
    let tagged = block_on(store.tag(&head, &name("stable"), Overwrite::Never)).unwrap();
    assert_eq!(tagged.digest, head.digest);
    assert_eq!(block_on(store.find(&other.digest.short())).unwrap(), other);
    // Of two names with one time, the first in the alphabet.
    assert_eq!(block_on(store.find(&head.digest.to_string())).unwrap(), head);
    let missing = Digest::of(b"nothing").short();
    for wanted in ["rel-44", "Rel_42", missing.as_str()] {
        let error = block_on(store.find(wanted)).unwrap_err();
        assert!(matches!(&error, StoreError::NotFound { .. }), "{error}");
        assert!(
            error.to_string().starts_with(&format!("there is no snapshot {wanted} in ")),
            "{error}"
        );
    }
    assert!(block_on(store.find("sha256:12")).unwrap_err().to_string().contains("at least 8"));
}

#[test]
fn what_is_deleted_is_gone() {
    let (_folder, store) = store();
    save(&store, "rel-42", &shop(1)).unwrap();
    block_on(store.delete(&name("rel-42"))).unwrap();
    let error = block_on(store.delete(&name("rel-42"))).unwrap_err();
    assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    assert!(block_on(store.list()).unwrap().heads.is_empty());
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("store"), "a file where the folder should be").unwrap();
    let store = Store::in_directory(folder.path().join("store"));
    let error = save(&store, "rel-42", &shop(1)).unwrap_err().to_string();
    let path = Path::new("store").join("snapshots").join("rel-42.json");
    assert!(error.contains(&*path.to_string_lossy()) && error.contains("cannot be "), "{error}");
}

#[test]
fn progress_ends_where_it_said() {
    let (_folder, store) = store();
    let seen = std::sync::Mutex::new(Vec::new());
    let note = |done, total| seen.lock().unwrap().push((done, total));
    block_on(store.save(&name("rel-42"), &Arc::new(shop(1).into()), Overwrite::Never, &note))
        .unwrap();
    assert_eq!(*seen.lock().unwrap(), [(0, 1), (1, 1)]);
}

fn values<const N: usize>(values: [(&str, &str); N]) -> BTreeMap<String, String> {
    values.map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

#[test]
fn variable_sets_are_merged_and_taken_apart() {
    let (folder, store) = store();
    assert!(block_on(store.variable_sets()).unwrap().is_empty());
    let prod: SetName = "prod".parse().unwrap();
    block_on(store.put_variables(&prod, &values([("DB_HOST", "old"), ("REGION", "eu")]))).unwrap();
    let set = block_on(store.put_variables(&prod, &values([("DB_HOST", "db.prod")]))).unwrap();
    assert_eq!(set.values, values([("DB_HOST", "db.prod"), ("REGION", "eu")]));
    block_on(store.put_variables(&"dev".parse().unwrap(), &values([("DB_HOST", "db.dev")])))
        .unwrap();
    let names: Vec<String> = block_on(store.variable_sets())
        .unwrap()
        .into_iter()
        .map(|set| set.name.to_string())
        .collect();
    assert_eq!(names, ["dev", "prod"]);
    let text = fs::read_to_string(file(&folder, "variables/prod.json")).unwrap();
    assert_eq!(text, "{\n  \"DB_HOST\": \"db.prod\",\n  \"REGION\": \"eu\"\n}\n");

    let error =
        block_on(store.remove_variables(&prod, &["DB_HOTS".to_owned()])).unwrap_err().to_string();
    assert_eq!(error, "variable set prod has no variable DB_HOTS; did you mean DB_HOST?");
    block_on(store.remove_variables(&prod, &["DB_HOST".to_owned()])).unwrap();
    assert_eq!(block_on(store.variable_set(&prod)).unwrap().values, values([("REGION", "eu")]));
    block_on(store.delete_variables(&prod)).unwrap();
    let error = block_on(store.variable_set(&prod)).unwrap_err().to_string();
    assert!(error.starts_with("there is no variable set prod in "), "{error}");
}

#[cfg(unix)]
#[test]
fn what_is_no_ordinary_file_is_neither_read_nor_waited_for() {
    let (folder, store) = store();
    save(&store, "rel-42", &shop(3)).unwrap();
    let snapshots = file(&folder, "snapshots");
    let outside = folder.path().join("outside.json");
    fs::copy(snapshots.join("rel-42.json"), &outside).unwrap();
    std::os::unix::fs::symlink("/dev/zero", snapshots.join("zero.json")).unwrap();
    std::os::unix::fs::symlink(&outside, snapshots.join("link.json")).unwrap();
    let made = std::process::Command::new("mkfifo").arg(snapshots.join("pipe.json")).status();
    assert!(made.unwrap().success());
    let large = fs::File::create(snapshots.join("large.json")).unwrap();
    large.set_len(1 << 40).unwrap();
    for (name, problem) in [
        ("zero", "is a symbolic link"),
        ("link", "is a symbolic link"),
        ("pipe", "is a pipe, a socket or a device"),
        ("large", "has more than 256 MiB"),
    ] {
        let error = block_on(store.find(name)).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
    }
    let listing = block_on(store.list()).unwrap();
    assert_eq!((listing.heads.len(), listing.broken.len()), (1, 4));
    // Nor is any of them written through.
    block_on(store.save(&name("link"), &Arc::new(shop(1).into()), Overwrite::Force, &silent))
        .unwrap();
    assert!(!snapshots.join("link.json").symlink_metadata().unwrap().is_symlink());
    assert_ne!(fs::read(&outside).unwrap(), fs::read(snapshots.join("link.json")).unwrap());
}

#[cfg(unix)]
#[tokio::test]
async fn broken_files_are_removed_and_that_is_told() {
    let (folder, store) = store();
    for (file_name, text) in [
        ("snapshots/half.json", r#"{"apiVersion": "kubectl-snapshot.dev/v1alpha1", "kind": "Snap"#),
        ("records/prod.000001.json", "<<<<<<< HEAD"),
        ("evidence/1f3a.1.json", "{}"),
        ("chains/prod.json", r#"{"number": "999999", "digest": "sha256:1f"}"#),
    ] {
        let path = file(&folder, file_name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let broken = store.broken().await.unwrap();
    let kinds: Vec<&str> = broken.iter().map(|part| part.kind).collect();
    assert_eq!(kinds, ["evidence", "chains", "records", "snapshot"]);
    let chain = store.chain(&"prod".parse().unwrap()).await.unwrap();
    assert_eq!((chain.faults.len(), chain.next_number), (1, 2));
    for part in &broken {
        let removal = Removal { actor: "ada".to_owned(), at: "2026-01-01T00:00:00Z".to_owned() };
        assert!(store.remove_broken(part, &removal).await.unwrap());
    }
    assert!(store.broken().await.unwrap().is_empty());
    let removals = store.removals().await.unwrap();
    assert_eq!(removals.len(), 4);
    assert!(removals.iter().all(|one| one.removal.actor == "ada" && !one.object.is_empty()));
}
