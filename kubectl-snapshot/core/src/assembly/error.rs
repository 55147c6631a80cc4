//! Errors of assembling objects into a set.

use crate::{manifest::Kind, requirement::RequirementError};

/// Error: objects do not make a set.
#[derive(Debug, thiserror::Error)]
pub enum AssemblyError {
    /// An object without a name.
    #[error("a {kind} has no metadata.name; give it one, or take it out")]
    Nameless {
        /// The object's kind.
        kind: Kind,
    },
    /// Two objects of one kind with one name.
    #[error("{kind} {name} is there twice; take one out, or name one namespace's manifests")]
    Twice {
        /// The objects' kind.
        kind: Kind,
        /// Their name.
        name: String,
    },
    /// A workload without a pod template.
    #[error("{kind} {name} has no pod template; is the manifest cut short?")]
    NoTemplate {
        /// The workload's kind.
        kind: Kind,
        /// Name of the object.
        name: String,
    },
    /// A number or a boolean where the API asks for text.
    #[error("{kind} {name}: {place} is {value}, and must be text; put it in quotes")]
    NotText {
        /// The object's kind.
        kind: Kind,
        /// Name of the object.
        name: String,
        /// Path of the value in the object.
        place: String,
        /// The value, as JSON.
        value: String,
    },
    /// An environment variable given twice to one container.
    #[error(
        "{kind} {name}, container {container}: the environment variable {variable} is there twice; take one out"
    )]
    DuplicateEnv {
        /// The workload's kind.
        kind: Kind,
        /// Name of the object.
        name: String,
        /// The container's name.
        container: String,
        /// The variable's name.
        variable: String,
    },
    /// A container without an image, or with one that is no reference.
    #[error("{workload}, container {container}: {image:?} is not an image reference")]
    Image {
        /// Kind and name of the workload.
        workload: String,
        /// The container's name.
        container: String,
        /// Image field as written.
        image: String,
    },
    /// An annotation whose requirements cannot be read.
    #[error("{workload}, annotation {annotation}: {source}")]
    Requirement {
        /// Kind and name of the workload.
        workload: String,
        /// The annotation's name.
        annotation: &'static str,
        /// Parse error of the requirement.
        source: Box<RequirementError>,
    },
}
