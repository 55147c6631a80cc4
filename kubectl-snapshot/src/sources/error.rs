//! Errors of reading files into a set.

use snapshot_core::{
    assembly::AssemblyError, document::DocumentError, flags::FlagError, manifest::Kind,
    parts::PartNameError,
};

use super::PassedOver;

/// Error: files do not make a set.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A file that should hold one document holds several.
    #[error("{name}: it holds {found} documents; put one in a file of its own")]
    Several {
        /// The file.
        name: String,
        /// Number found.
        found: usize,
    },
    /// No such file or folder.
    #[error("there is no file or folder {name}")]
    Missing {
        /// The name.
        name: String,
    },
    /// The file or folder cannot be read.
    #[error("{name} cannot be read: {error}")]
    Unreadable {
        /// The file's name.
        name: String,
        /// I/O error.
        #[source]
        error: std::io::Error,
    },
    /// The file is no text.
    #[error(
        "{name} is not UTF-8 text; expected a snapshot document, Kubernetes manifests or flag definitions"
    )]
    NotText {
        /// The file's name.
        name: String,
    },
    /// The folder holds no manifest.
    #[error("{name} holds no .yaml, .yml or .json file")]
    EmptyFolder {
        /// The folder's name.
        name: String,
    },
    /// Folders within each other without an end.
    #[error("{name} lies too deep; name the folder that holds the manifests")]
    TooDeep {
        /// The folder's name.
        name: String,
    },
    /// A folder that Helm has to render.
    #[error(
        "{name} is a Helm chart; render it first: helm template {name} > rendered.yaml, or pipe it in with - for standard input"
    )]
    Chart {
        /// The folder's name.
        name: String,
    },
    /// A kustomization that kubectl could not render.
    #[error("{name}: kubectl kustomize failed: {reason}")]
    Kustomize {
        /// The folder's name.
        name: String,
        /// Message of kubectl.
        reason: String,
    },
    /// Two objects of one name that are not equal.
    #[error(
        "{kind} {object} is in {first} and in {second}, and they differ; take one out, or name one namespace's manifests"
    )]
    Contradiction {
        /// The object's kind.
        kind: Kind,
        /// The object's name.
        object: String,
        /// The file that has it first.
        first: String,
        /// The file that has it again.
        second: String,
    },
    /// The file is no JSON.
    #[error("{name} is not valid JSON: {error}{}", if error.is_eof() { "; the file is cut short" } else { "" })]
    Json {
        /// The file's name.
        name: String,
        /// Parse error, with line and column.
        #[source]
        error: serde_json::Error,
    },
    /// The file is no YAML.
    #[error("{name} is not valid YAML: {error}")]
    Yaml {
        /// The file's name.
        name: String,
        /// Parse error, with its position.
        error: String,
    },
    /// A document that kubectl would pass over.
    #[error(
        "{name}, line {line}: a document begins after `...` without `---`, which kubectl leaves out without a word"
    )]
    Bare {
        /// The file's name.
        name: String,
        /// The line at which it begins.
        line: usize,
    },
    /// The file holds something else.
    #[error(
        "{name}, document {position}: {found}; expected a snapshot document, Kubernetes manifests or flag definitions"
    )]
    Foreign {
        /// The file's name.
        name: String,
        /// Position of the document in the file, from 1.
        position: usize,
        /// Description of what was found.
        found: String,
    },
    /// A snapshot document stands among others.
    #[error("{name} holds a snapshot document beside others; give one snapshot, or manifests")]
    Mixed {
        /// The file's name.
        name: String,
    },
    /// The files hold nothing that belongs to a set.
    #[error(
        "{name} holds nothing that belongs to a set: no workload, ConfigMap or flag{}",
        instead(passed_over)
    )]
    Nothing {
        /// The file's name.
        name: String,
        /// Objects that it has instead.
        passed_over: PassedOver,
    },
    /// The manifests are of several namespaces.
    #[error("{name} holds manifests of several namespaces ({})", namespaces.join(", "))]
    Namespaces {
        /// The file's name.
        name: String,
        /// Their namespaces.
        namespaces: Vec<String>,
    },
    /// No manifest is of a namespace that is to be a part.
    #[error("{name} holds no manifest of the namespace {namespace}")]
    NoNamespace {
        /// The file's name.
        name: String,
        /// The namespace.
        namespace: String,
    },
    /// A manifest without a namespace among those of several.
    #[error(
        "{name}: {object} names no namespace, and the manifests are of several ({}): \
         which part it belongs to cannot be told",
        namespaces.join(", ")
    )]
    Unplaced {
        /// The file's name.
        name: String,
        /// The object: `ConfigMap shop-config`.
        object: String,
        /// The namespaces of the others.
        namespaces: Vec<String>,
    },
    /// A namespace that none can be called.
    #[error("{name}, metadata.namespace: {error}")]
    NamespaceName {
        /// The file's name.
        name: String,
        /// Error of the name.
        #[source]
        error: PartNameError,
    },
    /// A document that is no snapshot, or a broken one.
    #[error("{name}: {error}")]
    Document {
        /// The file's name.
        name: String,
        /// Error of the document.
        #[source]
        error: DocumentError,
    },
    /// Manifests that make no set.
    #[error("{name}: {error}")]
    Assembly {
        /// The file's name.
        name: String,
        /// Error of the assembly.
        #[source]
        error: AssemblyError,
    },
    /// A file of flag definitions that their system would refuse.
    #[error("{error}")]
    FlagFile {
        /// Error of the flag definitions; names the file.
        #[source]
        error: Box<FlagError>,
    },
    /// Flags of a set that cannot be read.
    #[error("{name}: {error}")]
    Flags {
        /// The file's name.
        name: String,
        /// Error of the flag definitions.
        #[source]
        error: Box<FlagError>,
    },
}

fn instead(passed_over: &PassedOver) -> String {
    if passed_over.is_empty() { String::new() } else { format!("; it has {passed_over}") }
}
