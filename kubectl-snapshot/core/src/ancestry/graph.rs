//! The graph of commits and their parents.

use std::{cmp::Ordering, collections::HashMap, hash::Hash, ops::Range};

use super::{Relation, counts, links::Links, reach};
use crate::version::Order;

/// A history: commits by their ids, numbered so that parents come before their children.
///
/// Times have no part in it: clocks are set wrong, and commits are rewritten.
#[derive(Clone, Debug, Default)]
pub struct Graph<I> {
    numbers: HashMap<I, u32>,
    ids: Vec<I>,
    links: Links,
}

/// The commits that only one of two has in its history, the newest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Between<I> {
    /// Commits that the second has and the first lacks.
    pub ahead: Vec<I>,
    /// Commits that the first has and the second lacks.
    pub behind: Vec<I>,
}

impl<I: Copy + Eq + Hash> Graph<I> {
    /// The graph of commits with their parents, in any order.
    ///
    /// # Errors
    /// The id of a parent that is not among the commits.
    ///
    /// # Panics
    /// On more than four thousand million commits.
    pub fn of(commits: &[(I, Vec<I>)]) -> Result<Self, I> {
        let number = |position: usize| u32::try_from(position).expect("fewer than 2^32 commits");
        let found: HashMap<I, u32> =
            commits.iter().enumerate().map(|(at, (id, _))| (*id, number(at))).collect();
        let mut links = Links::default();
        for (_, parents) in commits {
            let known: Result<Vec<u32>, I> =
                parents.iter().map(|id| found.get(id).copied().ok_or(*id)).collect();
            links.push(known?);
        }
        let order = parents_first(&links);
        let mut renumbered = vec![0; order.len()];
        for (at, old) in order.iter().enumerate() {
            renumbered[*old as usize] = number(at);
        }
        let mut sorted = Links::default();
        for old in &order {
            sorted.push(links.of(*old).iter().map(|parent| renumbered[*parent as usize]));
        }
        let ids = order.iter().map(|old| commits[*old as usize].0).collect();
        let numbers = found.into_iter().map(|(id, old)| (id, renumbered[old as usize])).collect();
        Ok(Self { numbers, ids, links: sorted })
    }

    /// The order of the second of each pair relative to the first.
    ///
    /// All are answered in one pass over the history.
    ///
    /// # Panics
    /// Where a commit is not in the history.
    #[must_use]
    pub fn orders(&self, pairs: &[(I, I)]) -> Vec<Order> {
        let numbers: Vec<(u32, u32)> = pairs
            .iter()
            .map(|(first, second)| (self.numbers[first], self.numbers[second]))
            .collect();
        // Only the one with the higher number can have the other in its history.
        let upwards: Vec<(u32, u32)> = numbers
            .iter()
            .map(|(first, second)| (*first.min(second), *first.max(second)))
            .collect();
        let contained = reach::contained(&self.links, &upwards, reach::MEMORY);
        let order = |((first, second), contained): (&(u32, u32), bool)| {
            if !contained {
                return Order::Diverged;
            }
            match second.cmp(first) {
                Ordering::Equal => Order::Same,
                Ordering::Greater => Order::Newer,
                Ordering::Less => Order::Older,
            }
        };
        numbers.iter().zip(contained).map(order).collect()
    }

    /// Place of a commit among all, parents before children; none where it is not in the history.
    #[must_use]
    pub fn rank(&self, commit: I) -> Option<u32> {
        self.numbers.get(&commit).copied()
    }

    /// The relation of the second of each pair to the first.
    ///
    /// Few, or near ones, are walked between; where that would take longer than one pass over the
    /// history for all of them, it is this pass.
    ///
    /// # Panics
    /// Where a commit is not in the history.
    #[must_use]
    pub fn relations(&self, pairs: &[(I, I)]) -> Vec<Relation> {
        self.relations_within(pairs, counts::cost(self.links.len()), reach::MEMORY)
    }

    /// The relations, with so many steps of walks before the pass, which takes so many bytes.
    fn relations_within(&self, pairs: &[(I, I)], steps: usize, memory: usize) -> Vec<Relation> {
        let numbers: Vec<(u32, u32)> = pairs
            .iter()
            .map(|(first, second)| (self.numbers[first], self.numbers[second]))
            .collect();
        // Of one repository many services run the same commits.
        let mut distinct = numbers.clone();
        distinct.sort_unstable();
        distinct.dedup();
        let mut scratch = Scratch::default();
        let mut found: Vec<[usize; 2]> = Vec::with_capacity(distinct.len());
        for (first, second) in &distinct {
            if scratch.steps > steps {
                break;
            }
            let mut sides = [0, 0];
            self.one_sided(*first, *second, &mut scratch, |side, _| sides[side] += 1);
            found.push(sides);
        }
        found.extend(counts::between(&self.links, &distinct[found.len()..], memory));
        let relation = |pair: &(u32, u32)| {
            let [behind, ahead] = found[distinct.binary_search(pair).expect("each pair is there")];
            Relation::of(ahead, behind)
        };
        numbers.iter().map(relation).collect()
    }

