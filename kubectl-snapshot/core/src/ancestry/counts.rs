//! Counts: how many commits only one of two has, for thousands of pairs at once.

use super::links::Links;

/// Bits of a word.
const WORD: usize = u64::BITS as usize;

/// The numbers of commits that only the first and that only the second of each pair has in its
/// history.
///
/// Each commit gets a set of the commits that it contains: the union of its parents' sets, and
/// itself. Where the memory does not hold the sets of all, the commits are taken in groups.
pub(super) fn between(links: &Links, pairs: &[(u32, u32)], memory: usize) -> Vec<[usize; 2]> {
    let mut counts = vec![[0, 0]; pairs.len()];
    let Some(rows) = pairs.iter().map(|(first, second)| *first.max(second) as usize + 1).max()
    else {
        return counts;
    };
    let words = (memory / (WORD / 8) / rows).clamp(1, rows.div_ceil(WORD));
    for base in (0..rows).step_by(words * WORD) {
        let sets = Sets::of(links, base, words.min((rows - base).div_ceil(WORD)), rows);
        for ((first, second), [only_first, only_second]) in pairs.iter().zip(&mut counts) {
            let words = sets.row(*first as usize).iter().zip(sets.row(*second as usize));
            for (first, second) in words {
                *only_first += (first & !second).count_ones() as usize;
                *only_second += (second & !first).count_ones() as usize;
            }
        }
    }
    counts
}

/// The cost of the sets of so many commits, in steps of a walk that marks commits.
pub(super) fn cost(commits: usize) -> usize {
    // A half of the square is there, a word holds 64 of it, and four words are a step.
    commits.saturating_mul(commits) / 2 / WORD / 4
}

/// The sets of all commits up to some number, of a group of commits.
struct Sets {
    base: usize,
    words: usize,
    bits: Vec<u64>,
    nothing: Vec<u64>,
}

impl Sets {
    fn of(links: &Links, base: usize, words: usize, rows: usize) -> Self {
        let mut bits = vec![0_u64; (rows - base) * words];
        for at in 0..rows - base {
            let (below, from_here) = bits.split_at_mut(at * words);
            let own = &mut from_here[..words];
            let number = u32::try_from(base + at).expect("fewer than 2^32 commits");
            for parent in links.of(number) {
                let Some(parent) = (*parent as usize).checked_sub(base) else { continue };
                let start = parent * words;
                for (own, inherited) in own.iter_mut().zip(&below[start..start + words]) {
                    *own |= inherited;
                }
            }
            if at < words * WORD {
                own[at / WORD] |= 1 << (at % WORD);
            }
        }
        Self { base, words, bits, nothing: vec![0; words] }
    }

    /// The set of a commit; one below the group contains nothing of it.
    fn row(&self, number: usize) -> &[u64] {
        match number.checked_sub(self.base) {
            Some(at) => &self.bits[at * self.words..(at + 1) * self.words],
            None => &self.nothing,
        }
    }
}
