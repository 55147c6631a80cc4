//! Routes of an assembly: as they are while their controllers have nothing to do.

use std::collections::BTreeMap;

use crate::{
    manifest::{Kind, Manifest},
    routes::Steerings,
};

/// Number of names that the sentence has at most.
const NAMED: usize = 8;

/// The routes that belong to the set, and a sentence about what of them belongs to controllers.
pub(super) fn at_rest(
    routes: BTreeMap<(Kind, String), Manifest>,
    steerings: &Steerings,
) -> (Vec<Manifest>, Option<String>) {
    let (mut kept, mut left_out) = (Vec::new(), Vec::new());
    for ((kind, name), manifest) in routes {
        let Some(steered) = steerings.get(&(kind, name.clone())) else {
            kept.push(manifest);
            continue;
        };
        left_out.push(format!("{}{kind} {name} (by {})", steered.part(), steered.by));
        if !steered.is_made() {
            let mut tree = manifest.tree();
            steered.rest(&mut tree);
            kept.push(Manifest::new(&tree));
        }
    }
    if left_out.is_empty() {
        return (kept, None);
    }
    let more = left_out.len().saturating_sub(NAMED);
    left_out.truncate(NAMED);
    if more > 0 {
        left_out.push(format!("{more} more"));
    }
    let sentence = format!("not in the set, for a controller steers them: {}", left_out.join(", "));
    (kept, Some(sentence))
}
