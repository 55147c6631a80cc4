//! Errors of an export.

/// Error: a set cannot be exported like that.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ExportError {
    /// A key of the mapping that names no container of the set.
    #[error("the mapping names {name}, and the set has {}", there_are(known))]
    NoContainer {
        /// The key.
        name: String,
        /// The containers that there are.
        known: Vec<String>,
    },
    /// A key of the mapping that names several containers, which do not agree.
    #[error("the mapping's {name} are several workloads ({}), whose {what} differ; name each as SERVICE/INSTANCE/CONTAINER", instances.join(", "))]
    Ambiguous {
        /// The key.
        name: String,
        /// Field that they do not agree on.
        what: String,
        /// The instances.
        instances: Vec<String>,
    },
    /// Something that a container does not have.
    #[error("the mapping wants {what} of {name}, which the set does not have")]
    Nothing {
        /// The container or ConfigMap.
        name: String,
        /// Field that it lacks.
        what: String,
    },
    /// A path of values that is a value already, or given twice.
    #[error("the value {path} would be given twice, or stand inside another")]
    Path {
        /// The path.
        path: String,
    },
}

fn there_are(known: &[String]) -> String {
    if known.is_empty() { "none".to_owned() } else { known.join(", ") }
}
