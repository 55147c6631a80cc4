//! What is released, and from where.

/// The plugin's name, as in `kubectl NAME`. To rename the plugin is to change this line.
pub const NAME: &str = "snapshot";

/// Its version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Where people read about it, unless the release says otherwise.
pub const HOMEPAGE: &str = "https://kubectl-snapshot.dev";

/// The name as part of a file's name, where kubectl would take a dash for a blank.
#[must_use]
pub fn file_name() -> String {
    NAME.replace('-', "_")
}

/// Where archives are downloaded from, unless the release says otherwise.
#[must_use]
pub fn base_url() -> String {
    format!("{HOMEPAGE}/releases/v{VERSION}")
}
