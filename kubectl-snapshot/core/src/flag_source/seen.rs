//! Flag systems as they were when they were asked.

use serde::{Deserialize, Serialize};

use super::SystemType;

/// A flag system when its flags were read: where, and at which of its revisions.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenFlags {
    /// The flag system.
    #[serde(rename = "type")]
    pub system: SystemType,
    /// Address of it.
    pub url: String,
    /// Environment of the flag system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    /// Revision of the answer, in the system's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}
