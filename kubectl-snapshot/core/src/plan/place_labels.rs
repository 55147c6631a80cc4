//! Labels and annotations in a plan that belong to the place, or may belong to it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Blocked;
use crate::{
    learn::excerpt,
    manifest::{Kind, PlaceMarks, in_words, labels_as_variables},
    variable::{Variable, is_likely_of_the_place},
};

/// Labels and annotations of the place in a plan, and what is to be said of them.
#[derive(Default)]
pub(super) struct PlaceLabels {
    /// Values that labels and annotations change from and to, with the number of objects.
    changed: BTreeMap<(String, [String; 2]), usize>,
    /// Variables without a chosen value, with the number of objects that are created without.
    not_chosen: BTreeMap<String, usize>,
}

impl PlaceLabels {
    /// Makes an object's labels those of the place, and notes what that changes. A created object
    /// that would select nothing is blocked.
    pub(super) fn fit(
        &mut self,
        (kind, name): &(Kind, String),
        object: &mut Value,
        current: Option<&Value>,
        (marks, chosen): (&PlaceMarks<'_>, &BTreeMap<String, String>),
    ) -> Vec<Blocked> {
        if let Some(current) = current {
            marks.keep(*kind, object, current, chosen);
            self.add(*kind, current, object);
            return Vec::new();
        }
        let missing = marks.give(*kind, object, chosen);
        for variable in missing.variables {
            *self.not_chosen.entry(variable).or_default() += 1;
        }
        let blocked = missing.selects_by.into_iter().map(|variable| Blocked {
            kind: *kind,
            name: name.clone(),
            reason: format!(
                "it selects pods by the {}, which belongs to the place, and no value of {variable} is chosen",
                in_words(&variable)
            ),
        });
        blocked.collect()
    }

    /// Notes what the write of one object changes.
    fn add(&mut self, kind: Kind, there: &Value, wanted: &Value) {
        let template = |object| kind.template_path().and_then(|path| Value::pointer(object, path));
        let sides = [(Some(there), Some(wanted)), (template(there), template(wanted))];
        let mut changed = BTreeSet::new();
        for (there, wanted) in sides {
            let (Some(there), Some(wanted)) = (there, wanted) else { continue };
            let wanted: BTreeMap<String, &str> = labels_as_variables(wanted).into_iter().collect();
            for (variable, before) in labels_as_variables(there) {
                if let Some(after) = wanted.get(&variable).filter(|after| **after != before) {
                    let values = [before.to_owned(), (*after).to_owned()];
                    changed.insert((variable, values));
                }
            }
        }
        for change in changed {
            *self.changed.entry(change).or_default() += 1;
        }
    }

    /// A sentence for each that may belong to the place. What the set says of one object alone in
    /// an annotation does not.
    pub(super) fn sentences(self) -> impl Iterator<Item = String> {
        let may_be = |((variable, _), objects): &((String, _), usize)| match Variable::of(variable)
        {
            Variable::Label(name) => is_likely_of_the_place(name),
            Variable::Annotation(name) => *objects > 1 && is_likely_of_the_place(name),
            Variable::Environment(_) => false,
        };
        let changed = self.changed.into_iter().filter(may_be).map(|((variable, [before, after]), objects)| {
            let objects = if objects == 1 { "1 object".into() } else { format!("{objects} objects") };
            format!(
                "{} changes from {} to {} on {objects}: where it belongs to the place, name it in a \
                 variable set as {variable}, and it stays",
                in_words(&variable),
                excerpt(&before),
                excerpt(&after),
            )
        });
        let created = self.not_chosen.into_iter().map(|(variable, objects)| {
            let objects =
                if objects == 1 { "1 object is".into() } else { format!("{objects} objects are") };
            format!(
                "{objects} created without the {}: it belongs to the place, and no value of {variable} is chosen",
                in_words(&variable)
            )
        });
        changed.chain(created)
    }
}
