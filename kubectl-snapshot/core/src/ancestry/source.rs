//! Sources: the repositories that workloads themselves say their images are built from.

use std::collections::HashMap;

use serde_json::Value;

use super::Software;
use crate::snapshot::Spec;

/// OCI annotation of the address of an image's sources, where a manifest repeats it.
const SOURCE: &str = "org.opencontainers.image.source";

/// The address of the sources of each software that has one on its workload.
#[must_use]
pub fn sources(spec: &Spec) -> HashMap<Software, String> {
    let mut sources = HashMap::new();
    for one in spec.instances() {
        let manifest = spec.objects.get(&one.instance.manifest);
        // Of ten thousand manifests few say it: the others are not parsed.
        let Some(manifest) = manifest.filter(|manifest| manifest.text().contains(SOURCE)) else {
            continue;
        };
        let tree = manifest.tree();
        let template = one.instance.kind.template_path().and_then(|path| tree.pointer(path));
        let Some(source) = [template, Some(&tree)].into_iter().flatten().find_map(source) else {
            continue;
        };
        for container in one.instance.containers.values() {
            let software =
                Software { service: one.service.to_owned(), image: container.image.clone() };
            sources.insert(software, source.to_owned());
        }
    }
    sources
}

fn source(object: &Value) -> Option<&str> {
    let metadata = object.get("metadata")?;
    ["annotations", "labels"]
        .into_iter()
        .find_map(|member| metadata.get(member)?.get(SOURCE)?.as_str())
}
