//! The wait for a set that a place's own deployer brings.

/// The end of the wait in one namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Awaited {
    /// The set was seen to run there.
    Arrived,
    /// The time was over before.
    NotInTime,
    /// Stop: nobody waited to the end.
    Stopped,
}
