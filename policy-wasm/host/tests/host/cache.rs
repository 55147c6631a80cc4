//! Compiled policies are kept, trusted only while intact, and shared safely.

use crate::fixture::{GUEST, patient};
use snapshot_policy_host::{Cache, CacheError, Host};
use std::fs;
use std::path::{Path, PathBuf};
use std::thread;
use tempfile::TempDir;

fn load_with(directory: &Path) {
    let cache = Cache::open(directory).unwrap();
    let policy = Host::new(patient()).unwrap().with_cache(cache).load(&GUEST).unwrap();
    assert_eq!(policy.describe().name, "hostile");
}

/// The one file in it.
fn compiled(directory: &Path) -> PathBuf {
    let files: Vec<_> = fs::read_dir(directory).unwrap().map(|file| file.unwrap().path()).collect();
    assert_eq!(files.len(), 1, "{files:?}");
    files.into_iter().next().unwrap()
}

#[test]
fn what_is_compiled_is_found_again() {
    let directory = TempDir::new().unwrap();
    let cache = directory.path().join("not/there/yet");
    load_with(&cache);
    let file = compiled(&cache);
    let written = fs::metadata(&file).unwrap().len();
    load_with(&cache);
    assert_eq!(compiled(&cache), file);
    assert_eq!(fs::metadata(&file).unwrap().len(), written);
}

#[test]
fn a_flipped_bit_is_not_run() {
    let directory = TempDir::new().unwrap();
    let cache = directory.path().join("cache");
    load_with(&cache);
    let file = compiled(&cache);
    let intact = fs::read(&file).unwrap();
    for position in [0, 20, intact.len() / 2, intact.len() - 1] {
        let mut flipped = intact.clone();
        flipped[position] ^= 1;
        fs::write(&file, &flipped).unwrap();
        load_with(&cache);
        // Compiled again, and what was wrong is gone. The compiler may give other
        // bytes for the same component, so only the flipped ones are ruled out.
        assert_ne!(fs::read(&file).unwrap(), flipped, "byte {position}");
    }
    fs::write(&file, &intact[..intact.len() / 2]).unwrap();
    load_with(&cache);
    assert!(fs::metadata(&file).unwrap().len() > intact.len() as u64 / 2);
}

#[test]
fn many_may_use_it_at_once() {
    let directory = TempDir::new().unwrap();
    let cache = directory.path().join("cache");
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| load_with(&cache));
        }
    });
    compiled(&cache);
}

#[cfg(unix)]
#[test]
fn a_directory_that_others_can_write_to_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let directory = TempDir::new().unwrap();
    let cache = directory.path().join("cache");
    Cache::open(&cache).unwrap();
    assert_eq!(fs::metadata(&cache).unwrap().permissions().mode() & 0o777, 0o700);

    fs::set_permissions(&cache, fs::Permissions::from_mode(0o770)).unwrap();
    let error = Cache::open(&cache).unwrap_err();
    assert!(matches!(error, CacheError::NotPrivate { .. }));
    assert_eq!(
        error.to_string(),
        format!(
            "{} is not private to this user, and compiled policies are run unchecked: remove it, \
             and it is made again",
            cache.display()
        )
    );
}

#[cfg(unix)]
#[test]
fn a_link_is_not_followed() {
    let directory = TempDir::new().unwrap();
    let elsewhere = directory.path().join("elsewhere");
    Cache::open(&elsewhere).unwrap();
    let link = directory.path().join("link");
    std::os::unix::fs::symlink(&elsewhere, &link).unwrap();
    assert!(matches!(Cache::open(&link), Err(CacheError::Unusable { .. })));
}

#[test]
fn a_file_in_its_place_is_refused() {
    let directory = TempDir::new().unwrap();
    let file = directory.path().join("cache");
    fs::write(&file, "").unwrap();
    let error = Cache::open(&file).unwrap_err().to_string();
    assert!(
        error.starts_with(&format!(
            "cannot use {} as a cache of compiled policies: ",
            file.display()
        )),
        "{error}"
    );
}
