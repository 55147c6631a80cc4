//! The value an environment variable has, where the set tells.

use std::{
    cell::{OnceCell, RefCell},
    collections::BTreeMap,
};

use serde_json::Value;

use super::environment::EnvLookup;
use crate::{
    environment::Resolver,
    manifest::{Kind, Manifest, Workload},
    snapshot::{EnvValue, Instance, Spec},
};

/// Place where a variable's value stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Home {
    /// The container's own entry.
    Entry,
    /// A key of a ConfigMap.
    ConfigMap {
        /// Name of the ConfigMap.
        name: String,
        /// The key.
        key: String,
    },
    /// The container does not set it.
    NotSet,
    /// The value belongs to the place.
    Place,
    /// A Secret, the pod itself, or a ConfigMap that the set lacks.
    Elsewhere,
}

/// The ConfigMaps of a set, parsed when a variable points to them.
pub(super) struct Lookup<'a> {
    spec: &'a Spec,
    config_maps: BTreeMap<String, &'a Manifest>,
    parsed: RefCell<BTreeMap<String, Value>>,
    /// For values that refer to other variables, which few do.
    resolver: OnceCell<Resolver<'a>>,
}

impl<'a> Lookup<'a> {
    pub(super) fn new(spec: &'a Spec) -> Self {
        let config_maps =
            spec.objects.values().filter_map(|manifest| match manifest.identity()? {
                (Kind::ConfigMap, name) => Some((name, manifest)),
                _ => None,
            });
        Self {
            spec,
            config_maps: config_maps.collect(),
            parsed: RefCell::default(),
            resolver: OnceCell::new(),
        }
    }

    /// The cleaned manifest of an instance.
    pub(super) fn manifest(&self, instance: &Instance) -> Option<&'a Manifest> {
        self.spec.objects.get(&instance.manifest)
    }

    /// The variable's value in a container: its own entry, else what the
    /// container takes in whole, the last of which counts.
    pub(super) fn find(
        &self,
        instance: &Instance,
        workload: &Workload<'_>,
        container: &str,
        variable: &str,
    ) -> EnvLookup {
        match self.locate(instance, workload, container, variable) {
            (Home::Entry, EnvLookup::Literal(text)) if text.contains('$') => {
                self.expanded(instance, workload, container, variable)
            }
            (_, found) => found,
        }
    }

    /// The value of a variable that refers to others, as the kubelet has it.
    fn expanded(
        &self,
        instance: &Instance,
        workload: &Workload<'_>,
        container: &str,
        variable: &str,
    ) -> EnvLookup {
        let resolver = self.resolver.get_or_init(|| Resolver::new(self.spec, None));
        let environment = resolver.of_one(instance, workload, container);
        let value = environment.as_ref().and_then(|it| it.entries.get(variable));
        value.map_or(EnvLookup::NotSet, |entry| match &entry.value {
            Ok(value) => EnvLookup::Literal(value.clone()),
            Err(_) => EnvLookup::Unreadable,
        })
    }

    /// Place of the variable's value in a container, and the value.
    pub(super) fn locate(
        &self,
        instance: &Instance,
        workload: &Workload<'_>,
        container: &str,
        variable: &str,
    ) -> (Home, EnvLookup) {
        match instance.containers.get(container).and_then(|container| container.env.get(variable)) {
            Some(EnvValue::Literal(text)) => {
                return (Home::Entry, EnvLookup::Literal(text.clone()));
            }
            // Its value belongs to the place.
            Some(EnvValue::Variable { .. }) => return (Home::Place, EnvLookup::Unreadable),
            Some(EnvValue::Reference(reference)) => {
                let key = reference.get("configMapKeyRef");
                return key.map_or((Home::Elsewhere, EnvLookup::Unreadable), |key| {
                    self.locate_in(key, text_of(key, "key"))
                });
            }
            None => {}
        }
        let nothing = (Home::NotSet, EnvLookup::NotSet);
        let Some(container) = workload.containers().find(|one| one.name == container) else {
            return nothing;
        };
        let taken_in = container.env_from().filter_map(|from| {
            let key = variable.strip_prefix(text_of(from, "prefix"))?;
            // Of a Secret even the keys are not known.
            let Some(config_map) = from.get("configMapRef") else {
                return Some((Home::Elsewhere, EnvLookup::Unreadable));
            };
            let found = self.locate_in(config_map, key);
            (found.1 != EnvLookup::NotSet).then_some(found)
        });
        taken_in.last().unwrap_or(nothing)
    }

    fn locate_in(&self, reference: &Value, key: &str) -> (Home, EnvLookup) {
        let found = self.look_into(reference, key);
        let name = text_of(reference, "name");
        let home = match found {
            _ if self.config_maps.contains_key(name) => {
                Home::ConfigMap { name: name.to_owned(), key: key.to_owned() }
            }
            EnvLookup::NotSet => Home::NotSet,
            EnvLookup::Literal(_) | EnvLookup::Unreadable => Home::Elsewhere,
        };
        (home, found)
    }

    /// The value under a key of the ConfigMap that is referred to.
    ///
    /// One that the set lacks must come from elsewhere, unless the pod does without.
    fn look_into(&self, reference: &Value, key: &str) -> EnvLookup {
        let name = text_of(reference, "name");
        let Some(manifest) = self.config_maps.get(name) else {
            let optional = reference.get("optional").and_then(Value::as_bool).unwrap_or_default();
            return if optional { EnvLookup::NotSet } else { EnvLookup::Unreadable };
        };
        let mut parsed = self.parsed.borrow_mut();
        let tree = parsed.entry(name.to_owned()).or_insert_with(|| manifest.tree());
        let value = tree.get("data").and_then(|data| data.get(key)?.as_str());
        value.map_or(EnvLookup::NotSet, |value| EnvLookup::Literal(value.to_owned()))
    }
}

