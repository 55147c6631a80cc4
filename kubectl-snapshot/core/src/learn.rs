//! Inference of variables: environment values, labels and annotations that differ between two
//! places that run the same.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::{
    manifest::{Kind, Manifest, labels_as_variables},
    parts::PartName,
    snapshot::{EnvValue, Spec},
    variable,
};

/// The most characters of a value that a reason repeats.
const EXCERPT: usize = 40;

/// Variables inferred from two places.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Learned {
    /// Names that can be variables: each has one value at either place.
    pub variables: Vec<LearnedVariable>,
    /// Names whose values differ between the places, and that cannot be variables.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub apart: Vec<Apart>,
}

/// A name with its value at either place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LearnedVariable {
    /// The variable's name: `DB_HOST`, `label:env`.
    pub name: String,
    /// Value at the first place.
    pub before: String,
    /// Value at the second place.
    pub after: String,
    /// Instances in which the two differ, `service/instance`, or objects: `ConfigMap shop`.
    pub instances: Vec<String>,
    /// The part whose namespace both values name, where each place has its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace_of: Option<PartName>,
}

/// The sets of a place, each with its alias where they are parts.
pub type Sets<'a> = [(Option<&'a PartName>, &'a Spec)];

/// The namespace of a part at either place.
pub type PartNames = BTreeMap<PartName, [String; 2]>;

/// A name that cannot be one variable of a set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Apart {
    /// The variable's name.
    pub name: String,
    /// Reason why it is no variable.
    pub reason: String,
}

/// Uses of one environment name on one side.
#[derive(Debug, Default)]
struct Uses<'a> {
    /// Value → the first instance that has it.
    literals: BTreeMap<&'a str, String>,
    /// The first instance that takes it from somewhere else.
    reference: Option<String>,
}

/// Compares the environment of two places, called `names`.
///
/// Only literal values that differ in the same container of the same instance
/// are considered. A name that a set defines is a variable wherever it stands,
/// so what the name holds elsewhere counts as well, in whatever part. `flags` are the names that
/// are feature flags, each with an instance whose flag it is.
#[must_use]
pub fn learn(
    names: [&str; 2],
    before: &Sets<'_>,
    after: &Sets<'_>,
    flags: &BTreeMap<String, String>,
) -> Learned {
    let mut learned = Learned::default();
    let (before_uses, after_uses) = (uses(before), uses(after));
    let (before_objects, after_objects) = (objects(before), objects(after));
    let (before_labels, after_labels) = (Labels::of(&before_objects), Labels::of(&after_objects));
    let environment = differing(before, after)
        .into_iter()
        .map(|(name, instances)| (name, instances, [before_uses.get(name), after_uses.get(name)]));
    let labels = before_labels.differing(&after_labels).into_iter().map(|(name, objects)| {
        (name, objects, [before_labels.uses.get(name), after_labels.uses.get(name)])
    });
    for (name, instances, sides) in environment.chain(labels) {
        match judge(names, name, sides, flags) {
            Ok([before, after]) => learned.variables.push(LearnedVariable {
                name: name.to_owned(),
                before: before.to_owned(),
                after: after.to_owned(),
                instances: instances.into_iter().collect(),
                namespace_of: None,
            }),
            Err(reason) => learned.apart.push(Apart { name: name.to_owned(), reason }),
        }
    }
    learned
}

impl Learned {
    /// The variables with the part whose namespace their values name: they differ because the
    /// namespaces do.
    #[must_use]
    pub fn with_namespaces(mut self, namespaces: &PartNames) -> Self {
        for one in &mut self.variables {
            let names_it = |[before, after]: &[String; 2]| {
                before != after && names(&one.before, before) && names(&one.after, after)
            };
            let part = namespaces.iter().find(|(_, of_part)| names_it(of_part));
            one.namespace_of = part.map(|(part, _)| part.clone());
        }
        self
    }
}

/// True if a text names a namespace: not as a part of a longer name.
fn names(text: &str, namespace: &str) -> bool {
    let goes_on = |c: char| c.is_ascii_alphanumeric() || c == '-';
    text.match_indices(namespace).any(|(start, found)| {
        !text[..start].ends_with(goes_on) && !text[start + found.len()..].starts_with(goes_on)
    })
}

/// Name of a thing behind that of its part: `payments/tax/tax`.
fn in_part(part: Option<&PartName>, name: &str) -> String {
    part.map_or_else(|| name.to_owned(), |part| format!("{part}/{name}"))
}

