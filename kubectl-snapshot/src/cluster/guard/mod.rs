//! Objects that `init` puts into a cluster: the store's namespace, roles, and the guard.
//!
//! The guard is a `ValidatingAdmissionPolicy`: the API server itself refuses what
//! would change or forge the store's records, whoever asks. Who may do what is
//! decided by RBAC, with rights on resources of the group `kubectl-snapshot.dev`
//! that exist in roles alone: `promote` on `stages/prod`.

mod demands;
mod force;
mod install;
mod manifest;
mod policy;
mod roles;
mod rules;

pub use force::{GuardState, guard_state, wait_in_force};
pub use install::install;
pub use manifest::Manifest;
pub use policy::guard;
pub use roles::{rights_to_apply, rights_to_capture, roles, suggested_bindings};

use super::RIGHTS;
