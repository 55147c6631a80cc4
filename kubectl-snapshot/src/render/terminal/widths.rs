//! How many columns of the terminal each column of a table gets.

use crate::render::page::{Column, Fit};

/// Narrower than this a shortened text says nothing any more.
const NARROWEST: usize = 10;

/// The width of each column, or none for one that is left out.
///
/// `natural` are the widths that the contents ask for, and `available` is what
/// there is for all of them, the gaps of `gap` between them included. Columns
/// that may be shortened give way first, the widest of them most; then spare
/// columns are left out, the last one first; in the end all give way.
pub(super) fn share(
    columns: &[Column],
    natural: &[usize],
    gap: usize,
    available: Option<usize>,
) -> Vec<Option<usize>> {
    let mut shown: Vec<Option<usize>> = natural.iter().map(|width| Some(*width)).collect();
    let Some(available) = available else { return shown };
    loop {
        let widths = natural.iter().zip(&shown).map(|(width, shown)| shown.and(Some(*width)));
        let mut widths: Vec<Option<usize>> = widths.collect();
        let gaps = widths.iter().flatten().count().saturating_sub(1) * gap;
        let room = available.saturating_sub(gaps);
        let fits = |widths: &[Option<usize>]| widths.iter().flatten().sum::<usize>() <= room;
        level(&mut widths, room, NARROWEST, |at| columns[at].fit != Fit::Whole);
        if fits(&widths) {
            return widths;
        }
        let spare = (0..columns.len()).rev().find(|at| columns[*at].spare && shown[*at].is_some());
        let Some(spare) = spare else {
            level(&mut widths, room, 1, |_| true);
            return widths;
        };
        shown[spare] = None;
    }
}

/// Lowers the widest of the columns that `may_give_way`, until all fit into
/// `room` or none is wider than `narrowest`.
fn level(
    widths: &mut [Option<usize>],
    room: usize,
    narrowest: usize,
    may_give_way: impl Fn(usize) -> bool,
) {
    let firm: usize = widths
        .iter()
        .enumerate()
        .filter(|(at, _)| !may_give_way(*at))
        .filter_map(|(_, width)| *width)
        .sum();
    let mut giving: Vec<usize> = widths
        .iter()
        .enumerate()
        .filter(|(at, _)| may_give_way(*at))
        .filter_map(|(_, width)| *width)
        .collect();
    giving.sort_unstable();
    let mut left = room.saturating_sub(firm);
    let mut highest = usize::MAX;
    for (position, width) in giving.iter().enumerate() {
        let share = left / (giving.len() - position);
        if *width > share {
            highest = share.max(narrowest);
            break;
        }
        left -= width;
    }
    for (at, width) in widths.iter_mut().enumerate() {
        if may_give_way(at) {
            *width = width.map(|width| width.min(highest));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Column = Column::new("NAME", Fit::Whole);
    const SOURCE: Column = Column::new("SOURCE", Fit::Middle).spare();
    const MESSAGE: Column = Column::new("MESSAGE", Fit::End).spare();

    fn shares(natural: [usize; 3], available: usize) -> Vec<usize> {
        let widths = share(&[NAME, SOURCE, MESSAGE], &natural, 2, Some(available));
        widths.into_iter().map(Option::unwrap_or_default).collect()
    }

    #[test]
    fn the_widest_gives_way_first() {
        assert_eq!(shares([20, 18, 40], 82), [20, 18, 40]);
        assert_eq!(shares([20, 18, 40], 72), [20, 18, 30]);
        assert_eq!(shares([20, 30, 40], 64), [20, 20, 20]);
    }

    #[test]
    fn a_spare_column_goes_before_a_name_is_cut() {
        assert_eq!(shares([60, 30, 40], 80), [60, 18, 0]);
        assert_eq!(shares([63, 30, 40], 70), [63, 0, 0]);
    }

    #[test]
    fn in_the_end_all_give_way() {
        assert_eq!(shares([63, 30, 40], 20), [20, 0, 0]);
        assert_eq!(share(&[NAME, NAME], &[30, 50], 2, Some(42)), [Some(20), Some(20)]);
        assert_eq!(share(&[NAME, NAME], &[30, 50], 2, None), [Some(30), Some(50)]);
    }
}