/// Names whose literal values differ in the same place of both sides, and where.
fn differing<'a>(before: &Sets<'a>, after: &Sets<'a>) -> BTreeMap<&'a str, BTreeSet<String>> {
    let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let after: BTreeMap<Option<&PartName>, &Spec> = after.iter().copied().collect();
    let instances = before.iter().filter_map(|(part, spec)| Some((*part, spec, after.get(part)?)));
    let instances = instances
        .flat_map(|(part, spec, after)| spec.instances().map(move |one| (part, one, after)));
    for (part, one, after) in instances {
        let other = after.services.get(one.service).and_then(|of| of.get(one.name));
        let Some(other) = other else { continue };
        for (name, container) in &one.instance.containers {
            let Some(counterpart) = other.containers.get(name) else { continue };
            for (variable, value) in &container.env {
                if let (EnvValue::Literal(left), Some(EnvValue::Literal(right))) =
                    (value, counterpart.env.get(variable))
                    && left != right
                {
                    found.entry(variable).or_default().insert(in_part(part, &one.key()));
                }
            }
        }
    }
    found
}

/// An object by its part, kind and name.
type ObjectKey<'a> = (Option<&'a PartName>, (Kind, String));

/// Objects of a place, as trees.
fn objects<'a>(sets: &Sets<'a>) -> BTreeMap<ObjectKey<'a>, Value> {
    let of_set = |(part, spec): &(Option<&'a PartName>, &'a Spec)| {
        let part = *part;
        let named =
            move |manifest: &Manifest| Some(((part, manifest.identity()?), manifest.tree()));
        spec.objects.values().filter_map(named)
    };
    sets.iter().flat_map(of_set).collect()
}

/// Holder of labels: an object, or the template of its pods.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    Object,
    Template,
}

/// Place of labels: an object by kind and name, and its holder in it.
type Place<'a> = (&'a ObjectKey<'a>, Holder);

/// Labels and annotations of one side that may belong to the place, by the variable's name.
#[derive(Default)]
struct Labels<'a> {
    uses: BTreeMap<String, Uses<'a>>,
    by_object: BTreeMap<Place<'a>, BTreeMap<String, &'a str>>,
}

impl<'a> Labels<'a> {
    fn of(objects: &'a BTreeMap<ObjectKey<'a>, Value>) -> Self {
        let mut labels = Self::default();
        for (key, object) in objects {
            let template = key.1.0.template_path().and_then(|path| object.pointer(path));
            let holders = [(Holder::Object, Some(object)), (Holder::Template, template)];
            for (holder, object) in holders {
                let Some(object) = object else { continue };
                let found = labels_as_variables(object).into_iter();
                let found: BTreeMap<String, &str> =
                    found.filter(|(name, _)| variable::is_likely(name)).collect();
                for (name, value) in &found {
                    let of_name = labels.uses.entry(name.clone()).or_default();
                    of_name.literals.entry(value).or_insert_with(|| in_words(key));
                }
                labels.by_object.insert((key, holder), found);
            }
        }
        labels
    }

    /// Names whose values differ on the same object of both sides, and where.
    fn differing(&self, other: &Self) -> BTreeMap<&str, BTreeSet<String>> {
        let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (key, labels) in &self.by_object {
            let Some(counterpart) = other.by_object.get(key) else { continue };
            for (name, value) in labels {
                if counterpart.get(name).is_some_and(|other| other != value) {
                    found.entry(name).or_default().insert(in_words(key.0));
                }
            }
        }
        found
    }
}

fn in_words((part, (kind, name)): &ObjectKey<'_>) -> String {
    format!("{kind} {}", in_part(*part, name))
}

fn uses<'a>(sets: &Sets<'a>) -> BTreeMap<&'a str, Uses<'a>> {
    let mut uses: BTreeMap<&str, Uses<'_>> = BTreeMap::new();
    let instances = sets.iter().flat_map(|(part, spec)| spec.instances().map(|one| (*part, one)));
    for (part, one) in instances {
        let env = one.instance.containers.values().flat_map(|container| &container.env);
        for (name, value) in env {
            let of_name = uses.entry(name).or_default();
            match value {
                EnvValue::Literal(text) => {
                    of_name.literals.entry(text).or_insert_with(|| in_part(part, &one.key()));
                }
                EnvValue::Reference(_) => {
                    of_name.reference.get_or_insert_with(|| in_part(part, &one.key()));
                }
                EnvValue::Variable { .. } => {}
            }
        }
    }
    uses
}

