//! Plans held to a kept one: marks that somebody has put on objects since are left there.

use std::collections::HashMap;

use super::{KeptPlan, KeptWrite};
use crate::{
    manifest::Kind,
    plan::{Action, Plans, Step},
    tree::{Operation, member, unescaped},
};

/// Members of an object's metadata whose changes since are no reason to refuse.
const MARKS: [&str; 2] = ["labels", "annotations"];

impl Plans {
    /// Leaves out changes of labels and annotations that a kept plan does not have: whoever has put
    /// them there since has touched nothing of it, and it says nothing of them.
    pub fn hold_to(&mut self, kept: &KeptPlan) {
        for part in &mut self.parts {
            let kept = kept.parts.iter().find(|one| one.part == part.part);
            let writes = kept.map(|kept| kept.writes.as_slice()).unwrap_or_default();
            let writes: HashMap<(Kind, &str), &KeptWrite> =
                writes.iter().map(|write| ((write.kind, write.name.as_str()), write)).collect();
            part.plan.steps.retain_mut(|step| {
                let write = writes.get(&(step.kind, step.name.as_str())).copied();
                holds(step, write)
            });
        }
    }
}

/// Leaves the marks of an object that are not planned; false where nothing else is to be written.
fn holds(step: &mut Step, write: Option<&KeptWrite>) -> bool {
    let Action::Patch { operations, change, .. } = &mut step.action else { return true };
    let planned =
        |path: &str| write.is_some_and(|write| write.fields.iter().any(|field| field.path == path));
    let of_marks = |path: &str| {
        MARKS.into_iter().find(|marks| {
            let rest = path.strip_prefix(&format!("metadata.{marks}"));
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
        })
    };
    let before = step.fields.len();
    step.fields.retain(|field| of_marks(&field.path).is_none() || planned(&field.path));
    if step.fields.len() == before {
        return true;
    }
    operations.retain(|operation| {
        let Some((marks, name)) = mark(operation) else { return true };
        let whole = format!("metadata.{marks}");
        planned(&member(&whole, &name)) || planned(&whole)
    });
    // The way back goes by what is written.
    for marks in MARKS {
        let whole = format!("metadata.{marks}");
        if write.is_none_or(|write| !write.fields.iter().any(|one| one.path.starts_with(&whole))) {
            let was = change.before["metadata"].get(marks).cloned();
            if let Some(metadata) = change.after["metadata"].as_object_mut() {
                match was {
                    Some(was) => metadata.insert(marks.to_owned(), was),
                    None => metadata.remove(marks),
                };
            }
        }
    }
    operations.iter().any(Operation::is_change)
}

/// The label or annotation that an operation is about: `labels` and its name.
fn mark(operation: &Operation) -> Option<(&'static str, String)> {
    MARKS.into_iter().find_map(|marks| {
        let name = operation.path().strip_prefix(&format!("/metadata/{marks}/"))?;
        Some((marks, unescaped(name)))
    })
}
