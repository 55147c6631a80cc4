//! Unknown fields of a document: members that a newer minor version added, kept as they were read.

use std::collections::BTreeMap;

use serde_json::Value;

/// Unknown fields by name.
pub type UnknownFields = BTreeMap<String, Value>;
