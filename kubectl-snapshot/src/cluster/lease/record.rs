//! The Lease object: who holds it, and until when.

use std::time::Duration;

use k8s_openapi::{
    api::coordination::v1::{Lease, LeaseSpec},
    apimachinery::pkg::apis::meta::v1::{MicroTime, ObjectMeta},
    jiff::{SignedDuration, Timestamp},
};

use super::Tenure;
use crate::cluster::{Cluster, ClusterError, Query};

/// The object's name, the same in every namespace.
const NAME: &str = "kubectl-snapshot";

/// Duration of a Lease without renewal, in seconds.
const SECONDS: i32 = 60;

/// The annotation that says what its holder brings to the namespace.
const BRINGS: &str = "kubectl-snapshot.dev/brings";

/// The Lease as it was read or written last.
#[derive(Clone, Debug)]
pub(super) struct Record(Lease);

/// The path of the namespace's Leases.
fn leases(cluster: &Cluster) -> String {
    format!("/apis/coordination.k8s.io/v1/namespaces/{}/leases", cluster.namespace())
}

/// The path of the namespace's Lease.
pub(super) fn path(cluster: &Cluster) -> String {
    format!("{}/{NAME}", leases(cluster))
}

impl Record {
    /// A Lease that nobody held before.
    pub(super) fn new(cluster: &Cluster, holder: &str, brings: &str, now: Timestamp) -> Self {
        let metadata = ObjectMeta {
            name: Some(NAME.to_owned()),
            namespace: Some(cluster.namespace().to_owned()),
            ..ObjectMeta::default()
        };
        let metadata = bringing(metadata, Some(brings));
        Self(Lease { metadata, spec: Some(held_by(holder, now, 0)) })
    }

    /// Reads the server's answer.
    pub(super) fn parse(cluster: &Cluster, text: &str) -> Result<Self, ClusterError> {
        serde_json::from_str(text)
            .map(Self)
            .map_err(|error| ClusterError::answer(path(cluster), error))
    }

    /// Tenure at `now`, of whoever holds it or has never given it back.
    pub(super) fn tenure(&self, now: Timestamp) -> Option<Tenure> {
        let holder = self.0.spec.as_ref()?.holder_identity.clone()?;
        if holder.is_empty() {
            return None;
        }
        let annotations = self.0.metadata.annotations.as_ref();
        let brings = annotations.and_then(|annotations| annotations.get(BRINGS)).cloned();
        Some(Tenure { holder, brings, expires_in: self.held(now).map(|(_, left)| left) })
    }

    /// Holder at `now`, and the time until the Lease expires without renewal.
    pub(super) fn held(&self, now: Timestamp) -> Option<(String, Duration)> {
        let spec = self.0.spec.as_ref()?;
        let holder = spec.holder_identity.as_ref().filter(|holder| !holder.is_empty())?;
        let seconds = spec.lease_duration_seconds.unwrap_or(SECONDS);
        let end = spec
            .renew_time
            .as_ref()?
            .0
            .checked_add(SignedDuration::from_secs(seconds.into()))
            .ok()?;
        let left = Duration::try_from(end.duration_since(now)).ok()?;
        (!left.is_zero()).then(|| (holder.clone(), left))
    }

    /// True if the Lease is still what `other` made of it, renewals aside.
    pub(super) fn has_holder_of(&self, other: &Self) -> bool {
        let tenure = |record: &Self| {
            let spec = record.0.spec.clone().unwrap_or_default();
            (spec.holder_identity, spec.acquire_time)
        };
        tenure(self) == tenure(other)
    }

    /// Lease taken over by another holder.
    pub(super) fn taken_over(&self, holder: &str, brings: &str, now: Timestamp) -> Self {
        let spec = self.0.spec.clone().unwrap_or_default();
        let transitions = spec.lease_transitions.unwrap_or_default().saturating_add(1);
        Self(Lease {
            metadata: bringing(self.0.metadata.clone(), Some(brings)),
            spec: Some(held_by(holder, now, transitions)),
        })
    }

    /// Lease with a new renewal time.
    pub(super) fn renewed(&self, now: Timestamp) -> Self {
        let spec = LeaseSpec {
            renew_time: Some(MicroTime(now)),
            ..self.0.spec.clone().unwrap_or_default()
        };
        Self(Lease { metadata: self.0.metadata.clone(), spec: Some(spec) })
    }

    /// Lease without a holder.
    pub(super) fn released(&self) -> Self {
        let spec = LeaseSpec {
            lease_transitions: self.0.spec.as_ref().and_then(|spec| spec.lease_transitions),
            ..LeaseSpec::default()
        };
        Self(Lease { metadata: bringing(self.0.metadata.clone(), None), spec: Some(spec) })
    }