/// The one value of either side, or why the name cannot be a variable.
fn judge<'a>(
    names: [&str; 2],
    name: &str,
    sides: [Option<&Uses<'a>>; 2],
    flags: &BTreeMap<String, String>,
) -> Result<[&'a str; 2], String> {
    if let Some(instance) = flags.get(name) {
        return Err(format!("it is a feature flag of {instance}"));
    }
    if let Some(reason) = variable::name_fault(name) {
        return Err(format!("no set can have a variable of that name: {reason}"));
    }
    let mut values = [""; 2];
    for ((side, place), value) in sides.into_iter().zip(names).zip(&mut values) {
        let Some(used) = side else { continue };
        if let Some(instance) = &used.reference {
            return Err(format!(
                "in {place}, {instance} takes it from a Secret, a ConfigMap or a field"
            ));
        }
        let mut literals = used.literals.iter();
        *value = literals.next().map_or("", |(text, _)| text);
        if literals.next().is_some() {
            let some = used.literals.iter().take(2);
            let some: Vec<String> =
                some.map(|(text, instance)| format!("{} in {instance}", excerpt(text))).collect();
            return Err(format!(
                "it has {} values in {place}, such as {}",
                used.literals.len(),
                some.join(" and ")
            ));
        }
    }
    Ok(values)
}

