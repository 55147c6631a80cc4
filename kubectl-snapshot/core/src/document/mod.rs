//! A snapshot as text: canonical JSON, the same bytes in every home.
//!
//! ```json
//! {"apiVersion":"kubectl-snapshot.dev/v1alpha1","kind":"Snapshot",
//!  "metadata":{"name":"rel-42","digest":"sha256:…"},
//!  "spec":{"flags":{},"objects":{},"services":{}}}
//! ```
//!
//! A snapshot in parts holds the very same sets under their aliases, and what is known of each of
//! them beside the rest of `metadata`:
//!
//! ```json
//! {"apiVersion":"kubectl-snapshot.dev/v2alpha1","kind":"Snapshot",
//!  "metadata":{"name":"rel-42","digest":"sha256:…",
//!              "parts":{"payments":{"digest":"sha256:…"},"shop":{"digest":"sha256:…"}}},
//!  "spec":{"parts":{"payments":{"flags":{},"objects":{},"services":{}},"shop":{}}}}
//! ```
//!
//! Whatever is read is verified: each object against the digest it is listed
//! under, and the set against `metadata.digest`. Layout does not matter, so a
//! document may be pretty-printed, or come out of YAML.
//!
//! # Old and new
//! Within a major version, members may be added inside `metadata` and `spec`;
//! a reader keeps those that it does not know, so that the digest stays what it
//! was. Version 1 is the set of one namespace, version 2 a set in parts: who
//! knows no parts refuses it, instead of reading a set without services.
//! Another major version is refused.

mod error;
mod fault;
mod header;
mod metadata;
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
pub use metadata::{metadata_of, metadata_text};
pub use read::{from_value, read, read_with_digest};
pub use summary::{Summary, summarise};
pub use write::{to_value, write, write_named};

/// The `kind` of a snapshot document.
pub const KIND: &str = "Snapshot";
