//! Names of things in findings.

use snapshot_policy::Subject;

/// `tax >=1.4.0`, `tax`, `flag new-pricing=on`.
pub(crate) fn need(dependency: &Subject, condition: Option<&str>) -> String {
    match (dependency, condition) {
        (dependency, None) => dependency.to_string(),
        (Subject::FeatureFlag(key), Some(condition)) => format!("flag {key}{condition}"),
        (dependency, Some(condition)) => format!("{dependency} {condition}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_need_is_written_as_in_the_annotation() {
        let tax = Subject::Service("tax".to_owned());
        let pricing = Subject::FeatureFlag("new-pricing".to_owned());
        assert_eq!(need(&tax, Some(">=1.4, <2")), "tax >=1.4, <2");
        assert_eq!(need(&tax, None), "tax");
        assert_eq!(need(&pricing, Some("=on")), "flag new-pricing=on");
        assert_eq!(need(&pricing, None), "flag new-pricing");
    }
}