/// A value as a sentence repeats it.
pub(crate) fn excerpt(text: &str) -> String {
    match text.char_indices().nth(EXCERPT) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None if text.is_empty() => "\"\"".to_owned(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        assembly::{Assembly, CaptureOptions},
        manifest::Kind,
    };
    use serde_json::{Value, json};

    /// Services with the environment of their one container.
    fn place(services: &[(&str, Value)]) -> Spec {
        let mut assembly = Assembly::new(CaptureOptions::default());
        for (name, env) in services {
            let deployment = json!({
                "kind": "Deployment", "metadata": {"name": name},
                "spec": {"template": {"spec": {"containers": [
                    {"name": "main", "image": "shop/x:1", "env": env},
                ]}}},
            });
            assembly.add(Kind::Deployment, deployment).unwrap();
        }
        assembly.finish().unwrap().spec
    }

    fn env(entries: &[(&str, &str)]) -> Value {
        entries.iter().map(|(name, value)| json!({"name": name, "value": value})).collect()
    }

    fn learned(before: &[(&str, Value)], after: &[(&str, Value)]) -> Learned {
        let flags = BTreeMap::from([("TAX_CALL".to_owned(), "cart/cart".to_owned())]);
        learn(["dev", "prod"], &[(None, &place(before))], &[(None, &place(after))], &flags)
    }

    fn reason(before: &[(&str, Value)], after: &[(&str, Value)]) -> String {
        let learned = learned(before, after);
        assert_eq!((learned.variables.len(), learned.apart.len()), (0, 1), "{learned:?}");
        learned.apart[0].reason.clone()
    }

    #[test]
    fn what_differs_everywhere_in_the_same_way_is_a_variable() {
        let dev = [
            ("cart", env(&[("DB_HOST", "db.dev"), ("PORT", "80"), ("ONLY_DEV", "x")])),
            ("tax", env(&[("DB_HOST", "db.dev")])),
            ("mock", env(&[("URL", "a")])),
        ];
        let prod = [
            ("cart", env(&[("DB_HOST", "db.prod"), ("PORT", "80")])),
            ("tax", env(&[("DB_HOST", "db.prod")])),
        ];
        let learned = learned(&dev, &prod);
        let variable = LearnedVariable {
            name: "DB_HOST".into(),
            before: "db.dev".into(),
            after: "db.prod".into(),
            instances: vec!["cart/cart".into(), "tax/tax".into()],
            namespace_of: None,
        };
        assert_eq!(learned, Learned { variables: vec![variable], apart: Vec::new() });
    }

    #[test]
    fn a_value_that_names_the_namespace_of_a_part_says_of_which() {
        let [shop, payments] = ["shop", "payments"].map(|part| part.parse::<PartName>().unwrap());
        let cart = |tax: &str| place(&[("cart", env(&[("TAX_URL", tax), ("PORT", "80")]))]);
        let tax = |host: &str| place(&[("tax", env(&[("DB_HOST", host), ("PORT", "90")]))]);
        let (dev, prod) = (
            [cart("http://tax.payments.svc:80"), tax("orders.shop-db")],
            [cart("http://tax.pay-prod.svc:80"), tax("orders.shop-prod-db")],
        );
        let (dev, prod) = (
            [(Some(&shop), &dev[0]), (Some(&payments), &dev[1])],
            [(Some(&shop), &prod[0]), (Some(&payments), &prod[1])],
        );
        let learned = learn(["dev", "prod"], &dev, &prod, &BTreeMap::new());
        let namespaces = PartNames::from([
            (shop.clone(), ["shop".to_owned(), "shop-prod".to_owned()]),
            (payments.clone(), ["payments".to_owned(), "pay-prod".to_owned()]),
        ]);
        let learned = learned.with_namespaces(&namespaces);
        let found: Vec<_> = learned
            .variables
            .iter()
            .map(|one| (one.name.as_str(), one.instances[0].as_str(), one.namespace_of.as_ref()))
            .collect();
        assert_eq!(
            found,
            [("DB_HOST", "payments/tax/tax", None), ("TAX_URL", "shop/cart/cart", Some(&payments)),]
        );
        // The ports differ between the parts, and in neither between the places.
        assert_eq!(learned.apart, []);
    }

    /// A ConfigMap and a Deployment, labelled and annotated.
    fn labelled(env: &str, owner: &str, release: [&str; 2]) -> Spec {
        let mut assembly = Assembly::new(CaptureOptions::default());
        let metadata = |name: &str, release: &str| {
            json!({
                "name": name, "labels": {"env": env, "app": env, "release": release},
                "annotations": {"owner": owner},
            })
        };
        let config = json!({"kind": "ConfigMap", "metadata": metadata("shop", release[0])});
        assembly.add(Kind::ConfigMap, config).unwrap();
        let deployment = json!({
            "kind": "Deployment", "metadata": metadata("cart", release[1]),
            "spec": {"template": {"spec": {"containers": [{"name": "main", "image": "shop/x:1"}]}}},
        });
        assembly.add(Kind::Deployment, deployment).unwrap();
        assembly.finish().unwrap().spec
    }

    #[test]
    fn labels_that_differ_everywhere_in_the_same_way_are_variables() {
        let dev = labelled("dev", "team-dev", ["1", "2"]);
        let prod = labelled("prod", "team-prod", ["3", "4"]);
        let learned = learn(["dev", "prod"], &[(None, &dev)], &[(None, &prod)], &BTreeMap::new());
        let found: Vec<_> = learned
            .variables
            .iter()
            .map(|one| (one.name.as_str(), one.before.as_str(), one.after.as_str()))
            .collect();
        assert_eq!(
            found,
            [("annotation:owner", "team-dev", "team-prod"), ("label:env", "dev", "prod")]
        );
        assert_eq!(learned.variables[1].instances, ["ConfigMap shop", "Deployment cart"]);
        // What has several values in one place is of the objects; `app` says what they are.
        assert_eq!(learned.apart.len(), 1, "{:?}", learned.apart);
        assert_eq!(learned.apart[0].name, "label:release");
    }

    #[test]
    fn what_differs_inside_one_place_is_no_variable() {
        let dev = [("cart", env(&[("URL", "tax.dev")])), ("tax", env(&[("URL", "cart.dev")]))];
        let prod = [("cart", env(&[("URL", "tax.prod")])), ("tax", env(&[("URL", "cart.prod")]))];
        assert_eq!(
            reason(&dev, &prod),
            "it has 2 values in dev, such as cart.dev in tax/tax and tax.dev in cart/cart"
        );
        // Nor where another service of one place has a value of its own.
        let prod = [("cart", env(&[("URL", "x")])), ("mock", env(&[("URL", "")]))];
        let text = reason(&[("cart", env(&[("URL", "y")]))], &prod);
        assert_eq!(text, "it has 2 values in prod, such as \"\" in mock/mock and x in cart/cart");
    }

    #[test]
    fn flags_and_references_are_no_variables() {
        let [dev, prod] = [env(&[("TAX_CALL", "true")]), env(&[("TAX_CALL", "false")])];
        assert_eq!(
            reason(&[("cart", dev)], &[("cart", prod)]),
            "it is a feature flag of cart/cart"
        );
        let secret = json!([
            {"name": "PASSWORD", "valueFrom": {"secretKeyRef": {"name": "db", "key": "p"}}}
        ]);
        let dev = [("cart", env(&[("PASSWORD", "a")])), ("tax", secret.clone())];
        let text = reason(&dev, &[("cart", env(&[("PASSWORD", "b")]))]);
        assert!(text.starts_with("in dev, tax/tax takes it from a Secret"), "{text}");
        // A literal on one side only is no difference of values.
        let nothing = learned(&[("cart", env(&[("PASSWORD", "a")]))], &[("cart", secret)]);
        assert_eq!(nothing, Learned::default());
    }
}
