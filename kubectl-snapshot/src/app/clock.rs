//! Clock: the current time, and ages in kubectl's words.

use jiff::Timestamp;
use snapshot_core::snapshot::Metadata;

use crate::policies::Captured;

/// A clock: the system's, or one that stands still.
#[derive(Clone, Copy, Debug)]
pub struct Clock(Option<Timestamp>);

impl Clock {
    /// The system's.
    #[must_use]
    pub fn system() -> Self {
        Self(None)
    }

    /// One that stands at `seconds` since 1970, for tests and replays.
    #[must_use]
    pub fn standing_at(seconds: u64) -> Self {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        Self(Some(Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX)))
    }

    /// Now, as documents write it: RFC 3339 in UTC, to the second.
    #[must_use]
    pub fn now(&self) -> String {
        let now = self.timestamp();
        Timestamp::from_second(now.as_second()).unwrap_or(now).to_string()
    }

    /// Seconds since 1970.
    #[must_use]
    pub fn unix_seconds(&self) -> u64 {
        u64::try_from(self.timestamp().as_second()).unwrap_or(0)
    }

    /// Reads a time as documents write it, in seconds since 1970.
    #[expect(clippy::unused_self, reason = "times are read where the time is told")]
    pub fn read(&self, text: &str) -> Option<u64> {
        u64::try_from(text.parse::<Timestamp>().ok()?.as_second()).ok()
    }

    /// A time as documents write it, from seconds since 1970.
    #[must_use]
    #[expect(clippy::unused_self, reason = "times are written where they are read")]
    pub fn written(&self, seconds: u64) -> String {
        let seconds = i64::try_from(seconds).unwrap_or(i64::MAX);
        Timestamp::from_second(seconds).unwrap_or(Timestamp::MAX).to_string()
    }

    /// Times at which sets were captured, as their documents tell them.
    #[must_use]
    pub fn captured(&self, candidate: &Metadata, running: Option<&Metadata>) -> Captured {
        let at = |metadata: &Metadata| self.read(metadata.created.as_deref()?);
        Captured { candidate: at(candidate), running: running.and_then(at) }
    }

    /// Age of `created` in the words of kubectl: `3m`, `2d4h`.
    #[must_use]
    pub fn age(&self, created: &str) -> String {
        match created.parse::<Timestamp>() {
            Ok(created) => age(self.timestamp().as_second() - created.as_second()),
            Err(_) => "<unknown>".to_owned(),
        }
    }

    fn timestamp(&self) -> Timestamp {
        self.0.unwrap_or_else(Timestamp::now)
    }
}

/// Age as `HumanDuration` of k8s.io/apimachinery has it: two units where the larger alone
/// would be too coarse.
fn age(seconds: i64) -> String {
    if seconds < -1 {
        return "<invalid>".to_owned();
    }
    let seconds = seconds.max(0);
    let (minutes, hours, days) = (seconds / 60, seconds / 3600, seconds / 86_400);
    let two = |large: i64, unit: char, small: i64, other: char| {
        if small == 0 { format!("{large}{unit}") } else { format!("{large}{unit}{small}{other}") }
    };
    match () {
        () if seconds < 120 => format!("{seconds}s"),
        () if minutes < 10 => two(minutes, 'm', seconds % 60, 's'),
        () if minutes < 180 => format!("{minutes}m"),
        () if hours < 8 => two(hours, 'h', minutes % 60, 'm'),
        () if hours < 48 => format!("{hours}h"),
        () if hours < 192 => two(days, 'd', hours % 24, 'h'),
        () if days < 730 => format!("{days}d"),
        () if days < 2_920 => two(days / 365, 'y', days % 365, 'd'),
        () => format!("{}y", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_kubectls() {
        const MINUTE: i64 = 60;
        const HOUR: i64 = 60 * MINUTE;
        const DAY: i64 = 24 * HOUR;
        for (seconds, text) in [
            (-2, "<invalid>"),
            (-1, "0s"),
            (0, "0s"),
            (119, "119s"),
            (2 * MINUTE, "2m"),
            (3 * MINUTE + 5, "3m5s"),
            (10 * MINUTE + 5, "10m"),
            (179 * MINUTE, "179m"),
            (3 * HOUR, "3h"),
            (3 * HOUR + 20 * MINUTE, "3h20m"),
            (47 * HOUR, "47h"),
            (2 * DAY + 4 * HOUR, "2d4h"),
            (7 * DAY + 23 * HOUR, "7d23h"),
            (8 * DAY + 4 * HOUR, "8d"),
            (729 * DAY, "729d"),
            (730 * DAY, "2y"),
            (731 * DAY, "2y1d"),
            (8 * 365 * DAY, "8y"),
        ] {
            assert_eq!(age(seconds), text, "{seconds}");
        }
    }

    #[test]
    fn time_is_written_in_utc_to_the_second() {
        let clock = Clock::standing_at(1_705_314_600);
        assert_eq!(clock.now(), "2024-01-15T10:30:00Z");
        assert_eq!(clock.unix_seconds(), 1_705_314_600);
        assert_eq!(clock.age("2024-01-13T06:30:00Z"), "2d4h");
        assert_eq!(clock.age("2024-01-15T11:29:00+01:00"), "60s");
        assert_eq!(clock.age("yesterday"), "<unknown>");
        assert!(
            Clock::system().unix_seconds() > 1_705_314_600 && !Clock::system().now().contains('.')
        );
    }
}
