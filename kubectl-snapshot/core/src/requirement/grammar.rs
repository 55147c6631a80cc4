//! Parser of the text form of requirements.

use std::str::FromStr;

use super::{Condition, Dependency, Range, Requirement, fault::Fault};
use crate::version::{SHORTEST_COMMIT, is_commit_id};

/// The word that announces a flag.
const FLAG: &str = "flag";

const ONE: &str = "one requirement, without ';'";
const NAME: &str = "a service's name, or 'flag' and a flag's key";
const KEY: &str = "a flag's key after 'flag', such as flag new-pricing=on";
const VALUE: &str = "a value after '=', such as flag new-pricing=on";
const COMMIT: &str =
    "7 to 40 lower-case hexadecimal digits of a commit after '@', such as @3f2a91c";

/// Error: a text is not a list of requirements.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("requirement {requirement:?}: expected {expected}, found {found} at character {position}")]
pub struct RequirementError {
    /// The requirement that cannot be read.
    pub requirement: String,
    /// Position of the fault in the whole list, in characters, the first being 1.
    pub position: usize,
    /// Text found there.
    pub found: String,
    /// Text expected there.
    pub expected: &'static str,
}

/// Reads requirements that semicolons separate, in the order in which they are written.
pub fn parse_list(text: &str) -> Result<Vec<Requirement>, RequirementError> {
    let mut requirements = Vec::new();
    let mut start = 0;
    for part in text.split(';') {
        if !part.trim().is_empty() {
            requirements.push(read(part).map_err(|fault| explain(text, part, fault.after(start)))?);
        }
        start += part.len() + 1;
    }
    Ok(requirements)
}

impl FromStr for Requirement {
    type Err = RequirementError;

    fn from_str(text: &str) -> Result<Self, RequirementError> {
        let one = match text.find(';') {
            Some(at) => Err(Fault { at, expected: ONE }),
            None => read(text),
        };
        one.map_err(|fault| explain(text, text, fault))
    }
}

fn explain(list: &str, requirement: &str, fault: Fault) -> RequirementError {
    let rest = list[fault.at..].trim_start();
    let rest = rest.split(';').next().filter(|part| !part.is_empty()).unwrap_or(rest).trim_end();
    RequirementError {
        requirement: shown(requirement.trim()),
        position: list[..fault.at].chars().count() + 1,
        found: if rest.is_empty() { "the end".to_owned() } else { format!("{:?}", shown(rest)) },
        expected: fault.expected,
    }
}

/// Enough of `text` to find it by.
fn shown(text: &str) -> String {
    const LONGEST: usize = 80;
    if text.chars().count() <= LONGEST {
        text.to_owned()
    } else {
        text.chars().take(LONGEST).chain(['…']).collect()
    }
}

/// Reads one requirement: a name, and the condition behind it.
fn read(part: &str) -> Result<Requirement, Fault> {
    let text = part.trim_start();
    let start = part.len() - text.len();
    let name_length = text.find(|c: char| !is_in_name(c) && c != '/').unwrap_or(text.len());
    let (name, behind) = text.split_at(name_length);
    let condition = behind.trim_start();
    let at = part.len() - condition.len();
    if name == FLAG {
        return read_flag(condition).map_err(|fault| fault.after(at));
    }
    // Behind a part's name stands that of one of its services.
    if name.matches('/').count() > 1 || !name.split('/').all(is_name) {
        return Err(Fault { at: start, expected: NAME });
    }
    Ok(Requirement {
        dependency: Dependency::Service(name.to_owned()),
        condition: read_condition(condition.trim_end()).map_err(|fault| fault.after(at))?,
    })
}

fn read_condition(text: &str) -> Result<Option<Condition>, Fault> {
    if text.is_empty() {
        return Ok(None);
    }
    let Some(commit) = text.strip_prefix('@') else {
        return Range::read(text).map(|range| Some(Condition::Version(range)));
    };
    if commit.len() < SHORTEST_COMMIT || !is_commit_id(commit) {
        return Err(Fault { at: 1, expected: COMMIT });
    }
    Ok(Some(Condition::Commit(commit.to_owned())))
}

/// Reads `key` or `key=value`; a key may have any character but `=`, `;`, `,` and space.
fn read_flag(text: &str) -> Result<Requirement, Fault> {
    let key_length =
        text.find(|c: char| c.is_whitespace() || matches!(c, '=' | ',')).unwrap_or(text.len());
    let (key, behind) = text.split_at(key_length);
    if key.is_empty() || key.starts_with(['<', '>', '^', '~', '@']) {
        return Err(Fault { at: 0, expected: KEY });
    }
    let behind = behind.trim();
    let at = text.trim_end().len() - behind.len();
    let condition = match behind.strip_prefix('=').map(str::trim_start) {
        None if behind.is_empty() => None,
        None => return Err(Fault { at, expected: VALUE }),
        Some("") => return Err(Fault { at: at + behind.len(), expected: VALUE }),
        Some(value) => {
            Some(Condition::Value(value.split_whitespace().collect::<Vec<_>>().join(" ")))
        }
    };
    Ok(Requirement { dependency: Dependency::Flag(key.to_owned()), condition })
}