fn text_of<'v>(value: &'v Value, member: &str) -> &'v str {
    value.get(member).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assembly::{Assembly, CaptureOptions};
    use serde_json::json;

    /// Looks `variable` up in the cart, whose container has `env` and `envFrom`.
    fn look_up(env: &Value, env_from: &Value, variable: &str) -> EnvLookup {
        let cart = json!({
            "metadata": {"name": "cart"},
            "spec": {"template": {"spec": {
                "initContainers": [{"name": "migrate", "image": "shop/cart:2"}],
                "containers": [{"name": "cart", "image": "shop/cart:2", "env": env, "envFrom": env_from}],
            }}},
        });
        let config = json!({"metadata": {"name": "shop-config"}, "data": {"TAX": "on", "A_TAX": "off", "empty": ""}});
        let mut assembly = Assembly::new(CaptureOptions {
            variables: ["PLACE".to_owned()].into(),
            ..CaptureOptions::default()
        });
        assembly.add(Kind::Deployment, cart).unwrap();
        assembly.add(Kind::ConfigMap, config).unwrap();
        let spec = assembly.finish().unwrap().spec;
        let instance = &spec.services["cart"]["cart"];
        let tree = spec.objects[&instance.manifest].tree();
        let workload = Workload::of(Kind::Deployment, &tree).unwrap();
        assert_eq!(
            Lookup::new(&spec).find(instance, &workload, "migrate", variable),
            EnvLookup::NotSet
        );
        Lookup::new(&spec).find(instance, &workload, "cart", variable)
    }

    fn literal(text: &str) -> EnvLookup {
        EnvLookup::Literal(text.to_owned())
    }

    #[test]
    fn an_entry_is_read_where_it_points() {
        let reference =
            |from: Value| look_up(&json!([{"name": "TAX", "valueFrom": from}]), &json!([]), "TAX");
        let entry =
            |value: Value| look_up(&json!([{"name": "TAX", "value": value}]), &json!([]), "TAX");
        assert_eq!(entry("on".into()), literal("on"));
        assert_eq!(entry("".into()), literal(""), "empty text is a value");
        let referring = |env: Value| look_up(&env, &json!([]), "TAX");
        let tax = json!({"name": "TAX", "value": "$(ON)"});
        assert_eq!(referring(json!([{"name": "ON", "value": "off"}, tax])), literal("off"));
        // Only what stands before it counts; the text stays, as the kubelet has it.
        assert_eq!(referring(json!([tax, {"name": "ON", "value": "off"}])), literal("$(ON)"));
        let secret = json!({"secretKeyRef": {"name": "s", "key": "k"}});
        assert_eq!(
            referring(json!([{"name": "ON", "valueFrom": secret}, tax])),
            EnvLookup::Unreadable
        );
        assert_eq!(
            look_up(&json!([{"name": "PLACE", "value": "on"}]), &json!([]), "PLACE"),
            EnvLookup::Unreadable
        );
        let key = |name: &str, key: &str, optional: bool| {
            reference(json!({"configMapKeyRef": {"name": name, "key": key, "optional": optional}}))
        };
        assert_eq!(key("shop-config", "TAX", false), literal("on"));
        assert_eq!(key("shop-config", "none", true), EnvLookup::NotSet);
        assert_eq!(key("elsewhere", "TAX", true), EnvLookup::NotSet);
        assert_eq!(key("elsewhere", "TAX", false), EnvLookup::Unreadable);
        assert_eq!(
            reference(json!({"secretKeyRef": {"name": "s", "key": "k"}})),
            EnvLookup::Unreadable
        );
        assert_eq!(
            reference(json!({"fieldRef": {"fieldPath": "metadata.name"}})),
            EnvLookup::Unreadable
        );
    }

    #[test]
    fn what_is_taken_in_whole_counts_from_the_end_and_below_an_entry() {
        let config =
            |prefix: &str| json!({"prefix": prefix, "configMapRef": {"name": "shop-config"}});
        let secret = json!({"secretRef": {"name": "s"}});
        let taken = |from: Value, variable: &str| look_up(&json!([]), &from, variable);
        assert_eq!(taken(json!([config("")]), "TAX"), literal("on"));
        assert_eq!(taken(json!([config("B_")]), "B_TAX"), literal("on"));
        assert_eq!(taken(json!([config("B_")]), "TAX"), EnvLookup::NotSet);
        assert_eq!(
            taken(json!([config(""), config("A_")]), "A_TAX"),
            literal("on"),
            "the last one counts"
        );
        assert_eq!(taken(json!([config(""), secret]), "TAX"), EnvLookup::Unreadable);
        assert_eq!(taken(json!([secret, config("")]), "TAX"), literal("on"));
        assert_eq!(
            taken(json!([{"configMapRef": {"name": "elsewhere"}}]), "TAX"),
            EnvLookup::Unreadable
        );
        assert_eq!(
            taken(json!([{"configMapRef": {"name": "elsewhere", "optional": true}}]), "TAX"),
            EnvLookup::NotSet
        );
        assert_eq!(
            look_up(&json!([{"name": "TAX", "value": "off"}]), &json!([config("")]), "TAX"),
            literal("off")
        );
    }
}
