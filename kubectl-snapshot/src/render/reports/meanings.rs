//! Explanations of words that several reports use.

pub(super) const SNAPSHOT: &str =
    "A snapshot is a set of service versions, settings and feature flags that work together.";

pub(super) const FLAGS: &str = "Switches in the programs that turn features on and off.";

pub(super) const VARIABLES: &str =
    "Settings that are meant to be another in each place, such as a database's address.";
