//! Relation of two commits.

use crate::version::Order;

/// Relation of a commit to another one before it, in one history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relation {
    /// Order of the second relative to the first.
    pub order: Order,
    /// Number of commits that the second has and the first lacks, where they were counted.
    pub ahead: Option<usize>,
    /// Number of commits that the first has and the second lacks, where they were counted.
    pub behind: Option<usize>,
}

impl Relation {
    /// Relation with these counts.
    #[must_use]
    pub fn of(ahead: usize, behind: usize) -> Self {
        let order = match (ahead, behind) {
            (0, 0) => Order::Same,
            (_, 0) => Order::Newer,
            (0, _) => Order::Older,
            _ => Order::Diverged,
        };
        Self { order, ahead: Some(ahead), behind: Some(behind) }
    }
}

impl From<Order> for Relation {
    fn from(order: Order) -> Self {
        Self { order, ahead: None, behind: None }
    }
}
