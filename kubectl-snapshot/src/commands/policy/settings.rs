//! Settings from the command line.

use std::{convert::Infallible, path::PathBuf, str::FromStr};

use serde_json::Value;
use snapshot_core::policy::{PolicyReference, Settings};

use crate::{app::Failure, policies::SettingsError, sources};

/// A file of settings, or the settings themselves.
#[derive(Clone, Debug)]
pub(super) enum SettingsText {
    File(PathBuf),
    Inline(String),
}

impl FromStr for SettingsText {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(if text.trim_start().starts_with('{') {
            Self::Inline(text.to_owned())
        } else {
            Self::File(text.into())
        })
    }
}

impl SettingsText {
    /// Reads them.
    pub(super) async fn read(&self) -> Result<Settings, Failure> {
        let hint = "--settings takes a file, or a JSON object: '{\"unknown\": \"warn\"}'";
        let (name, value) = match self {
            Self::File(path) => (
                path.display().to_string(),
                sources::read_document(path)
                    .await
                    .map_err(|error| Failure::from(error).hint(hint))?,
            ),
            Self::Inline(text) => {
                let value: Value = serde_json::from_str(text).map_err(|error| {
                    Failure::usage(format!("--settings is not JSON: {error}")).because(error)
                })?;
                ("--settings".to_owned(), value)
            }
        };
        Settings::try_from(value).map_err(|error| Failure::usage(format!("{name}: {error}")))
    }
}

/// The failure for settings that a policy does not take.
pub(super) fn refused_settings(policy: &PolicyReference, error: &SettingsError) -> Failure {
    Failure::usage(format!("policy {policy}: {error}"))
        .hint(format!("its settings are shown by: kubectl snapshot policy inspect {policy}"))
}
