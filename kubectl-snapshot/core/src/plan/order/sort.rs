//! Sorting of objects into waves.

use std::collections::{BTreeMap, BTreeSet};

use super::edges::{After, Key};

/// The waves of objects, and those that need each other in a circle.
pub(super) fn sort(after: &After) -> (BTreeMap<Key, usize>, BTreeSet<Key>) {
    let (mut waves, mut circle) = (BTreeMap::new(), BTreeSet::new());
    let mut open: BTreeSet<&Key> = after.keys().collect();
    while !open.is_empty() {
        let needs = |key: &Key| after.get(key).into_iter().flatten();
        let is_ready = |key: &&&Key| needs(key).all(|need| !open.contains(need));
        let mut next: Vec<&Key> = open.iter().filter(is_ready).copied().collect();
        if next.is_empty() {
            next = in_circles(after, &open);
            circle.extend(next.iter().copied().cloned());
        }
        // Those that are open beside a circle's are the circle's own.
        let wave_after = |key: &Key| {
            let before = needs(key).filter(|need| !open.contains(need));
            before.map(|need| waves.get(need).copied().unwrap_or_default() + 1).max()
        };
        let of_each: Vec<usize> =
            next.iter().map(|key| wave_after(key).unwrap_or_default()).collect();
        let is_circle = next.iter().any(|key| circle.contains(*key));
        let last = of_each.iter().max().copied().unwrap_or_default();
        for (key, wave) in next.into_iter().zip(of_each) {
            open.remove(key);
            waves.insert(key.clone(), if is_circle { last } else { wave });
        }
    }
    (waves, circle)
}

/// Those of some objects, each of which needs another of them, that are needed by one of them as
/// well.
fn in_circles<'a>(after: &After, open: &BTreeSet<&'a Key>) -> Vec<&'a Key> {
    let mut left = open.clone();
    loop {
        let needed: BTreeSet<&Key> =
            left.iter().flat_map(|key| after.get(*key).into_iter().flatten()).collect();
        let before = left.len();
        left.retain(|key| needed.contains(*key));
        if left.len() == before || left.is_empty() {
            return left.into_iter().collect();
        }
    }
}
