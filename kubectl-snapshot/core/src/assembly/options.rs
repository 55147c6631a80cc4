//! Options of a capture.

use std::collections::BTreeSet;

/// Scope of ConfigMaps: those that belong to the set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ConfigScope {
    /// All of the namespace's: sidecars load some that no workload names.
    #[default]
    All,
    /// Those that a workload names.
    Used,
}

/// Options of a capture: what to make of the objects.
#[derive(Clone, Debug, Default)]
pub struct CaptureOptions {
    /// Names of variables, whose values belong to the place.
    pub variables: BTreeSet<String>,
    /// Scope of the ConfigMaps in the set.
    pub configs: ConfigScope,
    /// True to go on over duplicate environment names, images that are no reference, and flags
    /// and requirements that cannot be read: in files they are a mistake to mend, in a cluster a
    /// fact that must not prevent a capture.
    pub lenient: bool,
}
