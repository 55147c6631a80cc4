//! Files and folders as text, and their documents as values.

use std::{io, path::Path};

use serde_json::Value;
use snapshot_core::yaml;

use super::{Input, SourceError, folder, input::read_file};
use crate::blocking::blocking;

/// Reads a file, or the manifests in a folder.
pub async fn read_path(path: &Path) -> Result<Vec<Input>, SourceError> {
    let path = path.to_owned();
    blocking(move || if path.is_dir() { folder::read(&path) } else { Ok(vec![read_file(&path)?]) })
        .await
}

/// Reads standard input to its end.
pub async fn read_stdin() -> Result<Input, SourceError> {
    let name = "standard input".to_owned();
    match blocking(|| io::read_to_string(io::stdin())).await {
        Ok(text) => Ok(Input { name, text }),
        Err(error) => Err(SourceError::Unreadable { name, error }),
    }
}

/// Reads a file that holds one document, JSON or YAML; null where it holds none.
pub async fn read_document(path: &Path) -> Result<Value, SourceError> {
    let path = path.to_owned();
    blocking(move || read_document_here(&path)).await
}

fn read_document_here(path: &Path) -> Result<Value, SourceError> {
    let input = read_file(path)?;
    let mut documents = Vec::new();
    each_document(&input, |document| {
        documents.push(document);
        Ok(())
    })?;
    match documents.len() {
        0 | 1 => Ok(documents.pop().unwrap_or_default()),
        found => Err(SourceError::Several { name: input.name, found }),
    }
}

/// Hands each document of the input to `take`, JSON or YAML, one at a time;
/// documents of comments alone are none.
pub(super) fn each_document(
    input: &Input,
    mut take: impl FnMut(Value) -> Result<(), SourceError>,
) -> Result<(), SourceError> {
    let text = input.text.trim_start_matches('\u{feff}');
    let mut take = |value: Value| if value.is_null() { Ok(()) } else { take(value) };
    if !is_json(text) {
        return each_yaml(text, &input.name, &mut take);
    }
    let mut first = true;
    for document in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        match document {
            Ok(document) => take(document)?,
            Err(error) => {
                let refused = SourceError::Json { name: input.name.clone(), error };
                if !first {
                    return Err(refused);
                }
                // A brace can begin YAML as well; what is neither is more likely broken JSON.
                return match each_yaml(text, &input.name, &mut take) {
                    Err(SourceError::Yaml { .. }) => Err(refused),
                    read => read,
                };
            }
        }
        first = false;
    }
    Ok(())
}

/// A document of a file in YAML as flagd reads it, by its position from 1: to it `on` is text.
/// None in JSON, whose readers agree, or where flagd cannot read it.
pub(super) fn flags_document(input: &Input, position: usize) -> Option<Value> {
    let text = input.text.trim_start_matches('\u{feff}');
    if is_json(text) {
        return None;
    }
    yaml::documents(text, yaml::Reader::Flagd).nth(position - 1)?.ok()
}

/// True if the text begins as JSON does. A line of dashes means YAML: no JSON has one.
fn is_json(text: &str) -> bool {
    text.trim_start().starts_with(['{', '[']) && !text.contains("\n---")
}

fn each_yaml(
    text: &str,
    name: &str,
    take: &mut impl FnMut(Value) -> Result<(), SourceError>,
) -> Result<(), SourceError> {
    if let Some(line) = yaml::bare_document(text) {
        return Err(SourceError::Bare { name: name.to_owned(), line });
    }
    for document in yaml::documents(text, yaml::Reader::Kubectl) {
        let read = document.map_err(|error| SourceError::Yaml { name: name.to_owned(), error })?;
        take(read)?;
    }
    Ok(())
}
