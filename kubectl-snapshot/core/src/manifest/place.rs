//! Labels and annotations of the place: those that variable sets name.
//!
//! They belong to no set, as replicas do. A capture leaves them out, an apply keeps those that are
//! there, and what it creates gets the values of the variable set that was chosen.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::{Kind, Role};
use crate::variable::{ANNOTATION, LABEL, Variable};

/// Names of the labels and annotations that belong to the place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlaceMarks<'a> {
    labels: BTreeSet<&'a str>,
    annotations: BTreeSet<&'a str>,
}

/// Use of a map of labels or annotations in a manifest.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// Labels that an object or its pods carry.
    Labels,
    /// Annotations that an object or its pods carry.
    Annotations,
    /// Labels by which pods are selected.
    Selector,
    /// Expressions by which pods are selected.
    Expressions,
}

/// Position of a map in a manifest, from the top.
type Path = Vec<Step>;

/// One step down into a manifest.
#[derive(Clone)]
enum Step {
    Member(String),
    Element(usize),
}

impl<'a> PlaceMarks<'a> {
    /// The labels and annotations among variables.
    #[must_use]
    pub fn of(variables: &'a BTreeSet<String>) -> Self {
        let named = |prefix: &'static str| {
            variables
                .range(prefix.to_owned()..)
                .map_while(move |name| name.strip_prefix(prefix))
                .collect()
        };
        Self { labels: named(LABEL), annotations: named(ANNOTATION) }
    }

    /// True if no variable is a label or an annotation.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.annotations.is_empty()
    }

    fn names(&self, of: Use) -> &BTreeSet<&'a str> {
        match of {
            Use::Labels | Use::Selector | Use::Expressions => &self.labels,
            Use::Annotations => &self.annotations,
        }
    }

    /// Takes them out of an object; returns their values by the variable's name.
    ///
    /// A selector keeps their names, without a value: it would select more pods without them.
    pub fn take_out(&self, kind: Kind, object: &mut Value) -> Vec<(String, String)> {
        let mut taken = Vec::new();
        if self.is_empty() {
            return taken;
        }
        for (of, path) in maps(kind, object) {
            if of == Use::Expressions {
                for (name, value) in self.expressions(object, &path) {
                    let text = std::mem::take(value);
                    taken.extend((!text.is_empty()).then(|| (variable_of(of, &name), text)));
                }
                continue;
            }
            let names = self.names(of);
            let Some(map) = at(object, &path).and_then(Value::as_object_mut) else { continue };
            let found: Vec<String> =
                map.keys().filter(|name| names.contains(name.as_str())).cloned().collect();
            for name in found {
                let value = if of == Use::Selector {
                    map.insert(name.clone(), "".into())
                } else {
                    map.remove(&name)
                };
                if let Some(Value::String(value)) = value.filter(|value| *value != "") {
                    taken.push((variable_of(of, &name), value));
                }
            }
            if map.is_empty() {
                remove_empty(object, &path);
            }
        }
        taken
    }

    /// Gives an object that is there already the ones that it has there. Where a selector of the
    /// set names one that the place's does not, it gets the chosen value, else that of the pods.
    pub fn keep(
        &self,
        kind: Kind,
        wanted: &mut Value,
        there: &Value,
        chosen: &BTreeMap<String, String>,
    ) {
        if self.is_empty() {
            return;
        }
        let carried = labels_of(kind, there);
        self.fill_selectors(kind, wanted, |name| {
            chosen.get(&format!("{LABEL}{name}")).or_else(|| carried.get(name)).cloned()
        });
        for (of, path) in maps(kind, there) {
            let names = self.names(of);
            let Some(map) = look(there, &path).and_then(Value::as_object) else { continue };
            let kept = map.iter().filter(|(name, _)| names.contains(name.as_str()));
            let kept: Vec<_> = kept.map(|(name, value)| (name.clone(), value.clone())).collect();
            if kept.is_empty() {
                continue;
            }
            let Some(map) = map_to_fill(wanted, &path, of) else { continue };
            map.extend(kept);
        }
    }

    /// Gives an object that is created, and its pods, the values chosen.
    pub fn give(
        &self,
        kind: Kind,
        wanted: &mut Value,
        chosen: &BTreeMap<String, String>,
    ) -> NotChosen {
        let mut missing = NotChosen::default();
        for of in [Use::Labels, Use::Annotations] {
            for name in self.names(of) {
                let variable = variable_of(of, name);
                let Some(value) = chosen.get(&variable) else {
                    missing.variables.push(variable);
                    continue;
                };
                let word = if of == Use::Labels { "labels" } else { "annotations" };
                for holder in ["", "/spec/jobTemplate", kind.template_path().unwrap_or_default()] {
                    let Some(Value::Object(holder)) = wanted.pointer_mut(holder) else { continue };
                    let metadata = holder.entry("metadata").or_insert_with(empty);
                    let Value::Object(metadata) = metadata else { continue };
                    if let Value::Object(map) = metadata.entry(word).or_insert_with(empty) {
                        map.insert((*name).to_owned(), value.clone().into());
                    }
                }
            }
        }
        missing.selects_by = self
            .fill_selectors(kind, wanted, |name| chosen.get(&format!("{LABEL}{name}")).cloned());
        missing
    }

    /// True if a Service that selects by these labels selects by the place's alone.
    pub(crate) fn are_all(&self, labels: &BTreeMap<String, String>) -> bool {
        !labels.is_empty() && labels.keys().all(|name| self.labels.contains(name.as_str()))
    }

    /// Takes the place's labels out of labels by which pods are found.
    pub(crate) fn forget(&self, labels: &mut BTreeMap<String, String>) {
        labels.retain(|name, _| !self.labels.contains(name.as_str()));
    }

    /// Fills what selectors name without a value; returns what stays without one.
    fn fill_selectors(
        &self,
        kind: Kind,
        object: &mut Value,
        value: impl Fn(&str) -> Option<String>,
    ) -> BTreeSet<String> {
        let mut without = BTreeSet::new();
        for (of, path) in maps(kind, object) {
            match of {
                Use::Expressions => {
                    for (name, text) in self.expressions(object, &path) {
                        match value(&name) {
                            Some(value) => *text = value,
                            None => drop(without.insert(variable_of(of, &name))),
                        }
                    }
                }
                Use::Selector => {
                    let map = at(object, &path).and_then(Value::as_object_mut);
                    for (name, text) in map.into_iter().flatten() {
                        if *text != "" || !self.labels.contains(name.as_str()) {
                            continue;
                        }
                        match value(name) {
                            Some(value) => *text = value.into(),
                            None => drop(without.insert(variable_of(of, name))),
                        }
                    }
                }
                Use::Labels | Use::Annotations => {}
            }
        }
        without
    }

    /// The values of expressions that ask for one value of a label of the place.
    fn expressions<'v>(
        &self,
        object: &'v mut Value,
        path: &[Step],
    ) -> impl Iterator<Item = (String, &'v mut String)> {
        let list = at(object, path).and_then(Value::as_array_mut).into_iter().flatten();
        list.filter_map(|expression| {
            let name = expression.get("key")?.as_str()?.to_owned();
            let is_one = self.labels.contains(name.as_str()) && expression["operator"] == "In";
            let values = expression.get_mut("values").filter(|_| is_one)?.as_array_mut()?;
            match values.as_mut_slice() {
                [Value::String(value)] => Some((name, value)),
                _ => None,
            }
        })
    }
}

