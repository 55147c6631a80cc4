//! The annotation's grammar: `NAME=flag-key requires tax >=1.4; pricing; OTHER=!other`.

use crate::requirement::{Requirement, RequirementError, parse_list};

/// The word between a flag's key and what it requires.
const REQUIRES: &str = "requires";

/// An environment variable that is a flag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::flags) struct Binding {
    /// The variable's name.
    pub(in crate::flags) variable: String,
    /// The flag's key.
    pub(in crate::flags) key: String,
    /// True if the variable turns the flag off.
    pub(in crate::flags) inverted: bool,
    /// Requirements that must hold while the flag is on.
    pub(in crate::flags) requires: Vec<Requirement>,
}

/// Error: the annotation cannot be read.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(in crate::flags) enum BindingError {
    /// The text does not begin with a variable and its flag.
    #[error(
        "{0:?}: expected an environment variable and the flag it is, such as TAX_CALL_ENABLED=tax-call"
    )]
    Start(String),
    /// A variable without a flag.
    #[error(
        "{0:?}: expected a flag's key after '=', such as TAX_CALL_ENABLED=tax-call, or =!tax-call where it turns the flag off"
    )]
    Key(String),
    /// Text other than requirements behind a flag's key.
    #[error(
        "{0:?}: expected nothing, or 'requires' and what the flag needs, such as TAX_CALL_ENABLED=tax-call requires tax >=1.4"
    )]
    Behind(String),
    /// Requirements that cannot be read.
    #[error("{variable}: {source}")]
    Requires {
        /// The variable whose flag has them.
        variable: String,
        /// Parse error of the requirements.
        source: RequirementError,
    },
}

/// Reads the annotation.
///
/// A semicolon separates flags, and the requirements of one flag too. What
/// begins with the name of a variable that `=` follows at once begins a flag;
/// anything else is one more requirement of the flag before it. So neither
/// `tax >=1.4` nor `flag x=on` begins a flag, and `tax =1.4`, with the space
/// that requirements are written with, does not either. Names are those that
/// the API server takes: any printable ASCII but `=`, and here no space and no `;`.
pub(in crate::flags) fn parse_bindings(annotation: &str) -> Result<Vec<Binding>, BindingError> {
    let mut entries: Vec<String> = Vec::new();
    for part in annotation.split(';').filter(|part| !part.trim().is_empty()) {
        match entries.last_mut() {
            Some(entry) if variable(part).is_none() => {
                entry.push(';');
                entry.push_str(part);
            }
            _ => entries.push(part.to_owned()),
        }
    }
    entries.iter().map(|entry| read(entry)).collect()
}

/// The variable that `part` begins a flag with, and what follows the `=`.
fn variable(part: &str) -> Option<(&str, &str)> {
    let (name, behind) = part.trim_start().split_once('=')?;
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_graphic());
    // `tax>=1.4` and `tax=1.4` are requirements that somebody wrote without their space.
    let is_shouted = !name.bytes().any(|b| b.is_ascii_lowercase());
    let is_comparison = name.ends_with(['<', '>', '~', '^', '!'])
        || (!is_shouted && behind.starts_with(|c: char| c.is_ascii_digit()));
    (is_name && !is_comparison).then_some((name, behind))
}

fn read(entry: &str) -> Result<Binding, BindingError> {
    let shown = || entry.trim().chars().take(80).collect::<String>();
    let (variable, behind) = variable(entry).ok_or_else(|| BindingError::Start(shown()))?;
    let behind = behind.trim();
    let key_end = behind.find(|c: char| c.is_whitespace() || c == ';').unwrap_or(behind.len());
    let (key, behind) = behind.split_at(key_end);
    let (key, inverted) = key.strip_prefix('!').map_or((key, false), |key| (key, true));
    if key.is_empty() {
        return Err(BindingError::Key(shown()));
    }
    let requires = match behind.trim_start() {
        "" => Vec::new(),
        behind => {
            let list =
                behind.strip_prefix(REQUIRES).filter(|list| list.starts_with(char::is_whitespace));
            let list = list.ok_or_else(|| BindingError::Behind(shown()))?;
            parse_list(list).map_err(|source| BindingError::Requires {
                variable: variable.to_owned(),
                source,
            })?
        }
    };
    Ok(Binding { variable: variable.to_owned(), key: key.to_owned(), inverted, requires })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn summary(annotation: &str) -> Vec<String> {
        let line = |binding: Binding| {
            let requires: Vec<String> = binding.requires.iter().map(ToString::to_string).collect();
            let polarity = if binding.inverted { "!" } else { "" };
            format!("{}={polarity}{} ({})", binding.variable, binding.key, requires.join("; "))
        };
        parse_bindings(annotation).unwrap().into_iter().map(line).collect()
    }

    #[test]
    fn the_list_of_the_documentation_is_read() {
        assert_eq!(
            summary(
                "TAX_CALL_ENABLED=tax-call requires tax >=1.4; NEW_PRICING=new-pricing; DISABLE_PROFILER=!profiler"
            ),
            [
                "TAX_CALL_ENABLED=tax-call (tax >=1.4)",
                "NEW_PRICING=new-pricing ()",
                "DISABLE_PROFILER=!profiler ()"
            ]
        );
        assert_eq!(summary(" ; "), [""; 0]);
    }

    #[test]
    fn a_semicolon_continues_requirements_until_the_next_variable() {
        assert_eq!(
            summary("A= a requires tax >=1.4; flag x=on; TAX =1.4 ;pricing @3f2a91c;\n _B2=b"),
            ["A=a (tax >=1.4; flag x=on; TAX =1.4; pricing @3f2a91c)", "_B2=b ()"]
        );
    }

    #[test]
    fn names_are_those_that_the_api_server_takes() {
        for name in ["features.tax-call", "enable_tax", "enableTax", "X.Y", "1A", "a/b"] {
            assert_eq!(summary(&format!("{name}=tax-call")), [format!("{name}=tax-call ()")]);
        }
        assert_eq!(
            summary("a.b=a requires tax >=1.4; pricing=2.0; tax>=1.5; c.d=c"),
            ["a.b=a (tax >=1.4; pricing =2.0; tax >=1.5)", "c.d=c ()"]
        );
    }

    #[test]
    fn mistakes_are_explained() {
        for (annotation, expected) in [
            ("tax >=1.4", "expected an environment variable"),
            ("tax>=1.4", "expected an environment variable"),
            ("=a", "expected an environment variable"),
            ("A=", "expected a flag's key"),
            ("A=!; B=b", "expected a flag's key"),
            ("A=a needs tax", "expected nothing, or 'requires'"),
            ("A=a; tax", "expected nothing, or 'requires'"),
            ("A=a requirestax", "expected nothing, or 'requires'"),
            ("A=a requires tax 1.4", "A: requirement \"tax 1.4\": expected a comparison"),
        ] {
            let error = parse_bindings(annotation).expect_err(annotation).to_string();
            assert!(error.contains(expected), "{annotation}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "[A-Za-z=!;<>. ]{0,40}|\\PC{0,40}") {
            let _ = parse_bindings(&text);
        }
    }
}