    /// The commits that only one of two has.
    ///
    /// # Panics
    /// Where a commit is not in the history.
    #[must_use]
    pub fn between(&self, first: I, second: I) -> Between<I> {
        let mut between = Between { ahead: Vec::new(), behind: Vec::new() };
        let (first, second) = (self.numbers[&first], self.numbers[&second]);
        self.one_sided(first, second, &mut Scratch::default(), |side, number| {
            let ids = if side == 0 { &mut between.behind } else { &mut between.ahead };
            ids.push(self.ids[number as usize]);
        });
        between
    }

    /// Hands over each commit that only one of two has, with its side, children before parents.
    fn one_sided(
        &self,
        first: u32,
        second: u32,
        scratch: &mut Scratch,
        mut found: impl FnMut(usize, u32),
    ) {
        const BOTH: u8 = 3;
        let marks = &mut scratch.marks;
        marks.resize(self.links.len(), 0);
        marks[first as usize] |= 1;
        marks[second as usize] |= 2;
        // What both have ends the walk: all below it they have as well.
        let mut open = if first == second { 0 } else { 2 };
        let top = first.max(second);
        let mut lowest = first.min(second);
        for number in (0..=top).rev() {
            if open == 0 {
                break;
            }
            let mark = marks[number as usize];
            if mark == 0 {
                continue;
            }
            if mark != BOTH {
                open -= 1;
                found(usize::from(mark - 1), number);
            }
            for parent in self.links.of(number) {
                let there = &mut marks[*parent as usize];
                lowest = lowest.min(*parent);
                let before = *there;
                *there |= mark;
                match (before, *there) {
                    (0, 1 | 2) => open += 1,
                    (1 | 2, BOTH) => open -= 1,
                    _ => {}
                }
            }
        }
        marks[lowest as usize..=top as usize].fill(0);
        scratch.steps += (top - lowest) as usize + 1;
    }
}

/// Memory that one comparison leaves to the next.
#[derive(Debug, Default)]
struct Scratch {
    marks: Vec<u8>,
    /// Number of commits that were passed.
    steps: usize,
}

