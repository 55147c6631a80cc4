//! Wishes of policies: the details that they look up.

use std::collections::BTreeSet;

use snapshot_policy_host::records::Topic;

/// Details that policies are to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Topics that they look up.
    pub topics: BTreeSet<Topic>,
    /// Names of the `ConfigMap`s that their bindings name.
    pub config_maps: BTreeSet<String>,
}
