//! Environment variables that are flags.

use std::collections::BTreeMap;

use super::environment::parse_bindings;
use crate::{
    manifest::{FLAGS, Workload},
    snapshot::Spec,
};

/// The names of environment variables that workloads declare as flags, each with
/// an instance that does: `service/instance`.
///
/// Annotations that cannot be read name none; whoever read the set has said so.
#[must_use]
pub fn flag_variables(spec: &Spec) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    for one in spec.instances() {
        let manifest = spec.objects.get(&one.instance.manifest);
        let Some(manifest) = manifest.filter(|manifest| manifest.text().contains(FLAGS)) else {
            continue;
        };
        let tree = manifest.tree();
        let annotation =
            Workload::of(one.instance.kind, &tree).and_then(|workload| workload.annotation(FLAGS));
        let bindings = annotation.and_then(|text| parse_bindings(text).ok()).unwrap_or_default();
        for binding in bindings {
            variables.entry(binding.variable).or_insert_with(|| one.key());
        }
    }
    variables
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::{
        assembly::{Assembly, CaptureOptions},
        manifest::Kind,
    };

    #[test]
    fn annotations_name_them() {
        let mut assembly = Assembly::new(CaptureOptions::default());
        let cart = json!({
            "kind": "Deployment",
            "metadata": {
                "name": "cart",
                "annotations": {FLAGS: "TAX_CALL=tax-call requires tax >=1.4; NO_PROFILER=!profiler"},
            },
            "spec": {"template": {"spec": {"containers": [{"name": "cart", "image": "cart:1"}]}}},
        });
        assembly.add(Kind::Deployment, cart).unwrap();
        let found = flag_variables(&assembly.finish().unwrap().spec);
        let names: Vec<_> = found.iter().map(|(name, of)| format!("{name} {of}")).collect();
        assert_eq!(names, ["NO_PROFILER cart/cart", "TAX_CALL cart/cart"]);
    }
}
