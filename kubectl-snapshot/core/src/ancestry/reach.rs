//! Reach: which commits have which others in their history, for thousands of pairs at once.

use super::links::Links;

/// Memory for the sets of one pass, in bytes.
pub(super) const MEMORY: usize = 256 << 20;
/// Number of commits that are looked for in one pass, where the memory is not enough for all.
const GROUP: usize = 4096;
/// Bits of a word.
const WORD: usize = u64::BITS as usize;

/// True for each pair of which the second has the first in its history, or is it.
///
/// Each commit gets a set: the commits that are looked for and that it contains. It is the union
/// of its parents' sets, and itself.
pub(super) fn contained(links: &Links, pairs: &[(u32, u32)], memory: usize) -> Vec<bool> {
    // A parent has a lower number than its child: nothing else has to be looked up.
    let open = || pairs.iter().filter(|(first, second)| first < second);
    let mut answers: Vec<bool> = pairs.iter().map(|(first, second)| first == second).collect();
    let mut wanted: Vec<u32> = open().map(|(first, _)| *first).collect();
    wanted.sort_unstable();
    wanted.dedup();
    let (Some(lowest), Some(top)) = (wanted.first(), open().map(|(_, second)| *second).max())
    else {
        return answers;
    };
    let rows = (top - lowest + 1) as usize;
    let group = if wanted.len().div_ceil(WORD) * rows * (WORD / 8) <= memory {
        wanted.len()
    } else {
        (memory / (WORD / 8) / rows * WORD).clamp(WORD, GROUP)
    };
    for group in wanted.chunks(group) {
        let sets = Sets::of(links, group, top);
        for ((first, second), answer) in pairs.iter().zip(&mut answers) {
            if first < second
                && let Ok(bit) = group.binary_search(first)
            {
                *answer = sets.has(*second, bit);
            }
        }
    }
    answers
}

/// The sets of all commits from the lowest that is looked for up to a top.
struct Sets {
    base: u32,
    words: usize,
    bits: Vec<u64>,
}

impl Sets {
    fn of(links: &Links, wanted: &[u32], top: u32) -> Self {
        let base = wanted[0];
        let words = wanted.len().div_ceil(WORD);
        let mut bits = vec![0_u64; (top - base + 1) as usize * words];
        let mut next = wanted.iter().enumerate().peekable();
        for number in base..=top {
            let (below, from_here) = bits.split_at_mut((number - base) as usize * words);
            let own = &mut from_here[..words];
            for parent in links.of(number).iter().filter(|parent| **parent >= base) {
                let start = (parent - base) as usize * words;
                for (own, inherited) in own.iter_mut().zip(&below[start..start + words]) {
                    *own |= inherited;
                }
            }
            if let Some((bit, _)) = next.next_if(|(_, wanted)| **wanted == number) {
                own[bit / WORD] |= 1 << (bit % WORD);
            }
        }
        Self { base, words, bits }
    }

    fn has(&self, number: u32, bit: usize) -> bool {
        let row = (number - self.base) as usize * self.words;
        self.bits[row + bit / WORD] & (1 << (bit % WORD)) != 0
    }
}
