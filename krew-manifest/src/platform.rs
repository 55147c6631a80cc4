//! The platforms that the plugin is released for.

use crate::plugin;

/// One of them, as Rust and as krew call it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Platform {
    /// Target triple that cargo builds for.
    pub target: &'static str,
    /// The system, as Go calls it.
    pub os: &'static str,
    /// The processor, as Go calls it.
    pub arch: &'static str,
}

/// Platforms of a release, in the manifest's order.
pub const PLATFORMS: [Platform; 5] = [
    Platform { target: "x86_64-unknown-linux-musl", os: "linux", arch: "amd64" },
    Platform { target: "aarch64-unknown-linux-musl", os: "linux", arch: "arm64" },
    Platform { target: "x86_64-apple-darwin", os: "darwin", arch: "amd64" },
    Platform { target: "aarch64-apple-darwin", os: "darwin", arch: "arm64" },
    Platform { target: "x86_64-pc-windows-gnu", os: "windows", arch: "amd64" },
];

impl Platform {
    /// The one that a target of cargo is for.
    #[must_use]
    pub fn of_target(target: &str) -> Option<Self> {
        PLATFORMS.into_iter().find(|platform| platform.target == target)
    }

    /// The name of its archive.
    #[must_use]
    pub fn archive(&self) -> String {
        let name = plugin::file_name();
        format!("kubectl-{name}-v{}-{}-{}.tar.gz", plugin::VERSION, self.os, self.arch)
    }

    /// The plugin's file in the archive, which krew links.
    #[must_use]
    pub fn program(&self) -> String {
        format!("kubectl-{}{}", plugin::file_name(), if self.is_windows() { ".exe" } else { "" })
    }

    /// True for Windows, where programs need an ending and shell scripts do not run.
    #[must_use]
    pub fn is_windows(&self) -> bool {
        self.os == "windows"
    }
}
