//! Kubernetes objects as the set carries them: cleaned, canonical, immutable.

#[cfg(test)]
mod api_defaults;
#[cfg(test)]
pub(crate) mod arbitrary;
mod clean;
mod defaults;
mod images;
mod kind;
mod marks;
mod pins;
mod place;
pub mod quantity;
mod secrets;
mod start_reads;
mod text;
mod workload;

pub use clean::clean;
pub use defaults::default_pull_policy;
pub use images::{ImagePart, images_mut};
pub use kind::{
    FixedFields, Kind, KindSpec, PodOwner, ROLLOUT_HASH, Role, RolloutRule, Serving, Wave,
    WorkloadSpec, takes_any_family, without_hash,
};
pub use marks::{deployer, is_book_of_a_tool};
pub use pins::{Pins, put_pins, take_pins};
pub use place::{NotChosen, PlaceMarks, in_words, labels_as_variables};
pub use secrets::{each_secret_name, forget_secret_hashes, refers_to_secrets};
pub use start_reads::{StartRead, start_reads};
pub use text::Manifest;
pub use workload::{COMMIT, ContainerView, FLAGS, REQUIRES, Workload, containers_mut, service_of};
