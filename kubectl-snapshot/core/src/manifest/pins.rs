//! Pins: digests that a workload's images are named by, beside their tag.
//!
//! Whether an image is written with its digest belongs to the place, as replicas do: a set has
//! the tag in its manifest and the digest beside it, so that one set has one digest wherever it
//! runs and however it is written there.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Kind, containers_mut, default_pull_policy};
use crate::{digest::Digest, image::ImageReference};

/// Digests by container.
pub type Pins = BTreeMap<String, Digest>;

const POLICY: &str = "imagePullPolicy";

/// Takes the digests out of a workload's images.
///
/// A pull policy that followed from the digest is spelled out, for the rest of the name would
/// imply another.
pub fn take_pins(kind: Kind, object: &mut Value) -> Pins {
    let mut pins = Pins::new();
    for container in containers_mut(kind, object) {
        let Some((name, image)) = named(container) else { continue };
        let Some((reference, digest)) = parted(image) else { continue };
        let (name, implied) = (name.to_owned(), default_pull_policy(image));
        rename(container, reference, implied);
        pins.insert(name, digest);
    }
    pins
}

/// Puts digests into a workload's images, where they have none.
pub fn put_pins(kind: Kind, object: &mut Value, pins: &Pins) {
    if pins.is_empty() {
        return;
    }
    for container in containers_mut(kind, object) {
        let Some((name, image)) = named(container) else { continue };
        let Some(digest) = pins.get(name).filter(|_| !image.contains('@')) else { continue };
        let (pinned, implied) = (format!("{image}@{digest}"), default_pull_policy(image));
        rename(container, pinned, implied);
    }
}

fn named(container: &Map<String, Value>) -> Option<(&str, &str)> {
    Some((container.get("name")?.as_str()?, container.get("image")?.as_str()?))
}

/// An image without its digest, and the digest.
fn parted(image: &str) -> Option<(String, Digest)> {
    let (_, digest) = image.split_once('@')?;
    let digest = digest.parse().ok()?;
    let reference: ImageReference = image.parse().ok()?;
    Some((ImageReference { digest: None, ..reference }.to_string(), digest))
}

/// Gives a container another name of its image, and keeps the pull policy that it has.
fn rename(container: &mut Map<String, Value>, image: String, implied: &'static str) {
    if default_pull_policy(&image) != implied && !container.contains_key(POLICY) {
        container.insert(POLICY.to_owned(), implied.into());
    }
    container.insert("image".to_owned(), image.into());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn pod(containers: &Value) -> Value {
        json!({"spec": {"template": {"spec": {"containers": containers}}}})
    }

    #[test]
    fn a_digest_is_taken_out_and_put_back() {
        let digest = Digest::of(b"tax");
        let written = pod(&json!([
            {"name": "tax", "image": format!("shop/tax:1.4.0@{digest}")},
            {"name": "proxy", "image": "envoy:1.30"},
        ]));
        let mut object = written.clone();
        let pins = take_pins(Kind::Deployment, &mut object);
        assert_eq!(pins, [("tax".to_owned(), digest)].into());
        let named = json!([
            {"name": "tax", "image": "shop/tax:1.4.0"},
            {"name": "proxy", "image": "envoy:1.30"},
        ]);
        assert_eq!(object, pod(&named));
        put_pins(Kind::Deployment, &mut object, &pins);
        assert_eq!(object, written);
    }

    #[test]
    fn the_pull_policy_stays_what_it_was() {
        let digest = Digest::of(b"tax");
        let mut object = pod(&json!([{"name": "tax", "image": format!("shop/tax@{digest}")}]));
        let pins = take_pins(Kind::Deployment, &mut object);
        let policy =
            |policy: &str| json!([{"name": "tax", "image": "shop/tax", "imagePullPolicy": policy}]);
        assert_eq!(object, pod(&policy("IfNotPresent")));
        let mut object = pod(&json!([{"name": "tax", "image": "shop/tax"}]));
        put_pins(Kind::Deployment, &mut object, &pins);
        take_pins(Kind::Deployment, &mut object);
        assert_eq!(object, pod(&policy("Always")));
    }

    #[test]
    fn what_is_no_digest_of_sha_256_stays_in_the_name() {
        for image in
            [format!("tax:1@sha512:{}", "a".repeat(128)), "$IMAGE@x".to_owned(), "tax".to_owned()]
        {
            let mut object = pod(&json!([{"name": "tax", "image": image}]));
            let written = object.clone();
            assert_eq!(take_pins(Kind::Deployment, &mut object), Pins::new());
            assert_eq!(object, written);
        }
    }
}
