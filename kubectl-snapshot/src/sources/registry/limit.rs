//! Limits of requests: what a registry that takes no more of them says of when it does again.
//!
//! The client for registries hands over no header of an answer, so that after a refusal one
//! request more asks for what it said: HEAD of a manifest, which registries do not count.

use std::{fmt, time::Duration};

use jiff::{Timestamp, fmt::rfc2822};
use oci_client::Reference;
use reqwest::{
    Client, StatusCode,
    header::{HeaderMap, RETRY_AFTER},
    redirect::Policy,
};

/// The longest that this one request may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// Time after which a registry is asked again that has said nothing against it.
const SOON: Duration = Duration::from_secs(1);
/// The longest time that is believed.
const LONGEST: u64 = 7 * 24 * 3600;

/// Words of a registry about the requests that it takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limit {
    /// Time after which it takes more, where it says one.
    pub again: Option<Duration>,
    /// Number of requests that are left, with the window that they are counted in.
    pub left: Option<(u64, Option<Duration>)>,
}

/// Asks the registry of an image what it has refused a request for.
pub(super) async fn ask(place: &Reference, plain: bool, token: Option<&str>) -> Limit {
    answer(place, plain, token).await.unwrap_or_default()
}

async fn answer(
    place: &Reference,
    plain: bool,
    token: Option<&str>,
) -> Result<Limit, reqwest::Error> {
    let client = Client::builder()
        .user_agent(concat!("kubectl-snapshot/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(PATIENCE)
        .timeout(PATIENCE)
        // Whatever it leads to is no word of the registry's.
        .redirect(Policy::none())
        .build()?;
    let scheme = if plain { "http" } else { "https" };
    let (host, repository) = (place.resolve_registry(), place.repository());
    let name = place.digest().or(place.tag()).unwrap_or("latest");
    let mut request = client.head(format!("{scheme}://{host}/v2/{repository}/manifests/{name}"));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let answer = request.send().await?;
    Ok(read(answer.status(), answer.headers(), Timestamp::now()))
}

/// The words of an answer.
fn read(status: StatusCode, headers: &HeaderMap, now: Timestamp) -> Limit {
    let text = |name: &str| headers.get(name)?.to_str().ok().map(str::trim);
    let left = text("ratelimit-remaining").and_then(left);
    let said = text(RETRY_AFTER.as_str()).and_then(|text| after(text, now));
    let refuses = matches!(status, StatusCode::TOO_MANY_REQUESTS | StatusCode::SERVICE_UNAVAILABLE);
    // This request may not have counted: where none is left, the next one would be refused again.
    let is_over = !refuses && !matches!(left, Some((0, _)));
    Limit { again: said.or(is_over.then_some(SOON)), left }
}

/// Seconds, or a date.
fn after(text: &str, now: Timestamp) -> Option<Duration> {
    let seconds = if let Ok(seconds) = text.parse::<u64>() {
        seconds
    } else {
        let date = rfc2822::parse(text).ok()?.timestamp();
        u64::try_from(date.as_second().saturating_sub(now.as_second())).unwrap_or(0)
    };
    (seconds <= LONGEST).then(|| Duration::from_secs(seconds))
}

/// `76;w=21600`: the requests that are left, and the seconds of the window.
fn left(text: &str) -> Option<(u64, Option<Duration>)> {
    let mut words = text.split(';').map(str::trim);
    let count = words.next()?.parse().ok()?;
    let window = words.find_map(|word| word.strip_prefix("w=")?.parse().ok());
    let window = window.filter(|seconds| *seconds <= LONGEST).map(Duration::from_secs);
    Some((count, window))
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some((count, window)) = self.left {
            write!(f, ", of which {count} are left")?;
            if let Some(window) = window {
                write!(f, " in {}", words(window))?;
            }
        }
        match self.again {
            Some(again) => write!(f, "; it says to ask again in {}", words(again)),
            None => Ok(()),
        }
    }
}

/// `90 s`, `20 min`, `6 h`; never less than it is.
fn words(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds.div_ceil(60)),
        _ => format!("{} h", seconds.div_ceil(3600)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(status: u16, headers: &[(&'static str, &str)]) -> Limit {
        let headers = headers.iter().map(|(name, value)| {
            (reqwest::header::HeaderName::from_static(name), value.parse().unwrap())
        });
        let now = "2024-01-15T10:00:00Z".parse().unwrap();
        read(StatusCode::from_u16(status).unwrap(), &headers.collect(), now)
    }

    #[test]
    fn seconds_and_dates_are_read() {
        let again = |text: &str| limit(429, &[("retry-after", text)]).again;
        assert_eq!(again("7"), Some(Duration::from_secs(7)));
        assert_eq!(again("Mon, 15 Jan 2024 10:01:30 GMT"), Some(Duration::from_secs(90)));
        assert_eq!(again("Mon, 15 Jan 2024 09:00:00 GMT"), Some(Duration::ZERO));
        for nonsense in ["", "soon", "-1", "99999999999"] {
            assert_eq!(again(nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn what_is_left_is_told_with_its_window() {
        let none = limit(200, &[("ratelimit-remaining", "0;w=21600")]);
        assert_eq!(none.again, None);
        assert_eq!(none.to_string(), ", of which 0 are left in 6 h");
        let some = limit(429, &[("ratelimit-remaining", "3"), ("retry-after", "3601")]);
        assert_eq!(some.to_string(), ", of which 3 are left; it says to ask again in 61 min");
        assert_eq!(limit(429, &[]), Limit::default());
        // By now it takes requests again.
        assert_eq!(limit(200, &[("ratelimit-remaining", "9;w=60")]).again, Some(SOON));
        assert_eq!(limit(401, &[]).again, Some(SOON));
    }
}