    /// Writes it, unless someone else wrote it since it was read.
    pub(super) async fn write(&self, cluster: &Cluster) -> Result<Self, ClusterError> {
        let text = serde_json::to_string(&self.0)
            .map_err(|error| ClusterError::answer(path(cluster), error))?;
        let answer = if self.0.metadata.resource_version.is_some() {
            cluster.replace(&path(cluster), &text).await?
        } else {
            cluster.create(&leases(cluster), &text, &Query::default()).await?
        };
        Self::parse(cluster, &answer)
    }
}

/// The metadata with what the holder brings.
fn bringing(mut metadata: ObjectMeta, brings: Option<&str>) -> ObjectMeta {
    let mut annotations = metadata.annotations.take().unwrap_or_default();
    match brings {
        Some(brings) => annotations.insert(BRINGS.to_owned(), brings.to_owned()),
        None => annotations.remove(BRINGS),
    };
    metadata.annotations = Some(annotations).filter(|annotations| !annotations.is_empty());
    metadata
}

fn held_by(holder: &str, now: Timestamp, transitions: i32) -> LeaseSpec {
    LeaseSpec {
        holder_identity: Some(holder.to_owned()),
        lease_duration_seconds: Some(SECONDS),
        acquire_time: Some(MicroTime(now)),
        renew_time: Some(MicroTime(now)),
        lease_transitions: Some(transitions),
        ..LeaseSpec::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(text: &str) -> Record {
        Record(serde_json::from_str(text).unwrap())
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    const HELD: &str = r#"{
        "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
        "metadata": {"name": "kubectl-snapshot", "resourceVersion": "7"},
        "spec": {"holderIdentity": "anna@laptop/1", "leaseDurationSeconds": 60, "leaseTransitions": 4,
                 "acquireTime": "2026-01-01T00:00:00.000000Z", "renewTime": "2026-01-01T00:00:10.000000Z"}
    }"#;

    #[test]
    fn it_is_held_until_it_runs_out() {
        let held = record(HELD);
        let left = |now| held.held(at(now)).map(|(_, left)| left.as_secs());
        assert_eq!(left("2026-01-01T00:00:11Z"), Some(59));
        assert_eq!(left("2026-01-01T00:01:10Z"), None);
        assert_eq!(left("2026-01-02T00:00:00Z"), None);
    }

    #[test]
    fn released_it_is_nobodys() {
        let released = record(HELD).released();
        assert_eq!(released.held(at("2026-01-01T00:00:11Z")), None);
        let taken = released.taken_over("bob@ci/2", "rel-44", at("2026-01-01T00:00:12Z"));
        assert_eq!(
            taken.held(at("2026-01-01T00:00:12Z")).map(|(holder, _)| holder).as_deref(),
            Some("bob@ci/2")
        );
        assert_eq!(taken.0.spec.as_ref().and_then(|spec| spec.lease_transitions), Some(5));
        assert_eq!(taken.0.metadata.resource_version.as_deref(), Some("7"));
    }

    #[test]
    fn a_renewal_keeps_the_holder_and_a_new_tenure_does_not() {
        let held = record(HELD);
        assert!(held.renewed(at("2026-01-01T00:00:30Z")).has_holder_of(&held));
        // The same name again may be another process.
        assert!(
            !held
                .taken_over("anna@laptop/1", "rel-43", at("2026-01-01T00:02:00Z"))
                .has_holder_of(&held)
        );
    }

    #[test]
    fn whoever_does_not_give_it_back_is_known_with_what_they_brought() {
        let taken = record(HELD).taken_over("bob@ci/2", "rel-44", at("2026-01-01T00:02:00Z"));
        let tenure = |record: &Record, now| record.tenure(at(now)).unwrap();
        let under_way = tenure(&taken, "2026-01-01T00:02:10Z");
        assert_eq!(under_way.brings.as_deref(), Some("rel-44"));
        assert_eq!(under_way.expires_in.map(|left| left.as_secs()), Some(50));
        let killed = tenure(&taken.renewed(at("2026-01-01T00:02:20Z")), "2026-01-01T00:05:00Z");
        assert_eq!((killed.holder.as_str(), killed.expires_in), ("bob@ci/2", None));
        assert_eq!(killed.brings.as_deref(), Some("rel-44"));
        // Programs before this one do not say.
        assert_eq!(tenure(&record(HELD), "2026-01-02T00:00:00Z").brings, None);
        let released = taken.released();
        assert!(released.tenure(at("2026-01-01T00:05:00Z")).is_none());
        assert_eq!(released.0.metadata.annotations, None);
    }
}
