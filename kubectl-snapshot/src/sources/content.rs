//! Contents of files, recognised by the text and not by the name.

use serde_json::Value;
use snapshot_core::{
    assembly::{Assembled, CaptureOptions},
    document,
    parts::{Document, PartName},
};

use super::{
    Input, PassedOver, SourceError,
    manifests::{Found, Manifests, Sets},
    text::{each_document, flags_document},
};
use crate::blocking::blocking;

/// Contents of the files that a reference names.
#[derive(Debug)]
pub enum Content {
    /// A snapshot document.
    Document(Box<Document>),
    /// Manifests or flag definitions, which make a set.
    Set {
        /// The set, and what was noticed on the way to it.
        assembled: Box<Assembled>,
        /// Objects of the files that belong to no set.
        passed_over: PassedOver,
    },
    /// Manifests of several namespaces, each a part.
    Parts {
        /// The parts by their namespaces, sorted: two at least.
        parts: Vec<(PartName, Assembled)>,
        /// Objects of the files that belong to no set.
        passed_over: PassedOver,
    },
}

/// Reads a set from files: one snapshot document, or manifests and flag
/// definitions in any number and order.
///
/// `namespaces` choose among manifests of several; those of a single one are
/// taken whatever the one chosen is.
pub async fn read(
    inputs: Vec<Input>,
    choices: CaptureOptions,
    namespaces: &[String],
) -> Result<Content, SourceError> {
    let namespaces = namespaces.to_vec();
    blocking(move || read_here(&inputs, choices, &namespaces)).await
}

pub(super) fn read_here(
    inputs: &[Input],
    choices: CaptureOptions,
    namespaces: &[String],
) -> Result<Content, SourceError> {
    let mut snapshot = None;
    let mut others = false;
    let mut manifests = Manifests::new(choices, namespaces);
    for input in inputs {
        let mut position = 0;
        each_document(input, |value| {
            position += 1;
            if document::is_document(&value) {
                let read = document::from_value(&value)
                    .map_err(|error| SourceError::Document { name: input.name.clone(), error })?;
                if snapshot.replace(read).is_some() || others {
                    return Err(SourceError::Mixed { name: input.name.clone() });
                }
                return Ok(());
            }
            if snapshot.is_some() {
                return Err(SourceError::Mixed { name: input.name.clone() });
            }
            others = true;
            match manifests.take(value, &input.name)? {
                Found::Taken => Ok(()),
                Found::NoManifest(value) => {
                    let value = flags_document(input, position).unwrap_or(value);
                    manifests
                        .take_flags(&value, &input.name)
                        .unwrap_or_else(|| Err(foreign(&value, input, position)))
                }
            }
        })?;
    }
    if let Some(snapshot) = snapshot {
        return Ok(Content::Document(Box::new(snapshot)));
    }
    let name = inputs.first().map_or_else(String::new, |input| input.name.clone());
    let (sets, passed_over) = manifests.finish(&name)?;
    let assembled = match sets {
        Sets::Parts(parts) => return Ok(Content::Parts { parts, passed_over }),
        Sets::One(assembled) => assembled,
    };
    if assembled.spec.objects.is_empty() && assembled.spec.flags.is_empty() {
        return Err(SourceError::Nothing { name, passed_over });
    }
    Ok(Content::Set { assembled, passed_over })
}

fn foreign(value: &Value, input: &Input, position: usize) -> SourceError {
    let found = match value {
        Value::Object(members)
            if members.contains_key("$schema") && members.contains_key("$id") =>
        {
            "it is a JSON Schema".to_owned()
        }
        Value::Object(members) if members.contains_key("kind") => {
            "it has a kind, but no apiVersion".to_owned()
        }
        Value::Object(members) if members.contains_key("apiVersion") => {
            "it has an apiVersion, but no kind".to_owned()
        }
        Value::Object(members) => {
            let some: Vec<&str> = members.keys().take(4).map(String::as_str).collect();
            format!("it has neither kind nor flags, but {}", some.join(", "))
        }
        Value::Array(_) => "it is a list".to_owned(),
        _ => "it is plain text".to_owned(),
    };
    SourceError::Foreign { name: input.name.clone(), position, found }
}
