//! The names that Secrets have at a place, where kustomize gave them a hash.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    manifest::{Kind, each_secret_name, refers_to_secrets, without_hash},
    snapshot::Spec,
};

/// The Secrets that workloads and ServiceAccounts of a place refer to, by their names without
/// the hash.
#[derive(Default)]
pub(super) struct SecretNames(BTreeMap<String, BTreeSet<String>>);

impl SecretNames {
    /// Those that the objects of a set refer to.
    pub(super) fn of(live: &Spec) -> Self {
        let mut names = Self::default();
        let may_refer = live.objects.values().filter(|one| one.text().contains("ecret"));
        for manifest in may_refer {
            if manifest.identity().is_some_and(|(kind, _)| refers_to_secrets(kind)) {
                names.add(&mut manifest.tree());
            }
        }
        names
    }

    fn add(&mut self, tree: &mut Value) {
        each_secret_name(tree, &mut |name| {
            self.0.entry(without_hash(name).to_owned()).or_default().insert(name.clone());
        });
    }

    /// Gives the Secrets of an object, whose names have a hash, the names that they have at the
    /// place, and says which are not known there.
    ///
    /// The object that is there goes before the others of the place. Of several names nobody
    /// knows which is meant.
    pub(super) fn fit(
        &self,
        kind: Kind,
        object: &mut Value,
        current: Option<&Value>,
    ) -> BTreeSet<String> {
        let mut unknown = BTreeSet::new();
        if !refers_to_secrets(kind) {
            return unknown;
        }
        let mut own = Self::default();
        if let Some(current) = current {
            own.add(&mut current.clone());
        }
        each_secret_name(object, &mut |name| {
            let stable = without_hash(name);
            if stable == name.as_str() {
                return;
            }
            let known: Vec<_> =
                [&own, self].into_iter().filter_map(|names| names.0.get(stable)).collect();
            if known.iter().any(|names| names.contains(name.as_str())) {
                return;
            }
            let only = |names: &&BTreeSet<String>| names.len() == 1;
            match known.into_iter().find(only).and_then(BTreeSet::first) {
                Some(here) => name.clone_from(here),
                None => {
                    unknown.insert(name.clone());
                }
            }
        });
        unknown
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::assembly::test_support;

    const DEV: &str = "db-7hk2g4m8tb";
    const PROD: &str = "db-fb94c2dhk5";
    const OLD: &str = "db-2222222222";

    fn workload(name: &str, secret: &str) -> Value {
        let from = json!({"secretKeyRef": {"name": secret, "key": "password"}});
        test_support::deployment(
            name,
            "shop/cart:2.0.0",
            &json!([{"name": "PASSWORD", "valueFrom": from}]),
        )
    }

    /// The name that the cart's Secret gets, and those that are unknown.
    fn fitted(live: &[Value], current: Option<&Value>, secret: &str) -> (String, Vec<String>) {
        let live = test_support::assemble(test_support::choices(), live).spec;
        let mut cart = workload("cart", secret);
        let unknown = SecretNames::of(&live).fit(Kind::Deployment, &mut cart, current);
        let reference = "/spec/template/spec/containers/0/env/0/valueFrom/secretKeyRef/name";
        let name = cart.pointer(reference).and_then(Value::as_str).unwrap().to_owned();
        (name, unknown.into_iter().collect())
    }

    #[test]
    fn a_secret_keeps_the_name_that_it_has_here() {
        let here = workload("cart", PROD);
        let known = |name: &str| (name.to_owned(), Vec::new());
        assert_eq!(fitted(std::slice::from_ref(&here), Some(&here), DEV), known(PROD));
        assert_eq!(fitted(&[workload("tax", PROD)], None, DEV), known(PROD), "a new workload");
        assert_eq!(fitted(&[workload("tax", "db")], None, DEV), known("db"));
        assert_eq!(fitted(&[workload("tax", PROD), here.clone()], Some(&here), "db"), known("db"));
        // Its own name goes before those of others, and one that is known stays.
        let tax = workload("tax", OLD);
        assert_eq!(fitted(&[tax.clone(), here.clone()], Some(&here), DEV), known(PROD));
        assert_eq!(fitted(&[tax, here.clone()], Some(&here), OLD), known(OLD));
    }

    #[test]
    fn a_name_that_nothing_here_has_is_told() {
        let unknown = (DEV.to_owned(), vec![DEV.to_owned()]);
        assert_eq!(fitted(&[], None, DEV), unknown);
        assert_eq!(fitted(&[workload("tax", PROD), workload("pay", OLD)], None, DEV), unknown);
    }
}
