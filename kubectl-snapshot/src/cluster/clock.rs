//! The server's time: two computers' clocks never agree. A Lease that is judged
//! by the wrong one is taken from a holder who is alive, and an object is taken
//! for older than it is.

use std::time::{Duration, Instant};

use k8s_openapi::jiff::{SignedDuration, Timestamp};
use serde::Deserialize;

use super::Cluster;

/// A clock set by the API server's.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock {
    set: Instant,
    to: Timestamp,
}

impl Clock {
    /// Sets a clock by the server's answer to a question that everybody may ask.
    ///
    /// A server that does not know the question leaves this computer's time.
    pub(super) async fn of(cluster: &Cluster) -> Self {
        let path = "/apis/authentication.k8s.io/v1/selfsubjectreviews";
        let body = r#"{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}"#;
        let answer = cluster.ask(path, body).await.ok();
        let review = answer.and_then(|text| serde_json::from_str::<Review>(&text).ok());
        Self {
            set: Instant::now(),
            to: review.map_or_else(Timestamp::now, |review| review.metadata.creation_timestamp),
        }
    }

    /// Current time of the server's clock, right to a second, and written to a microsecond
    /// as a Lease keeps it.
    pub(super) fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.set.elapsed()).unwrap_or_default();
        let now = self.to.checked_add(passed).unwrap_or(self.to);
        Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
    }
}

impl Cluster {
    /// The moment that long ago by the server's clock, as the server writes when
    /// it has created something: RFC 3339 in UTC, to the second. Such texts sort
    /// as the moments do.
    pub async fn moment_before(&self, ago: Duration) -> String {
        let now = Clock::of(self).await.now();
        let ago = SignedDuration::try_from(ago).unwrap_or(SignedDuration::MAX);
        let moment = now.checked_sub(ago).unwrap_or(Timestamp::UNIX_EPOCH);
        // Nothing in a cluster is older than that.
        let seconds = moment.as_second().max(0);
        Timestamp::from_second(seconds).unwrap_or(Timestamp::UNIX_EPOCH).to_string()
    }
}

#[derive(Deserialize)]
struct Review {
    metadata: Metadata,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Metadata {
    creation_timestamp: Timestamp,
}