/// The numbers of all commits, each behind its parents. Histories are deeper than the stack.
fn parents_first(links: &Links) -> Vec<u32> {
    let all: Range<u32> = 0..u32::try_from(links.len()).expect("fewer than 2^32 commits");
    let mut order = Vec::with_capacity(links.len());
    let mut begun = vec![false; links.len()];
    let mut path: Vec<(u32, usize)> = Vec::new();
    for start in all {
        if !std::mem::replace(&mut begun[start as usize], true) {
            path.push((start, 0));
        }
        while let Some((number, next)) = path.last_mut() {
            let Some(parent) = links.of(*number).get(*next) else {
                order.push(*number);
                path.pop();
                continue;
            };
            *next += 1;
            if !std::mem::replace(&mut begun[*parent as usize], true) {
                path.push((*parent, 0));
            }
        }
    }
    order
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    /// A history in which each commit has some of those before it as parents.
    fn histories() -> impl Strategy<Value = Vec<(u32, Vec<u32>)>> {
        prop::collection::vec(prop::collection::btree_set(0..6_u32, 0..3), 1..24).prop_map(
            |steps| {
                let commit = |(at, back): (usize, BTreeSet<u32>)| {
                    let at = u32::try_from(at).unwrap();
                    (at, back.into_iter().filter_map(|back| at.checked_sub(back + 1)).collect())
                };
                steps.into_iter().enumerate().map(commit).collect()
            },
        )
    }

    /// Commits in the history of one, found the slow way.
    fn reachable(commits: &[(u32, Vec<u32>)], from: u32) -> BTreeSet<u32> {
        let mut found = BTreeSet::from([from]);
        for parent in &commits[from as usize].1 {
            found.extend(reachable(commits, *parent));
        }
        found
    }

    fn graph(commits: &[(u32, Vec<u32>)]) -> Graph<u32> {
        Graph::of(commits).unwrap()
    }

    fn order(graph: &Graph<u32>, first: u32, second: u32) -> Order {
        graph.relations(&[(first, second)])[0].order
    }

    #[test]
    fn criss_cross_merges_have_diverged() {
        //   0 ─ 1 ─ 3 ─ 5
        //    ╲ 2 ─╳ 4 ─ 6
        let commits = [
            (0, vec![]),
            (1, vec![0]),
            (2, vec![0]),
            (3, vec![1, 2]),
            (4, vec![2, 1]),
            (5, vec![3]),
            (6, vec![4]),
        ];
        let graph = graph(&commits);
        assert_eq!(order(&graph, 5, 6), Order::Diverged);
        assert_eq!(order(&graph, 1, 6), Order::Newer);
        assert_eq!(order(&graph, 6, 2), Order::Older);
        let between = graph.between(5, 6);
        assert_eq!((between.ahead, between.behind), (vec![6, 4], vec![5, 3]));
    }

    #[test]
    fn histories_without_a_shared_root_have_diverged() {
        let graph = graph(&[(0, vec![]), (1, vec![0]), (2, vec![]), (3, vec![2])]);
        assert_eq!(graph.relations(&[(1, 3)]), [Relation::of(2, 2)]);
    }

    #[test]
    fn a_missing_parent_is_an_error_and_no_root() {
        assert_eq!(Graph::of(&[(2, vec![1])]).unwrap_err(), 1);
    }

    #[test]
    fn a_history_may_be_deeper_than_the_stack() {
        let deep = 300_000_u32;
        let commits: Vec<(u32, Vec<u32>)> =
            (0..deep).map(|at: u32| (at, at.checked_sub(1).into_iter().collect())).rev().collect();
        let graph = Graph::of(&commits).unwrap();
        assert_eq!(graph.relations(&[(0, deep - 1)])[0].ahead, Some(deep as usize - 1));
        assert_eq!(graph.orders(&[(0, deep - 1), (deep - 1, 0)]), [Order::Newer, Order::Older]);
    }

    proptest! {
        #[test]
        fn all_ways_agree(commits in histories(), order_of_input: bool, memory in 1_usize..40) {
            let mut given = commits.clone();
            if order_of_input {
                given.reverse();
            }
            let graph = Graph::of(&given).unwrap();
            let count = u32::try_from(commits.len()).unwrap();
            let pairs: Vec<(u32, u32)> =
                (0..count).flat_map(|one| (0..count).map(move |other| (one, other))).collect();
            let numbers: Vec<(u32, u32)> =
                pairs.iter().map(|(one, other)| (graph.numbers[one], graph.numbers[other])).collect();
            let all = reach::contained(&graph.links, &numbers, reach::MEMORY);
            prop_assert_eq!(&all, &reach::contained(&graph.links, &numbers, memory));
            // By walks alone, by one pass alone, and by one after the other.
            let walked = graph.relations_within(&pairs, usize::MAX, reach::MEMORY);
            for (steps, memory) in [(0, reach::MEMORY), (0, memory), (40, reach::MEMORY)] {
                prop_assert_eq!(&walked, &graph.relations_within(&pairs, steps, memory));
            }
            for ((((one, other), order), contained), relation) in
                pairs.iter().zip(graph.orders(&pairs)).zip(all).zip(walked)
            {
                let (left, right) = (reachable(&commits, *one), reachable(&commits, *other));
                prop_assert_eq!(contained, right.contains(one));
                prop_assert_eq!(order, relation.order);
                let expected = Relation::of(right.difference(&left).count(), left.difference(&right).count());
                prop_assert_eq!(relation, expected);
                let between = graph.between(*one, *other);
                let ahead: BTreeSet<u32> = between.ahead.iter().copied().collect();
                prop_assert_eq!(&ahead, &right.difference(&left).copied().collect());
                for (at, id) in between.ahead.iter().enumerate() {
                    let behind = &between.ahead[at..];
                    prop_assert!(commits.iter().filter(|(_, parents)| parents.contains(id)).all(|(child, _)| !behind.contains(child)));
                }
            }
        }

        #[test]
        fn the_order_is_antisymmetric_and_transitive(commits in histories()) {
            let graph = graph(&commits);
            let count = u32::try_from(commits.len()).unwrap().min(8);
            for (one, two, three) in triples(count) {
                prop_assert_eq!(order(&graph, one, two), order(&graph, two, one).reversed());
                if order(&graph, one, two) == Order::Newer && order(&graph, two, three) == Order::Newer {
                    prop_assert_eq!(order(&graph, one, three), Order::Newer);
                }
            }
        }
    }

    fn triples(count: u32) -> impl Iterator<Item = (u32, u32, u32)> {
        (0..count).flat_map(move |one| {
            (0..count).flat_map(move |two| (0..count).map(move |three| (one, two, three)))
        })
    }
}
