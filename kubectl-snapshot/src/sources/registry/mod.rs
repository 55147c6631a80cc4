//! Policies in an OCI registry.
//!
//! A policy is kept as the Wasm artifact that the CNCF's working group describes
//! (<https://tag-runtime.cncf.io/wgs/wasm/deliverables/wasm-oci-artifact/>): a
//! manifest, a small config and one layer, the component. What comes out of a
//! registry is believed only as far as digests vouch for it.

mod connection;
mod credentials;
mod error;
mod hosts;
mod images;
mod label_cache;
mod labels;
mod layout;
mod limit;
mod package;
mod pull;
mod push;
mod trace;

use std::time::Duration;

pub use credentials::Login;
pub use error::RegistryError;
pub use images::Images;
pub use labels::Labels;
pub use limit::Limit;
pub use package::Package;
pub use pull::{Pulled, pull};
pub use push::push;

/// Connection options for registries.
#[derive(Clone, Debug, Default)]
pub struct RegistryOptions {
    /// Speak HTTP without TLS, also to a registry that is not on this machine.
    pub plain_http: bool,
    /// Timeout of a single request; by default half a minute, and five where a component is
    /// sent.
    pub patience: Option<Duration>,
}
