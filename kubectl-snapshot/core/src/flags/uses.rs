//! Uses of the flags of a set: who reads each, and what needs it.

use std::collections::{BTreeMap, BTreeSet};

use super::{holder_of, instance_of};
use crate::{
    flag::Flag,
    manifest::Kind,
    requirement::{Dependency, Requirement},
    snapshot::Spec,
};

/// Index of the uses of all flags of a set.
#[derive(Debug, Default)]
pub struct Uses {
    /// Dependents of a flag, by the flag's key in its own set.
    needed: BTreeMap<String, BTreeSet<String>>,
    /// The instances that read a `ConfigMap`.
    readers: BTreeMap<String, BTreeSet<String>>,
}

impl Uses {
    /// The uses of the flags of a set.
    #[must_use]
    pub fn of(spec: &Spec) -> Self {
        let mut uses = Self::default();
        for one in spec.instances() {
            uses.add_needs(&one.key(), &one.instance.requires);
            for config in one.instance.configs.keys() {
                uses.readers.entry(config.clone()).or_default().insert(one.key());
            }
        }
        for (name, flag) in &spec.flags {
            uses.add_needs(&format!("flag {name}"), &flag.requires);
        }
        uses
    }

    fn add_needs(&mut self, dependent: &str, requires: &[Requirement]) {
        for requirement in requires {
            if let Dependency::Flag(key) = &requirement.dependency {
                self.needed.entry(key.clone()).or_default().insert(dependent.to_owned());
            }
        }
    }

    /// Dependents of a flag: instances, and other flags.
    #[must_use]
    pub fn needed_by(&self, name: &str, flag: &Flag) -> Vec<String> {
        let by_key = self.needed.get(flag.key_in_set(name));
        let by_name = self.needed.get(name).filter(|_| flag.key_in_set(name) != name);
        let all: BTreeSet<&String> = by_key.into_iter().chain(by_name).flatten().collect();
        all.into_iter().cloned().collect()
    }

    /// Readers of a flag, as far as the set says: the service that it belongs to, the instance
    /// whose variable it is, those that read the `ConfigMap` which defines it.
    #[must_use]
    pub fn read_by(&self, flag: &Flag) -> Vec<String> {
        let mut readers = BTreeSet::new();
        if let Some((service, instance)) = instance_of(flag) {
            readers.insert(format!("{service}/{instance}"));
        }
        if let Some((Kind::ConfigMap, name)) = holder_of(flag) {
            readers.extend(self.readers.get(&name).into_iter().flatten().cloned());
        }
        if readers.is_empty() {
            readers.extend(flag.service.clone());
        }
        readers.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        assembly::{Assembly, CaptureOptions},
        manifest::{FLAGS, REQUIRES},
    };
    use serde_json::{Value, json};

    fn workload(name: &str, annotations: &Value, config: &str) -> Value {
        json!({
            "metadata": {"name": name, "annotations": annotations},
            "spec": {"template": {"spec": {
                "containers": [{"name": name, "image": "shop/x:1", "env": [{"name": "BETA", "value": "on"}]}],
                "volumes": [{"name": "flags", "configMap": {"name": config}}],
            }}},
        })
    }

    #[test]
    fn a_flag_is_read_and_needed() {
        let definition = |requires: &str| json!({"state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on", "metadata": {"requires": requires}});
        let flags =
            json!({"flags": {"tax-call": definition("flag beta"), "other": definition("")}});
        let mut assembly = Assembly::new(CaptureOptions::default());
        let config =
            json!({"metadata": {"name": "flags"}, "data": {"a.flagd.json": flags.to_string()}});
        assembly.add(Kind::ConfigMap, config).unwrap();
        let cart = workload("cart", &json!({REQUIRES: "flag tax-call=on"}), "flags");
        let web = workload("web", &json!({FLAGS: "BETA=beta"}), "none");
        for one in [cart, web] {
            assembly.add(Kind::Deployment, one).unwrap();
        }
        let spec = assembly.finish().unwrap().spec;
        let uses = Uses::of(&spec);
        let of = |name: &str| {
            let flag = &spec.flags[name];
            (uses.read_by(flag).join(" "), uses.needed_by(name, flag).join(" "))
        };
        assert_eq!(of("tax-call"), ("cart/cart".to_owned(), "cart/cart".to_owned()));
        assert_eq!(of("beta"), ("web/web".to_owned(), "flag tax-call".to_owned()));
        assert_eq!(of("other"), ("cart/cart".to_owned(), String::new()));
    }
}
