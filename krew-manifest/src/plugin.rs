//! Name, version and URLs of the released plugin.

/// The plugin's name, as in `kubectl NAME`. To rename the plugin is to change this line.
pub const NAME: &str = "snapshot";

/// Version.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Home page, unless the release says otherwise.
pub const HOMEPAGE: &str = "https://kubectl-snapshot.dev";

/// The name as part of a file's name, where kubectl would take a dash for a blank.
#[must_use]
pub fn file_name() -> String {
    NAME.replace('-', "_")
}

/// URL of the folder of the archives, unless the release says otherwise.
#[must_use]
pub fn base_url() -> String {
    format!("{HOMEPAGE}/releases/v{VERSION}")
}
