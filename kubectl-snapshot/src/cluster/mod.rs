//! The Kubernetes API: the only room that knows kube.

mod access;
mod clock;
mod connect;
mod error;
mod guard;
mod lease;
mod pages;
mod pods;
mod read;
mod request;
mod rollout;
mod stop;
mod whoami;
mod write;

pub use access::RIGHTS;
pub use connect::ConnectOptions;
pub use error::ClusterError;
pub use guard::{Installed, Manifest, guard, install, roles, suggested_bindings, wait_in_force};
pub use lease::{Lease, LeaseError, identity};
pub use read::{Observed, ReadError, read};
pub use request::{Cluster, Query, Watched};
pub use rollout::{Rollout, RolloutEvent, RolloutOutcome, RolloutTarget, WatchOptions, watch};
pub use stop::{Stop, StopSwitch, stop};
pub use write::{
    Moved, WriteError, WriteEvent, WriteOptions, WriteOutcome, Written, apply, remove,
};
