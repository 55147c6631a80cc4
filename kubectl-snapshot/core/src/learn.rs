//! Inference of variables: environment values, labels and annotations that differ between two
//! places that run the same.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;
use serde_json::Value;

use super::{
    manifest::{Kind, Manifest, labels_as_variables},
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
pub struct LearnedVariable {
    /// The variable's name: `DB_HOST`, `label:env`.
    pub name: String,
    /// Value at the first place.
    pub before: String,
    /// Value at the second place.
    pub after: String,
    /// Instances in which the two differ, `service/instance`, or objects: `ConfigMap shop`.
    pub instances: Vec<String>,
}

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
/// so what the name holds elsewhere counts as well. `flags` are the names that
/// are feature flags, each with an instance whose flag it is.
#[must_use]
pub fn learn(
    names: [&str; 2],
    before: &Spec,
    after: &Spec,
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
            }),
            Err(reason) => learned.apart.push(Apart { name: name.to_owned(), reason }),
        }
    }
    learned
}

/// Names whose literal values differ in the same place of both sides, and where.
fn differing<'a>(before: &'a Spec, after: &'a Spec) -> BTreeMap<&'a str, BTreeSet<String>> {
    let mut found: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for one in before.instances() {
        let other = after.services.get(one.service).and_then(|of| of.get(one.name));
        let Some(other) = other else { continue };
        for (name, container) in &one.instance.containers {
            let Some(counterpart) = other.containers.get(name) else { continue };
            for (variable, value) in &container.env {
                if let (EnvValue::Literal(left), Some(EnvValue::Literal(right))) =
                    (value, counterpart.env.get(variable))
                    && left != right
                {
                    found.entry(variable).or_default().insert(one.key());
                }
            }
        }
    }
    found
}

/// Objects of a set by kind and name, as trees.
fn objects(spec: &Spec) -> BTreeMap<(Kind, String), Value> {
    let named = |manifest: &Manifest| Some((manifest.identity()?, manifest.tree()));
    spec.objects.values().filter_map(named).collect()
}

/// Holder of labels: an object, or the template of its pods.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Holder {
    Object,
    Template,
}

/// Place of labels: an object by kind and name, and its holder in it.
type Place<'a> = (&'a (Kind, String), Holder);

/// Labels and annotations of one side that may belong to the place, by the variable's name.
#[derive(Default)]
struct Labels<'a> {
    uses: BTreeMap<String, Uses<'a>>,
    by_object: BTreeMap<Place<'a>, BTreeMap<String, &'a str>>,
}

impl<'a> Labels<'a> {
    fn of(objects: &'a BTreeMap<(Kind, String), Value>) -> Self {
        let mut labels = Self::default();
        for (key, object) in objects {
            let template = key.0.template_path().and_then(|path| object.pointer(path));
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

fn in_words((kind, name): &(Kind, String)) -> String {
    format!("{kind} {name}")
}

fn uses(spec: &Spec) -> BTreeMap<&str, Uses<'_>> {
    let mut uses: BTreeMap<&str, Uses<'_>> = BTreeMap::new();
    for one in spec.instances() {
        let env = one.instance.containers.values().flat_map(|container| &container.env);
        for (name, value) in env {
            let of_name = uses.entry(name).or_default();
            match value {
                EnvValue::Literal(text) => {
                    of_name.literals.entry(text).or_insert_with(|| one.key());
                }
                EnvValue::Reference(_) => {
                    of_name.reference.get_or_insert_with(|| one.key());
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
        learn(["dev", "prod"], &place(before), &place(after), &flags)
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
        };
        assert_eq!(learned, Learned { variables: vec![variable], apart: Vec::new() });
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
        let learned = learn(["dev", "prod"], &dev, &prod, &BTreeMap::new());
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
