//! The images that a workload names, each with its pull policy.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::{Kind, default_pull_policy};

/// A part of a pod that names an image: a container, or a volume made of one.
pub struct ImagePart<'a> {
    part: &'a mut Map<String, Value>,
    reference: &'static str,
    policy: &'static str,
}

/// The parts of a workload that name an image, by list and name.
pub fn images_mut(kind: Kind, object: &mut Value) -> BTreeMap<(String, String), ImagePart<'_>> {
    let pod = kind
        .template_path()
        .and_then(|path| object.pointer_mut(path)?.get_mut("spec")?.as_object_mut());
    let mut images = BTreeMap::new();
    for (list, elements) in pod.into_iter().flatten() {
        for element in
            elements.as_array_mut().into_iter().flatten().filter_map(Value::as_object_mut)
        {
            let Some(name) = element.get("name").and_then(Value::as_str).map(str::to_owned) else {
                continue;
            };
            let image = match list.as_str() {
                "containers" | "initContainers" => {
                    ImagePart { part: element, reference: "image", policy: "imagePullPolicy" }
                }
                "volumes" => match element.get_mut("image") {
                    Some(Value::Object(part)) => {
                        ImagePart { part, reference: "reference", policy: "pullPolicy" }
                    }
                    _ => continue,
                },
                _ => continue,
            };
            images.insert((list.clone(), name), image);
        }
    }
    images
}

impl ImagePart<'_> {
    /// The image, as written.
    #[must_use]
    pub fn reference(&self) -> &str {
        self.part.get(self.reference).and_then(Value::as_str).unwrap_or_default()
    }

    /// The policy that the manifest spells out.
    #[must_use]
    pub fn policy(&self) -> Option<&str> {
        self.part.get(self.policy).and_then(Value::as_str)
    }

    /// The policy that the API server derives where none is spelled out.
    #[must_use]
    pub fn implied_policy(&self) -> &'static str {
        default_pull_policy(self.reference())
    }

    /// Spells the policy out, or leaves it to the image.
    pub fn set_policy(&mut self, policy: Option<&str>) {
        match policy {
            Some(policy) => self.part.insert(self.policy.to_owned(), policy.into()),
            None => self.part.remove(self.policy),
        };
    }
}
