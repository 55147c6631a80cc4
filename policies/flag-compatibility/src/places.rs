//! Index of a list's items by name.

use std::collections::BTreeMap;

/// The positions in a list, by name. One type for all uses, for each of its own
/// would be five more kilobytes of component.
#[derive(Debug, Default)]
pub(crate) struct Places(BTreeMap<String, Vec<usize>>);

impl Places {
    /// Each item goes by all the names that `names` gives it.
    pub(crate) fn of<T, N: IntoIterator<Item = String>>(
        items: &[T],
        names: impl Fn(&T) -> N,
    ) -> Self {
        let mut places = Self::default();
        for (place, item) in items.iter().enumerate() {
            for name in names(item) {
                places.0.entry(name).or_default().push(place);
            }
        }
        places
    }

    /// The positions of what goes by `name`.
    pub(crate) fn get(&self, name: &str) -> &[usize] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// Name after name.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Vec<usize>> {
        self.0.values()
    }
}
