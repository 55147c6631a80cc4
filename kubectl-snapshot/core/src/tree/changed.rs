//! A tree with a patch made in it, as strictly as a server makes it.

use serde_json::Value;

use super::Operation;

/// The tree with the operations made in it; none where one of them does not fit.
#[must_use]
pub fn changed(tree: &Value, operations: &[Operation]) -> Option<Value> {
    let mut tree = tree.clone();
    operations.iter().all(|operation| make(&mut tree, operation)).then_some(tree)
}

fn make(tree: &mut Value, operation: &Operation) -> bool {
    match operation {
        Operation::Test { path, value } => tree.pointer(path) == Some(value),
        Operation::Replace { path, value } => {
            tree.pointer_mut(path).map(|there| there.clone_from(value)).is_some()
        }
        Operation::Add { path, value } => add(tree, path, value).is_some(),
        Operation::Remove { path } => remove(tree, path).is_some(),
    }
}

fn add(tree: &mut Value, path: &str, value: &Value) -> Option<()> {
    let (parent, last) = path.rsplit_once('/')?;
    match tree.pointer_mut(parent)? {
        Value::Object(members) => {
            members.insert(unescaped(last), value.clone());
        }
        Value::Array(elements) => {
            let at = if last == "-" { elements.len() } else { last.parse().ok()? };
            if at > elements.len() {
                return None;
            }
            elements.insert(at, value.clone());
        }
        _ => return None,
    }
    Some(())
}

fn remove(tree: &mut Value, path: &str) -> Option<()> {
    let (parent, last) = path.rsplit_once('/')?;
    match tree.pointer_mut(parent)? {
        Value::Object(members) => members.remove(&unescaped(last)).map(drop),
        Value::Array(elements) => {
            let at = last.parse().ok().filter(|at: &usize| *at < elements.len())?;
            elements.remove(at);
            Some(())
        }
        _ => None,
    }
}

/// A part of a JSON pointer as the name that it stands for.
pub(crate) fn unescaped(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}
