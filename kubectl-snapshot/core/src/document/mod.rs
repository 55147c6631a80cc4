//! A snapshot as text: canonical JSON, the same bytes in every home.
//!
//! ```json
//! {"apiVersion":"kubectl-snapshot.dev/v1alpha1","kind":"Snapshot",
//!  "metadata":{"name":"rel-42","digest":"sha256:…"},
//!  "spec":{"flags":{},"objects":{},"services":{}}}
//! ```
//!
//! Whatever is read is verified: each object against the digest it is listed
//! under, and the set against `metadata.digest`. Layout does not matter, so a
//! document may be pretty-printed, or come out of YAML.
//!
//! # Old and new
//! Within major version 1, members may be added inside `metadata` and `spec`;
//! a reader keeps those that it does not know, so that the digest stays what it
//! was. Another major version is refused.

mod error;
mod fault;
mod header;
mod read;
mod set;
mod summary;
mod write;

#[cfg(any(test, feature = "test-support"))]
pub mod arbitrary;
#[cfg(any(test, feature = "test-support"))]
pub mod test_support;
#[cfg(test)]
mod tests;

pub use error::DocumentError;
pub use header::is_document;
pub use read::{from_value, read, read_with_digest};
pub use summary::{Summary, summarise};
pub use write::{to_value, write, write_parts};

/// The `kind` of a snapshot document.
pub const KIND: &str = "Snapshot";