fn is_in_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')
}

/// True if `name` can be a label's value or a workload's name.
fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name.ends_with(|c: char| c.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(list: &str) -> Vec<String> {
        parse_list(list).unwrap().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_list_of_the_documentation_is_read() {
        assert_eq!(
            texts("tax >=1.4; pricing @3f2a91c; flag new-pricing=on"),
            ["tax >=1.4", "pricing @3f2a91c", "flag new-pricing=on"]
        );
        assert_eq!(texts(" ; tax;flag x ;"), ["tax", "flag x"]);
        assert_eq!(texts(""), [""; 0]);
    }

    #[test]
    fn whitespace_is_normalised() {
        assert_eq!(texts("tax>=1.4,<2"), ["tax >=1.4, <2"]);
        assert_eq!(texts("\ttax   ^ 1.4 ,\n < 2 "), ["tax ^1.4, <2"]);
        assert_eq!(texts("tax@3f2a91c"), ["tax @3f2a91c"]);
        assert_eq!(texts("flag  a.b:c  =  deep   blue "), ["flag a.b:c=deep blue"]);
    }

    #[test]
    fn a_name_that_begins_like_the_word_is_a_service() {
        assert_eq!(
            parse_list("flagd >=0.11").unwrap()[0].dependency,
            Dependency::Service("flagd".into())
        );
        assert_eq!(
            parse_list("flag flagd").unwrap()[0].dependency,
            Dependency::Flag("flagd".into())
        );
    }

    #[test]
    fn errors_say_where_and_what() {
        for (list, position, expected) in [
            ("tax 1.4", 5, "a comparison such as"),
            ("a; tax >=1.4, 2", 15, "a comparison such as"),
            ("a; tax >=latest", 10, "a version of one to three numbers"),
            ("tax @3f2", 6, COMMIT),
            ("tax @HEAD", 6, COMMIT),
            ("é", 1, NAME),
            ("a; -tax", 4, NAME),
            ("a/tax/tax >=1.4", 1, NAME),
            ("a; /tax", 4, NAME),
            ("flag", 5, KEY),
            ("flag >=1.4", 6, KEY),
            ("flag x=", 8, VALUE),
            ("flag x >=1", 8, VALUE),
            ("flag x y", 8, VALUE),
        ] {
            let error = parse_list(list).expect_err(list);
            assert!(
                error.expected.starts_with(expected) && error.position == position,
                "{list}: {error}"
            );
        }
        assert_eq!(
            parse_list("cart; tax 1.4; x").unwrap_err().to_string(),
            "requirement \"tax 1.4\": expected a comparison such as >=1.4, ^1.4, ~1.4, =1.4 or <2, found \"1.4\" at character 11"
        );
    }

    #[test]
    fn json_holds_the_text() {
        let requirement: Requirement = serde_json::from_str("\"tax  >=1.4\"").unwrap();
        assert_eq!(serde_json::to_string(&requirement).unwrap(), "\"tax >=1.4\"");
        assert!(serde_json::from_str::<Requirement>("\"tax; cart\"").is_err());
    }

    prop_compose! {
        fn comparison()(
            sign in "<|<=|>|>=|=|~|\\^",
            space in " ?",
            version in "v?[0-9]{1,2}(\\.[0-9]{1,3}(\\.[0-9]{1,3}(-rc\\.?[0-9])?)?)?",
        ) -> String {
            format!("{sign}{space}{version}")
        }
    }

    fn requirement() -> impl Strategy<Value = String> {
        prop_oneof![
            "[a-z][a-z0-9-]{0,10}[a-z0-9]",
            ("[a-z][a-z0-9.]{0,8}[a-z0-9] {0,2}", prop::collection::vec(comparison(), 1..3))
                .prop_map(|(name, range)| format!("{name}{}", range.join(", "))),
            "[a-z]{1,8} ?@[0-9a-f]{7,12}",
            "flag [a-zA-Z0-9._:/-]{1,12}( ?= ?[a-z0-9%=]{1,8}( [a-z]{1,3})?)?",
        ]
    }

    proptest! {
        #[test]
        fn text_round_trips(texts in prop::collection::vec(requirement(), 0..4)) {
            let read = parse_list(&texts.join(" ;")).unwrap();
            prop_assert_eq!(read.len(), texts.len());
            let written = read.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            prop_assert_eq!(parse_list(&written).unwrap(), read);
        }

        #[test]
        fn any_text_is_read_or_refused(text in "[a-z0-9<>=~^@;,. -]{0,40}|\\PC{0,40}") {
            if let Err(error) = parse_list(&text) {
                prop_assert!(error.position <= text.chars().count() + 1);
            }
        }
    }
}
