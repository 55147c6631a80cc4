//! Report of this tool's version.

use serde::Serialize;
use snapshot_core::snapshot::API_VERSION;

use crate::render::{Column, Page, Report, Table, page::Fit};

/// The tool's version, and what it reads and writes.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionReport {
    /// The tool's version.
    pub version: &'static str,
    /// The git commit it was built from, where the build was told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commit: Option<&'static str>,
    /// Platform of the build: `linux/x86_64`.
    pub platform: String,
    /// The documents it reads and writes.
    pub documents: &'static str,
}

impl VersionReport {
    /// Version of this build.
    #[must_use]
    pub fn current() -> Self {
        Self {
            version: env!("CARGO_PKG_VERSION"),
            commit: option_env!("KUBECTL_SNAPSHOT_COMMIT"),
            platform: format!("{}/{}", std::env::consts::OS, std::env::consts::ARCH),
            documents: API_VERSION,
        }
    }
}

impl Report for VersionReport {
    const KIND: &'static str = "VersionReport";

    fn page(&self, page: &mut Page) {
        let mut table =
            Table::headless([Column::new("FIELD", Fit::Whole), Column::new("VALUE", Fit::Middle)]);
        let mut add =
            |name: &'static str, value: &str| table.row([name.into(), value.to_owned().into()]);
        add("Version", self.version);
        if let Some(commit) = self.commit {
            add("Commit", commit);
        }
        add("Platform", &self.platform);
        add("Documents", self.documents);
        page.table(table);
    }

    fn names(&self) -> Vec<String> {
        vec![self.version.to_owned()]
    }
}
