//! Links from commits to their parents.

/// The parents of each commit, one list behind the other.
#[derive(Clone, Debug, Default)]
pub(super) struct Links {
    ends: Vec<u32>,
    parents: Vec<u32>,
}

impl Links {
    pub(super) fn push(&mut self, parents: impl IntoIterator<Item = u32>) {
        self.parents.extend(parents);
        self.ends.push(u32::try_from(self.parents.len()).expect("fewer than 2^32 parents"));
    }

    pub(super) fn of(&self, number: u32) -> &[u32] {
        let number = number as usize;
        let start = number.checked_sub(1).map_or(0, |before| self.ends[before] as usize);
        &self.parents[start..self.ends[number] as usize]
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }
}
