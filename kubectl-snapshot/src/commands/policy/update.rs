//! Update of a policy's fixtures with what it says now.

use std::{fs, path::Path};

use snapshot_core::{
    canonical,
    policy::{RecordedDecision, fixture::Expectation},
};

use super::fixture::FixtureFile;
use crate::{app::Failure, blocking::blocking, files, render::yaml_text};

/// The last member of a fixture: it is rewritten from here to the end of the file.
const EXPECT: &str = "expect:";

/// Replaces what a fixture expects. All before it stays as its author wrote it.
pub(super) async fn write(
    path: &Path,
    fixture: &FixtureFile,
    decision: &RecordedDecision,
    got: &Expectation,
) -> Result<(), Failure> {
    let refuse =
        |error: &dyn std::fmt::Display| Failure::new(format!("{}: {error}", path.display()));
    let text = match fixture {
        FixtureFile::Recorded(_) => format!("{}\n", canonical::text(decision)),
        FixtureFile::Written(_) => {
            if path.extension().is_some_and(|extension| extension == "json") {
                return Err(refuse(&"a fixture in JSON cannot be updated; write it as YAML"));
            }
            let file = path.to_owned();
            let before = blocking(move || fs::read_to_string(file)).await;
            let before = before.map_err(|error| refuse(&error))?;
            spliced(&before, &yaml_text(got)?).map_err(|error| refuse(&error))?
        }
    };
    files::save(path, text).await.map_err(|error| refuse(&error))
}

fn spliced(before: &str, got: &str) -> Result<String, &'static str> {
    let mut kept = String::new();
    let mut lines = before.lines();
    for line in lines.by_ref() {
        if line.starts_with(EXPECT) {
            break;
        }
        kept.push_str(line);
        kept.push('\n');
    }
    let is_member = |line: &str| line.starts_with(|c: char| c.is_ascii_alphanumeric());
    if lines.any(is_member) {
        return Err("expect is not its last member, so it cannot be rewritten; move it to the end");
    }
    kept.push_str(EXPECT);
    kept.push('\n');
    for line in got.lines() {
        if !line.is_empty() {
            kept.push_str("  ");
            kept.push_str(line);
        }
        kept.push('\n');
    }
    Ok(kept)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_author_wrote_before_stays() {
        let before = "# The story.\ncandidate: {}   # nothing\n\nexpect:\n  findings:\n  - old\n";
        let after = spliced(before, "findings:\n- severity: deny\n").unwrap();
        assert_eq!(
            after,
            "# The story.\ncandidate: {}   # nothing\n\nexpect:\n  findings:\n  - severity: deny\n"
        );
        assert_eq!(
            spliced("candidate: {}\n", "findings: []\n").unwrap(),
            "candidate: {}\nexpect:\n  findings: []\n"
        );
    }

    #[test]
    fn what_comes_after_is_not_lost() {
        assert!(spliced("expect:\n  findings: []\ncandidate: {}\n", "findings: []\n").is_err());
    }
}
