//! Wishes to switch flags where they live, and the look at what services are told then.

use std::{error::Error, time::Duration};

use snapshot_core::{flag::Flag, flags::serve_alike};
use tokio::time::{Instant, sleep};

use super::{FlagSystemError, connection::Connection, error::Problem};

/// Time between two looks at what services are told.
const AGAIN: Duration = Duration::from_millis(300);

/// A wish to switch one flag.
#[derive(Clone, Copy, Debug)]
pub struct Wish<'a> {
    /// The flag's key.
    pub key: &'a str,
    /// The flag as it was seen, where it must be so still.
    pub seen: Option<&'a Flag>,
    /// The origin of the flag, which names its project.
    pub source: &'a str,
    /// `on`, `off`, or the name of a variant.
    pub to: &'a str,
    /// True where everything is looked at, and nothing is done.
    pub is_trial: bool,
    /// The longest time until services are told.
    pub patience: Duration,
}

impl Wish<'_> {
    /// On or off, where that is asked for.
    pub(super) fn is_on(&self) -> Option<bool> {
        match self.to {
            "on" | "true" => Some(true),
            "off" | "false" => Some(false),
            _ => None,
        }
    }
}

/// A flag that was switched.
#[derive(Clone, Debug, Default)]
pub struct Switched {
    /// Sentences about what happened beside it.
    pub notes: Vec<String>,
    /// True if services are told the new state; else that was not seen in time.
    pub is_served: bool,
}

/// Looks until something is so, or the time is over.
pub(super) async fn until(
    patience: Duration,
    mut look: impl AsyncFnMut() -> Result<bool, FlagSystemError>,
) -> Result<bool, FlagSystemError> {
    let begun = Instant::now();
    loop {
        let is_so = look().await.map_err(FlagSystemError::after_the_switch)?;
        if is_so {
            return Ok(true);
        }
        if begun.elapsed() >= patience {
            return Ok(false);
        }
        sleep(AGAIN).await;
    }
}

/// The refusal of a value that a flag cannot have.
pub(super) fn no_such_value(connection: &Connection<'_>, wish: Wish<'_>) -> FlagSystemError {
    let text = format!("flag {} cannot be {}: it has no such variant", wish.key, wish.to);
    connection.error(Problem::Unswitchable(text))
}

/// Says that a flag is not as it was seen.
pub(super) fn refuse_moved(
    connection: &Connection<'_>,
    wish: Wish<'_>,
    now: Option<&Flag>,
) -> Result<(), FlagSystemError> {
    let is_as_seen = match (wish.seen, now) {
        (None, _) => true,
        (Some(seen), Some(now)) => serve_alike(seen, now),
        (Some(_), None) => false,
    };
    if is_as_seen {
        return Ok(());
    }
    let text = format!("flag {} is not as it was when the plan was made", wish.key);
    Err(connection.error(Problem::Moved(text)))
}

/// True where a switch may have been made though there was an error: its answer got lost.
#[must_use]
pub fn may_be_done(error: Option<&(dyn Error + 'static)>) -> bool {
    let error = error.and_then(|error| error.downcast_ref::<FlagSystemError>());
    error.is_some_and(|error| {
        matches!(
            error.problem,
            Problem::Unseen(_)
                | Problem::TimedOut
                | Problem::Unreachable { .. }
                | Problem::Refused { status: 500.., .. }
        )
    })
}
