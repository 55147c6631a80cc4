//! Labels and annotations that a plan changes, though they may belong to the place.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{
    learn::excerpt,
    manifest::{Kind, in_words, labels_as_variables},
    variable::{Variable, is_likely_of_the_place},
};

/// Values that labels and annotations change from and to, with the number of objects.
#[derive(Default)]
pub(super) struct ChangedLabels(BTreeMap<(String, [String; 2]), usize>);

impl ChangedLabels {
    /// Notes what the write of one object changes.
    pub(super) fn add(&mut self, kind: Kind, there: &Value, wanted: &Value) {
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
            *self.0.entry(change).or_default() += 1;
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
        self.0.into_iter().filter(may_be).map(|((variable, [before, after]), objects)| {
            let objects = if objects == 1 { "1 object".into() } else { format!("{objects} objects") };
            format!(
                "{} changes from {} to {} on {objects}: where it belongs to the place, name it in a \
                 variable set as {variable}, and it stays",
                in_words(&variable),
                excerpt(&before),
                excerpt(&after),
            )
        })
    }
}
