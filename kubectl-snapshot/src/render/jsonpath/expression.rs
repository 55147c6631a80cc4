//! Translation of kubectl's dialect of `JSONPath` to the standard's.

use serde_json_path::JsonPath;

type Problem = String;

/// Characters that end a member's name written after a dot.
const NAME_ENDS: &[char] = &[
    '.', '[', ']', '{', '}', '(', ')', '=', '!', '<', '>', '&', '|', ',', '*', '?', '@', '$', '\'',
    '"', ' ', '\t', '\n',
];

/// Reads an expression: `.items[?(@.a=="b")].name`.
pub(super) fn parse(text: &str) -> Result<JsonPath, Problem> {
    let rest = text.strip_prefix(['$', '@']).unwrap_or(text);
    if !text.is_empty() && rest.len() == text.len() && !rest.starts_with(['.', '[']) {
        return Err(format!(
            "expected '.', '[', '$', '@', range, end or a quoted text at {text:?}"
        ));
    }
    let (path, rest) = segments(rest)?;
    if !rest.trim().is_empty() || text.is_empty() {
        return Err(format!("expected '.' or '[' at {rest:?}"));
    }
    JsonPath::parse(&format!("${path}"))
        .map_err(|error| format!("{text:?} is no JSONPath: {}", error.message()))
}

/// Rewrites the segments at the start of `text`, and gives what follows them.
fn segments(text: &str) -> Result<(String, &str), Problem> {
    let mut path = String::new();
    let mut rest = text;
    loop {
        if let Some(behind) = rest.strip_prefix("..") {
            path.push_str("..");
            rest = if behind.starts_with('[') {
                bracket(behind, &mut path)?
            } else {
                name(behind, &mut path)?
            };
        } else if let Some(behind) = rest.strip_prefix('.') {
            // A dot alone is the current object; before a bracket it says nothing.
            rest = if behind.trim().is_empty() || behind.starts_with('[') {
                behind
            } else {
                name(behind, &mut path)?
            };
        } else if rest.starts_with('[') {
            rest = bracket(rest, &mut path)?;
        } else {
            return Ok((path, rest));
        }
    }
}

/// A name after a dot, in which a backslash takes away what a character means.
fn name<'a>(text: &'a str, path: &mut String) -> Result<&'a str, Problem> {
    if let Some(rest) = text.strip_prefix('*') {
        path.push_str("[*]");
        return Ok(rest);
    }
    let mut name = String::new();
    let mut characters = text.char_indices();
    let mut end = text.len();
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => name.extend(characters.next().map(|(_, escaped)| escaped)),
            other if NAME_ENDS.contains(&other) => {
                end = at;
                break;
            }
            plain => name.push(plain),
        }
    }
    if name.is_empty() {
        return Err(format!("expected a name at {text:?}"));
    }
    push_member(path, &name);
    Ok(&text[end..])
}

/// Parses brackets: `*`, `0`, `-1`, `0:2`, `'a.b'`, a list of these, or a filter.
fn bracket<'a>(text: &'a str, path: &mut String) -> Result<&'a str, Problem> {
    let end = end_of(&text[1..], ']').ok_or_else(|| format!("a [ is never closed at {text:?}"))?;
    let (inside, rest) = (text[1..=end].trim(), &text[end + 2..]);
    if let Some(condition) = inside.strip_prefix('?') {
        path.push_str("[?");
        filter(condition, path)?;
        path.push(']');
        return Ok(rest);
    }
    path.push('[');
    let mut selectors = inside;
    loop {
        let end = end_of(selectors, ',');
        let selector = selectors[..end.unwrap_or(selectors.len())].trim();
        if selector.starts_with(['\'', '"']) {
            push_quoted(path, &unquoted(selector)?);
        } else if selector == "*" || is_index(selector) {
            path.push_str(selector);
        } else {
            return Err(format!("expected *, a number, a quoted name or ?(…) in [{inside}]"));
        }
        let Some(end) = end else { break };
        path.push(',');
        selectors = &selectors[end + 1..];
    }
    path.push(']');
    Ok(rest)
}

fn is_index(selector: &str) -> bool {
    !selector.is_empty()
        && selector.chars().all(|c| c.is_ascii_digit() || matches!(c, '-' | ':' | ' '))
}

