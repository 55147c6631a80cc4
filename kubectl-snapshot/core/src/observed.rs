//! Facts of a set that were seen where it ran, and that no object of it says.
//!
//! They are members of `spec` that earlier versions keep without knowing them, and part of its
//! digest: what is decided about a set rests on them.

use serde_json::{Value, json};

use crate::snapshot::Spec;

/// The member with the origins of flags that could not be read.
const UNREADABLE_FLAGS: &str = "unreadableFlags";

/// The member with the images that pods run beside those of their template.
const ALSO_RUNNING: &str = "alsoRunning";

impl Spec {
    /// Origins of flag definitions that are there and could not be read, each with the reason.
    pub fn unreadable_flags(&self) -> impl Iterator<Item = (&str, &str)> {
        members(self.extra.get(UNREADABLE_FLAGS))
            .map(|(origin, reason)| (origin, reason.as_str().unwrap_or_default()))
    }

    /// Notes that the flag definitions of an origin could not be read.
    pub(crate) fn add_unreadable_flags(&mut self, origin: String, reason: String) {
        let origins = self.extra.entry(UNREADABLE_FLAGS.to_owned()).or_insert_with(|| json!({}));
        origins[origin] = reason.into();
    }

    /// Images that pods run and their template does not ask for: `service/instance`, the
    /// container's name, the image. A rollout has not ended, or never will.
    pub fn also_running(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        members(self.extra.get(ALSO_RUNNING)).flat_map(|(key, containers)| {
            members(Some(containers)).flat_map(move |(container, images)| {
                let images = images.as_array().into_iter().flatten().filter_map(Value::as_str);
                images.map(move |image| (key, container, image))
            })
        })
    }

    /// Notes the images that pods of an instance run beside those of its template.
    pub(crate) fn add_also_running(&mut self, key: &str, container: &str, images: &[String]) {
        let running = self.extra.entry(ALSO_RUNNING.to_owned()).or_insert_with(|| json!({}));
        running[key][container] = json!(images);
    }

    /// Takes over what was seen of the same set before its objects were read anew.
    pub fn observe_as(&mut self, seen: &Self) {
        for member in [UNREADABLE_FLAGS, ALSO_RUNNING] {
            if let Some(value) = seen.extra.get(member) {
                self.extra.insert(member.to_owned(), value.clone());
            }
        }
    }
}

fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let members = value.and_then(Value::as_object).into_iter().flatten();
    members.map(|(key, value)| (key.as_str(), value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document;
    use crate::snapshot::Snapshot;

    #[test]
    fn what_was_seen_is_stored_with_the_set() {
        let mut spec = Spec::default();
        let plain = spec.digest();
        spec.add_unreadable_flags("flagd:a/b.json".to_owned(), "why".to_owned());
        spec.add_also_running("cart/cart", "cart", &["shop/cart:1.0.0".to_owned()]);
        assert_ne!(spec.digest(), plain);
        let mut text = Vec::new();
        document::write(&Snapshot { spec, ..Snapshot::default() }, &mut text).unwrap();
        let read = document::read(&text).unwrap().spec;
        assert_eq!(read.unreadable_flags().collect::<Vec<_>>(), [("flagd:a/b.json", "why")]);
        let expected = [("cart/cart", "cart", "shop/cart:1.0.0")];
        assert_eq!(read.also_running().collect::<Vec<_>>(), expected);
        let mut anew = Spec::default();
        anew.observe_as(&read);
        assert_eq!(anew, read);
    }

    #[test]
    fn members_of_another_shape_are_passed_over() {
        let mut spec = Spec::default();
        spec.extra.insert(ALSO_RUNNING.to_owned(), json!({"a/b": 1, "c/d": {"e": ["f", 2]}}));
        spec.extra.insert(UNREADABLE_FLAGS.to_owned(), json!([1]));
        assert_eq!(spec.also_running().collect::<Vec<_>>(), [("c/d", "e", "f")]);
        assert_eq!(spec.unreadable_flags().count(), 0);
    }
}
