//! Chains: mixes that grow from what is known to belong to the culprit up to one that is red.

use super::{Mix, Needs};

/// A chain of mixes that can be tried, each with more units than the one before.
#[derive(Debug, Default)]
pub(super) struct Chain {
    pub(super) cuts: Vec<Cut>,
    /// Units that no cut has: every mix with them is refused, so that nobody can tell.
    pub(super) above: Vec<usize>,
}

/// One mix of a chain.
#[derive(Clone, Debug)]
pub(super) struct Cut {
    /// Number of units of the order that it has.
    pub(super) end: usize,
    pub(super) mix: Mix,
    /// Units that it has and the cut before has not, the core left aside.
    pub(super) block: Vec<usize>,
}

impl Chain {
    /// The chain over units in their order, with a core in each of its mixes. Those that cannot be
    /// tried are left out, save the last where it is known to be red.
    pub(super) fn new(
        order: &[usize],
        core: &Mix,
        needs: &Needs,
        blocked: &[Mix],
        last_is_known: bool,
    ) -> Self {
        let mut chain = Self::default();
        let mut mix = needs.with_needs(core);
        let last = mix.clone().with(order.iter().copied());
        for end in 0..=order.len() {
            if let Some(unit) = end.checked_sub(1).map(|place| order[place]) {
                if mix.has(unit) {
                    continue;
                }
                mix = mix.with([unit]);
                chain.above.push(unit);
            }
            if !blocked.contains(&mix) || (last_is_known && mix == last) {
                let block = std::mem::take(&mut chain.above);
                chain.cuts.push(Cut { end, mix: mix.clone(), block });
            }
        }
        chain
    }
}