/// Variables that a created object does without.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct NotChosen {
    /// Variables that have no chosen value.
    pub variables: Vec<String>,
    /// Those by which the object selects pods, which it cannot do without.
    pub selects_by: BTreeSet<String>,
}

/// The labels of an object and of its pods.
fn labels_of(kind: Kind, object: &Value) -> BTreeMap<String, String> {
    let template = kind.template_path().and_then(|path| object.pointer(path));
    let maps = [Some(object), template].into_iter().flatten();
    maps.filter_map(|holder| holder.pointer("/metadata/labels")?.as_object())
        .flatten()
        .filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())))
        .collect()
}

/// The labels and annotations that an object itself carries, by the variable that each would be.
#[must_use]
pub fn labels_as_variables(object: &Value) -> Vec<(String, &str)> {
    let of_map = |word: &str, of: Use| {
        let map = object.get("metadata").and_then(|metadata| metadata.get(word)?.as_object());
        map.into_iter()
            .flatten()
            .filter_map(move |(name, value)| Some((variable_of(of, name), value.as_str()?)))
    };
    of_map("labels", Use::Labels).chain(of_map("annotations", Use::Annotations)).collect()
}

/// The name of a variable as people say it: `label env`.
#[must_use]
pub fn in_words(variable: &str) -> String {
    match Variable::of(variable) {
        Variable::Label(name) => format!("label {name}"),
        Variable::Annotation(name) => format!("annotation {name}"),
        Variable::Environment(name) => name.to_owned(),
    }
}

fn variable_of(of: Use, name: &str) -> String {
    match of {
        Use::Labels | Use::Selector | Use::Expressions => format!("{LABEL}{name}"),
        Use::Annotations => format!("{ANNOTATION}{name}"),
    }
}

