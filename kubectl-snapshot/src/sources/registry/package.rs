//! Policy as a package for a registry.

use snapshot_core::signature::Signature;

/// A policy, and what a registry should tell about it.
#[derive(Clone, Debug)]
pub struct Package {
    /// The component.
    pub bytes: Vec<u8>,
    /// The policy's name.
    pub title: String,
    /// Version.
    pub version: String,
    /// One sentence.
    pub description: String,
    /// The interfaces it exports.
    pub exports: Vec<String>,
    /// The interfaces it imports.
    pub imports: Vec<String>,
    /// Signature of the policy's digest.
    pub signature: Option<Signature>,
}
