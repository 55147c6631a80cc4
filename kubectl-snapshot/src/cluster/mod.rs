//! The Kubernetes API: the only room that knows kube.

mod access;
mod client;
mod clock;
mod connect;
mod contexts;
mod credentials;
mod error;
mod groups;
mod guard;
mod kubeconfig;
mod lease;
mod listed;
mod namespaces;
mod objects;
mod outdated;
mod pages;
mod pods;
mod proxy;
mod read;
#[cfg(any(test, fuzzing))]
pub mod readers;
mod request;
mod resource_path;
mod rollout;
mod routes;
mod secrets;
mod served;
mod services;
mod stop;
mod trace;
mod transport;
mod version;
mod whoami;
mod write;

pub use access::{RIGHTS, Right};
pub use connect::ConnectOptions;
pub use error::ClusterError;
pub use guard::{
    GuardState, Manifest, guard, guard_state, install, rights_to_apply, rights_to_capture, roles,
    suggested_bindings, wait_in_force,
};
pub use kubeconfig::{KubeconfigNames, kubeconfig_names};
pub use lease::{Lease, LeaseError, Tenure, give_back_leases, identity, tenure};
pub use namespaces::NamespaceState;
pub use objects::objects;
pub use read::{ListRoom, Observed, ReadError, read, read_within};
pub use request::{AGAIN, Cluster, Query, Watched};
pub use rollout::{
    Rollout, RolloutEvent, RolloutOutcome, RolloutTarget, RolloutsEnd, WatchOptions, watch,
};
pub use secrets::secret;
pub use stop::{Stop, StopSwitch, stop};
pub use write::{
    Back, BackError, PartWrites, WriteError, WriteOptions, WriteOutcome, Written, apply, go_back,
    rehearse, remove, whole,
};
