//! Marks that deployers leave on objects.

use serde_json::{Map, Value};

use super::managers::{appliers, wrote};

/// Marks that deployers leave on an object.
#[derive(Clone, Debug, Default)]
pub struct DeployerMarks<'a> {
    /// Labels of the object.
    pub labels: Option<&'a Map<String, Value>>,
    /// Annotations of the object.
    pub annotations: Option<&'a Map<String, Value>>,
    /// Kind and name of the controller that it belongs to.
    pub controller: Option<String>,
    /// True if Argo CD has written it: where it tracks by the label `app.kubernetes.io/instance`
    /// alone, nothing else says so.
    pub is_by_argo_cd: bool,
    /// The managers that apply it on the server.
    pub appliers: Vec<&'a str>,
}

/// The name that Argo CD's controller writes under.
pub const ARGO_CD: &str = "argocd-controller";

impl<'a> DeployerMarks<'a> {
    /// Marks on an object as the server has it.
    #[must_use]
    pub fn of(object: &'a Value) -> Self {
        let marks = |name: &str| object["metadata"][name].as_object();
        let references = object.pointer("/metadata/ownerReferences").and_then(Value::as_array);
        let mut controllers =
            references.into_iter().flatten().filter(|one| one["controller"] == true);
        let text = |reference: &Value, member: &str| {
            reference.get(member).and_then(Value::as_str).unwrap_or_default().to_owned()
        };
        Self {
            labels: marks("labels"),
            annotations: marks("annotations"),
            controller: controllers
                .next()
                .map(|one| format!("{} {}", text(one, "kind"), text(one, "name"))),
            is_by_argo_cd: wrote(object, ARGO_CD),
            appliers: appliers(object),
        }
    }

    /// Something, if a label or annotation begins so.
    pub(super) fn any(&self, beginning: &str) -> Option<()> {
        self.names().any(|name| name.starts_with(beginning)).then_some(())
    }

    /// The value of an annotation.
    pub(super) fn annotation(&self, name: &str) -> Option<&'a str> {
        self.annotations?.get(name)?.as_str()
    }

    /// The value of a label.
    pub(super) fn label(&self, name: &str) -> Option<&'a str> {
        self.labels?.get(name)?.as_str()
    }

    /// A name with its namespace, by the labels that have them.
    pub(super) fn namespaced(&self, labels: [&str; 2]) -> String {
        let known = labels.into_iter().filter_map(|name| self.label(name));
        known.collect::<Vec<_>>().join("/")
    }

    /// The names of all labels and annotations.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        [self.labels, self.annotations]
            .into_iter()
            .flatten()
            .flat_map(Map::keys)
            .map(String::as_str)
    }
}