/// Rewrites the paths and texts of a filter; all else is as the standard has it.
fn filter(condition: &str, path: &mut String) -> Result<(), Problem> {
    let mut rest = condition;
    while let Some(first) = rest.chars().next() {
        match first {
            '@' | '$' => {
                let (segments, behind) = segments(&rest[1..])?;
                path.push(first);
                path.push_str(&segments);
                rest = behind;
            }
            '\'' | '"' => {
                let end = quoted_length(rest, first)
                    .ok_or_else(|| format!("a quote is never closed at {rest:?}"))?;
                push_quoted(path, &unquoted(&rest[..end])?);
                rest = &rest[end..];
            }
            other => {
                path.push(other);
                rest = &rest[other.len_utf8()..];
            }
        }
    }
    Ok(())
}

/// Position of `closing` in `text`, outside quotes and inner brackets.
pub(super) fn end_of(text: &str, closing: char) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    let mut characters = text.char_indices();
    while let Some((at, character)) = characters.next() {
        match (quote, character) {
            (_, '\\') => drop(characters.next()),
            (Some(open), _) if character == open => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, _) if character == closing && depth == 0 => return Some(at),
            (None, '[' | '(' | '{') => depth += 1,
            (None, ']' | ')' | '}') => depth = depth.saturating_sub(1),
            (_, _) => {}
        }
    }
    None
}

/// Length in bytes of the quoted text at the start of `text`.
fn quoted_length(text: &str, quote: char) -> Option<usize> {
    let mut characters = text.char_indices().skip(1);
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => drop(characters.next()),
            closing if closing == quote => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// The text in quotes; a backslash and a letter stand for what they do in Go,
/// before anything else the backslash says nothing.
pub(super) fn unquoted(text: &str) -> Result<String, Problem> {
    let mut characters = text.chars();
    let quote = characters.next();
    let mut plain = String::new();
    while let Some(character) = characters.next() {
        match character {
            '\\' => plain.extend(characters.next().map(|escaped| match escaped {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                other => other,
            })),
            closing if Some(closing) == quote => {
                let behind = characters.as_str();
                return if behind.is_empty() {
                    Ok(plain)
                } else {
                    Err(format!("did not expect {behind:?} behind a quote"))
                };
            }
            other => plain.push(other),
        }
    }
    Err(format!("a quote is never closed at {text:?}"))
}

fn push_member(path: &mut String, name: &str) {
    path.push('[');
    push_quoted(path, name);
    path.push(']');
}

/// JSON's escapes are among the standard's.
fn push_quoted(path: &mut String, text: &str) {
    path.push_str(&serde_json::Value::from(text).to_string());
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> String {
        segments(text).unwrap().0
    }

    #[test]
    fn kubectls_paths_become_the_standards() {
        for (kubectl, standard) in [
            (".metadata.name", r#"["metadata"]["name"]"#),
            (".cart-canary", r#"["cart-canary"]"#),
            (r".labels.app\.kubernetes\.io/name", r#"["labels"]["app.kubernetes.io/name"]"#),
            (r"['a.b']", r#"["a.b"]"#),
            (r"['a\.b']", r#"["a.b"]"#),
            (".items[*]", r#"["items"][*]"#),
            (".items.*", r#"["items"][*]"#),
            ("..name", r#"..["name"]"#),
            ("..[0]", "..[0]"),
            (".a[0:2]", r#"["a"][0:2]"#),
            (".a[-1]", r#"["a"][-1]"#),
            (".a[0, 'b']", r#"["a"][0,"b"]"#),
            (r#".a[?(@.b=="c")].d"#, r#"["a"][?(@["b"]=="c")]["d"]"#),
            (r".a[?(@.b\.c=='d]\'')]", r#"["a"][?(@["b.c"]=="d]'")]"#),
            (".a[?(@.b > 1.5 && @.c)]", r#"["a"][?(@["b"] > 1.5 && @["c"])]"#),
            (".", ""),
        ] {
            assert_eq!(rewritten(kubectl), standard, "{kubectl}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        for (text, problem) in [
            (
                "metadata.name",
                "expected '.', '[', '$', '@', range, end or a quoted text at \"metadata.name\"",
            ),
            ("", "expected '.' or '[' at \"\""),
            (".a[0", "a [ is never closed at \"[0\""),
            (".a[b]", "expected *, a number, a quoted name or ?(…) in [b]"),
            (".a..", "expected a name at \"\""),
            (".a b", "expected '.' or '[' at \" b\""),
            (".a['b'c]", "did not expect \"c\" behind a quote"),
        ] {
            assert_eq!(parse(text).unwrap_err(), problem, "{text}");
        }
        assert!(parse(".a[?(@.b=~'c')]").unwrap_err().contains("is no JSONPath"));
        assert!(parse(".a[?('b)]").unwrap_err().contains("is never closed"));
    }
}
