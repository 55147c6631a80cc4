//! Kubernetes objects as the set carries them: cleaned, canonical, immutable.

mod clean;
mod defaults;
mod kind;
mod quantity;
mod text;
mod workload;

pub use clean::clean;
pub use kind::{Kind, without_hash};
pub use text::Manifest;
pub use workload::{COMMIT, ContainerView, FLAGS, REQUIRES, Workload, containers_mut};
