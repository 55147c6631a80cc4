//! Weight of a doubt, as a setting.

use crate::Severity;
use serde::Deserialize;

/// Weight that the operator gives to something that is neither fine nor forbidden, such as
/// an unknown fact: `"undecided"`, `"warn"` or `"deny"`.
///
/// There is no word that lets it pass in silence. The default stops, as whatever
/// is not known does; a policy that wants another says so in its settings.
///
/// ```
/// use snapshot_policy::{Severity, Weight, parse_settings};
///
/// #[derive(serde::Deserialize)]
/// #[serde(deny_unknown_fields, default)]
/// struct Settings {
///     unknown: Weight,
/// }
///
/// impl Default for Settings {
///     fn default() -> Self {
///         Self { unknown: Weight::Warn }
///     }
/// }
///
/// let settings: Settings = parse_settings(r#"{"unknown": "deny"}"#).unwrap();
/// assert_eq!(settings.unknown.severity(), Severity::Deny);
/// ```
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Weight {
    /// Passes, with a warning.
    Warn,
    /// Undecided: waits for somebody to find out.
    #[default]
    Undecided,
    /// Denied.
    Deny,
}

impl Weight {
    /// The severity of a finding about it.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::Warn => Severity::Warning,
            Self::Undecided => Severity::Undecided,
            Self::Deny => Severity::Deny,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_in_one_word() {
        let weight = |text| serde_json::from_str::<Weight>(text);
        assert_eq!(weight(r#""warn""#).unwrap().severity(), Severity::Warning);
        assert_eq!(weight(r#""undecided""#).unwrap(), Weight::default());
        assert!(Weight::Warn < Weight::Undecided && Weight::Undecided < Weight::Deny);
        let error = weight(r#""allow""#).unwrap_err().to_string();
        assert!(error.contains("expected one of `warn`, `undecided`, `deny`"), "{error}");
    }
}