/// Every map of labels or annotations in an object's metadata, in its spec if it is a workload,
/// and the selector of a Service.
fn maps(kind: Kind, object: &Value) -> Vec<(Use, Path)> {
    let mut found = Vec::new();
    if let Some(metadata) = object.get("metadata") {
        of_metadata(metadata, &[Step::Member("metadata".into())], &mut found);
    }
    match kind.spec().role {
        Role::Workload(_) => {
            if let Some(spec) = object.get("spec") {
                in_spec(spec, &mut vec![Step::Member("spec".into())], &mut found);
            }
        }
        Role::Service => found.push((
            Use::Selector,
            vec![Step::Member("spec".into()), Step::Member("selector".into())],
        )),
        Role::ConfigMap | Role::FeatureFlags | Role::Account | Role::Route | Role::Subsets => {}
    }
    found
}

fn of_metadata(metadata: &Value, path: &[Step], found: &mut Vec<(Use, Path)>) {
    for (word, of) in [("labels", Use::Labels), ("annotations", Use::Annotations)] {
        if metadata.get(word).is_some_and(Value::is_object) {
            let mut path = path.to_vec();
            path.push(Step::Member(word.to_owned()));
            found.push((of, path));
        }
    }
}

fn in_spec(value: &Value, path: &mut Path, found: &mut Vec<(Use, Path)>) {
    let mut enter = |step: Step, value: &Value| {
        path.push(step);
        match path.last() {
            Some(Step::Member(name)) if name == "metadata" => of_metadata(value, path, found),
            Some(Step::Member(name)) if name == "matchLabels" => {
                found.push((Use::Selector, path.clone()));
            }
            Some(Step::Member(name)) if name == "matchExpressions" => {
                found.push((Use::Expressions, path.clone()));
            }
            // Nodes have labels of their own.
            Some(Step::Member(name)) if name == "nodeAffinity" => {}
            _ => in_spec(value, path, found),
        }
        path.pop();
    };
    match value {
        Value::Object(members) => {
            for (name, member) in members {
                enter(Step::Member(name.clone()), member);
            }
        }
        Value::Array(elements) => {
            for (position, element) in elements.iter().enumerate() {
                enter(Step::Element(position), element);
            }
        }
        _ => {}
    }
}

fn look<'v>(object: &'v Value, path: &[Step]) -> Option<&'v Value> {
    path.iter().try_fold(object, |value, step| match step {
        Step::Member(name) => value.get(name),
        Step::Element(position) => value.get(position),
    })
}

fn at<'v>(object: &'v mut Value, path: &[Step]) -> Option<&'v mut Value> {
    path.iter().try_fold(object, |value, step| match step {
        Step::Member(name) => value.get_mut(name),
        Step::Element(position) => value.get_mut(position),
    })
}

/// The map at a path of another manifest. Labels and annotations may be missing there, and the
/// metadata that held nothing else; a selector that is not there is none of this object.
fn map_to_fill<'v>(
    object: &'v mut Value,
    path: &[Step],
    of: Use,
) -> Option<&'v mut Map<String, Value>> {
    if of == Use::Selector {
        return at(object, path)?.as_object_mut();
    }
    let above = &path[..path.len() - 2];
    let holder = at(object, above)?.as_object_mut()?;
    let metadata = holder.entry("metadata").or_insert_with(empty).as_object_mut()?;
    let word = if of == Use::Labels { "labels" } else { "annotations" };
    metadata.entry(word).or_insert_with(empty).as_object_mut()
}

/// Removes a map that holds nothing any more, and the metadata around it that holds nothing else.
fn remove_empty(object: &mut Value, path: &[Step]) {
    for end in [path.len(), path.len() - 1] {
        let Some((Step::Member(name), above)) = path[..end].split_last() else { return };
        let Some(Value::Object(holder)) = at(object, above) else { return };
        let is_empty = holder.get(name).and_then(Value::as_object).is_some_and(Map::is_empty);
        if !is_empty {
            return;
        }
        holder.remove(name);
    }
}

