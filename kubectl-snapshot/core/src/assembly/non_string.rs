//! Values that YAML reads as numbers or booleans where the API asks for text.

use serde_json::Value;

use crate::manifest::{Kind, Workload};

/// The first value that must be text and is not: where it stands, and what it is.
///
/// The API server refuses such an object; read as if nothing were there, it
/// would make a set that nobody meant.
pub(super) fn find(kind: Kind, object: &Value) -> Option<(String, &Value)> {
    let in_texts = ["/metadata/labels", "/metadata/annotations", "/data", "/spec/selector"]
        .into_iter()
        .filter(|pointer| is_texts(kind, pointer))
        .find_map(|pointer| not_text(object, pointer));
    in_texts.or_else(|| {
        let workload = Workload::of(kind, object)?;
        let template = object.pointer(kind.template_path()?)?;
        ["/metadata/labels", "/metadata/annotations", "/spec/nodeSelector"]
            .into_iter()
            .find_map(|pointer| not_text(template, pointer))
            .map(|(place, value)| (format!("template.{place}"), value))
            .or_else(|| {
                let (container, variable, value) = workload.env_that_is_no_text()?;
                Some((format!("container {container}, the environment variable {variable}"), value))
            })
    })
}

fn is_texts(kind: Kind, pointer: &str) -> bool {
    match pointer {
        "/data" => kind == Kind::ConfigMap,
        "/spec/selector" => kind == Kind::Service,
        _ => true,
    }
}

fn not_text<'a>(object: &'a Value, pointer: &str) -> Option<(String, &'a Value)> {
    let texts = object.pointer(pointer)?.as_object()?;
    let (name, value) = texts.iter().find(|(_, value)| !value.is_string())?;
    Some((format!("{}.{name}", pointer[1..].replace('/', ".")), value))
}
