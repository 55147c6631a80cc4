//! JSON Patch as a server carries it out, for tests: RFC 6902, as far as
//! [`operations`](super::operations) goes.

use serde_json::Value;

use super::Operation;

/// Applies a patch, or says which operation the server would refuse.
pub(crate) fn apply(tree: &mut Value, operations: &[Operation]) -> Result<(), String> {
    operations.iter().try_for_each(|operation| {
        apply_one(tree, operation)
            .ok_or_else(|| format!("{operation:?} cannot be applied to {tree}"))
    })
}

fn apply_one(tree: &mut Value, operation: &Operation) -> Option<()> {
    match operation {
        Operation::Test { path, value } => (tree.pointer(path)? == value).then_some(()),
        Operation::Replace { path, value } => {
            *tree.pointer_mut(path)? = value.clone();
            Some(())
        }
        Operation::Add { path, value } => match parent(tree, path)? {
            (Value::Object(members), name) => {
                members.insert(name, value.clone());
                Some(())
            }
            (Value::Array(elements), name) => {
                let index = if name == "-" { elements.len() } else { name.parse().ok()? };
                (index <= elements.len()).then(|| elements.insert(index, value.clone()))
            }
            _ => None,
        },
        Operation::Remove { path } => match parent(tree, path)? {
            (Value::Object(members), name) => members.remove(&name).map(drop),
            (Value::Array(elements), name) => {
                let index = name.parse::<usize>().ok().filter(|index| *index < elements.len())?;
                elements.remove(index);
                Some(())
            }
            _ => None,
        },
    }
}

/// Parent of the last part of the path, and that part.
fn parent<'a>(tree: &'a mut Value, path: &str) -> Option<(&'a mut Value, String)> {
    let (parent, last) = path.rsplit_once('/')?;
    Some((tree.pointer_mut(parent)?, last.replace("~1", "/").replace("~0", "~")))
}
