//! Widths of a table's columns on a terminal.

use crate::render::page::{Column, Fit};

/// The width of each column, or none for one that is left out.
///
/// `natural` are the widths that the contents ask for, and `available` is what
/// there is for all of them, the gaps of `gap` between them included. Spare
/// columns give way first, then all that may be shortened, the widest of them
/// most; then droppable columns are left out, the last one first; in the end all give way.
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
        let least = |at: usize| match columns[at].fit {
            Fit::Whole => usize::MAX,
            _ => columns[at].min_width,
        };
        let mut lowered = widths.clone();
        level(&mut lowered, room, |at| if columns[at].droppable { least(at) } else { usize::MAX });
        if fits(&lowered) {
            return lowered;
        }
        level(&mut widths, room, least);
        if fits(&widths) {
            return widths;
        }
        let droppable =
            (0..columns.len()).rev().find(|at| columns[*at].droppable && shown[*at].is_some());
        let Some(droppable) = droppable else {
            level(&mut widths, room, |_| 1);
            return widths;
        };
        shown[droppable] = None;
    }
}

/// True if all columns have room where none but the droppable ones give way.
pub(super) fn fit(
    columns: &[Column],
    natural: &[usize],
    gap: usize,
    available: Option<usize>,
) -> bool {
    let needed = |(column, width): (&Column, &usize)| {
        if column.droppable && column.fit != Fit::Whole {
            *width.min(&column.min_width)
        } else {
            *width
        }
    };
    let taken = columns.iter().zip(natural).map(needed).sum::<usize>();
    let gaps = natural.len().saturating_sub(1) * gap;
    available.is_none_or(|available| taken + gaps <= available)
}

/// Lowers the widest of the columns, none of them further than to its `least`,
/// until all fit into `room` or nothing is left to lower.
fn level(widths: &mut [Option<usize>], room: usize, least: impl Fn(usize) -> usize) {
    let lowered = |to: usize| {
        let one = |(at, width): (usize, &Option<usize>)| width.map(|it| it.min(least(at).max(to)));
        widths.iter().enumerate().map(one).collect::<Vec<_>>()
    };
    let fits = |to: &usize| lowered(*to).iter().flatten().sum::<usize>() <= room;
    // No column can be wider than all the room there is.
    let levels: Vec<usize> = (1..=room).collect();
    let to = levels.partition_point(fits).max(1);
    let lowered = lowered(to);
    widths.copy_from_slice(&lowered);
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAME: Column = Column::new("NAME", Fit::Whole);
    const SOURCE: Column = Column::new("SOURCE", Fit::Middle).droppable();
    const MESSAGE: Column = Column::new("MESSAGE", Fit::End).droppable();

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
    fn a_spare_column_goes_before_what_the_table_is_read_for_is_cut() {
        let columns = [
            Column::new("SERVICE", Fit::Middle).min_width(30),
            NAME,
            Column { min_width: 20, ..SOURCE },
        ];
        let shares = |available| share(&columns, &[60, 12, 80], 2, Some(available));
        assert_eq!(shares(120), [Some(60), Some(12), Some(44)]);
        assert_eq!(shares(70), [Some(30), Some(12), Some(24)]);
        assert_eq!(shares(64), [Some(50), Some(12), None]);
    }

    #[test]
    fn in_the_end_all_give_way() {
        assert_eq!(shares([63, 30, 40], 20), [20, 0, 0]);
        assert_eq!(share(&[NAME, NAME], &[30, 50], 2, Some(42)), [Some(20), Some(20)]);
        assert_eq!(share(&[NAME, NAME], &[30, 50], 2, None), [Some(30), Some(50)]);
    }
}