fn empty() -> Value {
    Value::Object(Map::new())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn variables(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    /// A Deployment of a place, as kustomize's `commonLabels` writes it.
    fn of_place(env: &str) -> Value {
        let labels = json!({"app": "cart", "env": env});
        json!({
            "kind": "Deployment",
            "metadata": {"name": "cart", "labels": labels, "annotations": {"owner": format!("team-{env}")}},
            "spec": {
                "selector": {"matchLabels": labels},
                "template": {
                    "metadata": {"labels": labels, "annotations": {"owner": format!("team-{env}")}},
                    "spec": {
                        "topologySpreadConstraints": [{"labelSelector": {"matchLabels": labels}}],
                        "affinity": {"podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [
                            {"labelSelector": {"matchLabels": {"env": env}}},
                            {"labelSelector": {"matchExpressions": [
                                {"key": "env", "operator": "In", "values": [env]},
                                {"key": "env", "operator": "NotIn", "values": ["test"]},
                            ]}},
                        ]}},
                    },
                },
            },
        })
    }

    #[test]
    fn two_places_are_one_without_their_labels() {
        let names = variables(&["DB_HOST", "annotation:owner", "label:env"]);
        let marks = PlaceMarks::of(&names);
        let (mut dev, mut prod) = (of_place("dev"), of_place("prod"));
        let taken = marks.take_out(Kind::Deployment, &mut dev);
        assert!(taken.contains(&("label:env".to_owned(), "dev".to_owned())), "{taken:?}");
        assert!(taken.contains(&("annotation:owner".to_owned(), "team-dev".to_owned())));
        marks.take_out(Kind::Deployment, &mut prod);
        assert_eq!(dev, prod);
        // A selector keeps the name, or it would select more pods.
        let selector = json!({"matchLabels": {"app": "cart", "env": ""}});
        assert_eq!(dev["spec"]["selector"], selector);
        // Once is enough.
        let mut again = dev.clone();
        assert_eq!(marks.take_out(Kind::Deployment, &mut again), []);
        assert_eq!(again, dev);
        assert_eq!(dev["metadata"], json!({"name": "cart", "labels": {"app": "cart"}}));
    }

    #[test]
    fn what_is_there_keeps_its_own() {
        let names = variables(&["annotation:owner", "label:env"]);
        let marks = PlaceMarks::of(&names);
        let (mut set, prod) = (of_place("dev"), of_place("prod"));
        marks.take_out(Kind::Deployment, &mut set);
        marks.keep(Kind::Deployment, &mut set, &prod, &BTreeMap::new());
        assert_eq!(set, prod);
        // One that the place does not label stays without.
        let bare = json!({"metadata": {"name": "shop"}, "data": {"a": "b"}});
        let mut same = bare.clone();
        marks.keep(Kind::ConfigMap, &mut same, &bare, &BTreeMap::new());
        assert_eq!(same, bare);
    }

    #[test]
    fn what_is_created_is_what_the_overlay_makes() {
        let names = variables(&["annotation:owner", "label:env"]);
        let marks = PlaceMarks::of(&names);
        let mut set = of_place("dev");
        marks.take_out(Kind::Deployment, &mut set);
        let chosen = BTreeMap::from([
            ("annotation:owner".to_owned(), "team-qa".to_owned()),
            ("label:env".to_owned(), "qa".to_owned()),
        ]);
        assert_eq!(marks.give(Kind::Deployment, &mut set, &chosen), NotChosen::default());
        assert_eq!(set, of_place("qa"));
    }

    #[test]
    fn what_is_created_gets_the_chosen_values() {
        let names = variables(&["annotation:owner", "label:env"]);
        let marks = PlaceMarks::of(&names);
        let chosen = BTreeMap::from([("label:env".to_owned(), "prod".to_owned())]);
        let mut job = json!({
            "metadata": {"name": "bill"},
            "spec": {"jobTemplate": {"spec": {"template": {"spec": {}}}}},
        });
        let missing = marks.give(Kind::CronJob, &mut job, &chosen);
        assert_eq!(missing.variables, ["annotation:owner"]);
        assert_eq!(job.pointer("/spec/jobTemplate/metadata/labels/env"), Some(&json!("prod")));
        let labels = json!({"labels": {"env": "prod"}});
        assert_eq!(job.pointer("/spec/jobTemplate/spec/template/metadata"), Some(&labels));
        assert_eq!(job["metadata"], json!({"name": "bill", "labels": {"env": "prod"}}));
        let mut config = json!({"metadata": {"name": "shop"}});
        marks.give(Kind::ConfigMap, &mut config, &chosen);
        assert_eq!(config["metadata"], json!({"name": "shop", "labels": {"env": "prod"}}));
    }

    #[test]
    fn a_services_selector_follows_the_pods() {
        let names = variables(&["label:env"]);
        let marks = PlaceMarks::of(&names);
        let service = |env: &str| json!({"metadata": {"name": "cart"}, "spec": {"selector": {"app": "cart", "env": env}}});
        let mut set = service("dev");
        marks.take_out(Kind::Service, &mut set);
        assert_eq!(set["spec"], json!({"selector": {"app": "cart", "env": ""}}));
        let mut created = set.clone();
        marks.keep(Kind::Service, &mut set, &service("prod"), &BTreeMap::new());
        assert_eq!(set, service("prod"));
        // Created without a value, it would select nothing.
        let missing = marks.give(Kind::Service, &mut created.clone(), &BTreeMap::new());
        assert_eq!(missing.selects_by, BTreeSet::from(["label:env".to_owned()]));
        let chosen = BTreeMap::from([("label:env".to_owned(), "qa".to_owned())]);
        assert!(marks.give(Kind::Service, &mut created, &chosen).selects_by.is_empty());
        assert_eq!(created["spec"], service("qa")["spec"]);
    }
}
