//! Labels and annotations of a head that hold all that a list prints: a list of thousands
//! reads nothing else.

use std::str::FromStr;

use snapshot_core::parts::{PartName, PartNameError};

use super::object::{self, ObjectMeta};
use crate::store::Head;

/// Annotations may take 256 KiB in all; a list shows the beginning.
const MESSAGE_SHOWN: usize = 1000;
/// A label's value may have 63 characters; this many digits still say which.
const DIGITS_SHOWN: usize = 40;

/// Puts a head onto its ConfigMap.
pub(super) fn write(head: &Head, metadata: &mut ObjectMeta) {
    let shown = head.digest.hex()[..DIGITS_SHOWN].to_owned();
    metadata.labels.insert(key("digest"), shown);
    let message =
        head.message.as_ref().map(|message| message.chars().take(MESSAGE_SHOWN).collect());
    let parts: Vec<&str> = head.parts.iter().map(AsRef::as_ref).collect();
    let annotations = [
        ("digest", Some(head.digest.to_string())),
        ("created", head.created.clone()),
        ("author", head.author.clone()),
        ("source", head.source.clone()),
        ("message", message),
        ("parts", (!head.parts.is_empty()).then(|| parts.join(","))),
        ("services", Some(head.services.to_string())),
        ("instances", Some(head.instances.to_string())),
        ("flags", Some(head.flags.to_string())),
        ("bytes", Some(head.bytes.to_string())),
    ];
    for (name, value) in annotations {
        match value {
            Some(value) => metadata.annotations.insert(key(name), value),
            None => metadata.annotations.remove(&key(name)),
        };
    }
}

/// Reads a head back, or says what is wrong with it.
pub(super) fn read(metadata: &ObjectMeta) -> Result<Head, String> {
    let text = |name: &str| metadata.annotations.get(&key(name)).cloned();
    let name = object::snapshot_name(&metadata.name).unwrap_or_default();
    Ok(Head {
        name: name.parse().map_err(|error| {
            format!("has the label of a snapshot's head, but no such name: {error}")
        })?,
        digest: required(metadata, "digest")?,
        created: text("created"),
        author: text("author"),
        source: text("source"),
        message: text("message"),
        parts: parts(text("parts"))?,
        services: required(metadata, "services")?,
        instances: required(metadata, "instances")?,
        flags: required(metadata, "flags")?,
        bytes: required(metadata, "bytes")?,
    })
}

/// The aliases of the parts: none where there is no such annotation.
fn parts(text: Option<String>) -> Result<Vec<PartName>, String> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let key = key("parts");
    let names = text.split(',').map(str::parse).collect::<Result<_, PartNameError>>();
    names.map_err(|error| format!("has an annotation {key} that makes no sense: {error}"))
}

fn required<T: FromStr>(metadata: &ObjectMeta, name: &str) -> Result<T, String> {
    let key = key(name);
    let text = metadata.annotations.get(&key).ok_or_else(|| format!("has no annotation {key}"))?;
    text.parse().map_err(|_| format!("has an annotation {key} that makes no sense: {text:?}"))
}

fn key(name: &str) -> String {
    format!("kubectl-snapshot.dev/{name}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::config_maps::object::{ConfigMap, Part};
    use snapshot_core::digest::Digest;

    fn head() -> Head {
        Head {
            name: "rel-42".parse().unwrap(),
            digest: Digest::of(b"rel-42"),
            created: Some("2024-01-15T10:30:00Z".to_owned()),
            author: Some("ada@example.com".to_owned()),
            source: None,
            message: Some("tax is called".to_owned()),
            parts: vec!["payments".parse().unwrap(), "shop".parse().unwrap()],
            services: 3,
            instances: 4,
            flags: 1,
            bytes: 1234,
        }
    }

    #[test]
    fn a_head_comes_back() {
        let mut metadata = ConfigMap::new("snapshot.rel-42".to_owned(), Part::Snapshot).metadata;
        write(&head(), &mut metadata);
        assert_eq!(read(&metadata), Ok(head()));
        assert_eq!(metadata.labels["kubectl-snapshot.dev/digest"].len(), 40);

        // Writing another over it leaves nothing of the first.
        let second =
            Head { author: None, parts: Vec::new(), message: Some("é".repeat(2000)), ..head() };
        write(&second, &mut metadata);
        assert_eq!(read(&metadata), Ok(Head { message: Some("é".repeat(1000)), ..second }));
    }

    #[test]
    fn damage_is_named() {
        let mut metadata = ConfigMap::new("snapshot.rel-42".to_owned(), Part::Snapshot).metadata;
        assert_eq!(read(&metadata).unwrap_err(), "has no annotation kubectl-snapshot.dev/digest");
        write(&head(), &mut metadata);
        metadata.annotations.insert(key("parts"), "shop,Pay".to_owned());
        let cause = read(&metadata).unwrap_err();
        assert!(cause.contains("kubectl-snapshot.dev/parts that makes no sense"), "{cause}");
        metadata.annotations.remove(&key("parts"));
        metadata.annotations.insert(key("services"), "many".to_owned());
        let cause = read(&metadata).unwrap_err();
        assert!(
            cause.contains("kubectl-snapshot.dev/services that makes no sense: \"many\""),
            "{cause}"
        );
    }
}
