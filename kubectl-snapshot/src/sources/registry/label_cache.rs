//! The cache of what builders say of images: a digest means the same bytes for ever.

use std::{
    fs,
    path::{Path, PathBuf},
};

use snapshot_core::digest::Digest;

use super::labels::Labels;
use crate::{
    blocking::blocking,
    files::{self, cache_home},
};

/// The largest file that is read, in bytes.
const LARGEST: u64 = 64 << 10;

/// Labels of an image that was asked for before; none where it was not, or cannot be read.
pub(super) async fn read(digest: &str) -> Option<Labels> {
    let path = path_of(digest)?;
    blocking(move || {
        let size = fs::metadata(&path).ok().filter(fs::Metadata::is_file)?.len();
        let text = (size <= LARGEST).then(|| fs::read(&path).ok())??;
        serde_json::from_slice(&text).ok()
    })
    .await
}

/// Keeps the labels of an image. A cache that cannot be written is none, and no failure.
pub(super) async fn keep(digest: &str, labels: &Labels) {
    let (Some(path), Ok(text)) = (path_of(digest), serde_json::to_vec(labels)) else { return };
    let folder = path.parent().map(Path::to_owned);
    let made = blocking(move || folder.map(fs::create_dir_all)).await;
    if matches!(made, Some(Ok(()))) {
        let _ = files::save(&path, text).await;
    }
}

/// Path of an image's labels, by a digest that is one: it comes from elsewhere, and names a file.
fn path_of(digest: &str) -> Option<PathBuf> {
    let digest: Digest = digest.parse().ok()?;
    Some(cache_home()?.join("images").join(format!("{}.json", digest.hex())))
}
