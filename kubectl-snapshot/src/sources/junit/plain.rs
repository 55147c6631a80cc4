//! A JUnit report without what its readers disagree on.
//!
//! There is no standard, only what tools write: times without a zone, numbers
//! with commas, suites in suites, one suite without the element around it, a
//! test with two failures. The library reads what the library wrote. So what
//! counts is written once more, in that form: suites, their tests, how each
//! ended. Document types are refused, and with them all entities of a file's
//! own; text is passed over, whatever it holds.

use std::fmt::Write as _;

/// The elements that suites and tests stand in.
const ROOTS: [&str; 2] = ["testsuites", "testsuite"];
/// The attributes of suites that count.
const OF_SUITES: [&str; 4] = ["name", "tests", "failures", "errors"];
/// The attributes of tests that count.
const OF_TESTS: [&str; 2] = ["name", "classname"];

/// Why a text is no JUnit report.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// It has no element at all.
    #[error("it is not XML")]
    NotXml,
    /// It begins with another element.
    #[error("it begins with <{0}>, not with <testsuites> or <testsuite>")]
    Root(String),
    /// It declares a document type.
    #[error(
        "it declares a document type (<!DOCTYPE …>), which no report has; it is not looked into"
    )]
    DocumentType,
    /// It ends before its elements do.
    #[error("it is cut short; was it written to the end?")]
    CutShort,
    /// An element ends that had not begun.
    #[error("</{0}> ends what had not begun")]
    Unopened(String),
    /// A test outside of every suite.
    #[error("it has a <testcase> outside of every <testsuite>")]
    Homeless,
    /// Something follows the report.
    #[error("it goes on with <{0}> after its end")]
    GoesOn(String),
}

/// A tag, as it stands in the text.
enum Tag<'a> {
    Open { name: &'a str, attributes: &'a str, empty: bool },
    Close(&'a str),
}

/// What is left of the text.
struct Tags<'a>(&'a str);

/// A test whose end is not reached yet.
struct Test<'a> {
    attributes: &'a str,
    ended: Option<&'static str>,
}

/// The report with what counts, and nothing else.
pub(super) fn plain(text: &str) -> Result<String, Fault> {
    let mut out = String::from("<testsuites>");
    let mut open: Vec<&str> = Vec::new();
    let mut current: Option<Test<'_>> = None;
    let mut begun = false;
    let mut tags = Tags(text);
    while let Some(tag) = tags.next()? {
        match tag {
            Tag::Open { name, attributes, empty } => {
                if open.is_empty() {
                    if begun {
                        return Err(Fault::GoesOn(excerpt(name)));
                    }
                    if !ROOTS.contains(&name) {
                        return Err(Fault::Root(excerpt(name)));
                    }
                    begun = true;
                }
                let parent = open.last().copied();
                open.push(name);
                match name {
                    "testsuites" if parent.is_none() => {
                        out.clear();
                        start(&mut out, name, attributes, &OF_SUITES);
                    }
                    // Tests of suites in suites count as the outermost's.
                    "testsuite" if suites(&open) == 1 => {
                        start(&mut out, name, attributes, &OF_SUITES);
                    }
                    "testcase" if parent == Some("testsuite") => {
                        current = Some(Test { attributes, ended: None });
                    }
                    "testcase" => return Err(Fault::Homeless),
                    "failure" | "error" if parent == Some("testcase") => {
                        if let Some(test) = &mut current {
                            test.ended = Some("<failure/>");
                        }
                    }
                    "skipped" if parent == Some("testcase") => {
                        if let Some(test) = &mut current {
                            test.ended.get_or_insert("<skipped/>");
                        }
                    }
                    _ => {}
                }
                if empty {
                    close(&mut out, &mut open, &mut current);
                }
            }
            Tag::Close(name) => {
                if open.last() != Some(&name) {
                    return Err(Fault::Unopened(excerpt(name)));
                }
                close(&mut out, &mut open, &mut current);
            }
        }
    }
    match (begun, open.is_empty()) {
        (false, _) => Err(Fault::NotXml),
        (true, false) => Err(Fault::CutShort),
        (true, true) => Ok(out + "</testsuites>"),
    }
}

fn suites(open: &[&str]) -> usize {
    open.iter().filter(|name| **name == "testsuite").count()
}

fn close<'a>(out: &mut String, open: &mut Vec<&'a str>, test: &mut Option<Test<'a>>) {
    match open.pop() {
        Some("testcase") => {
            if let Some(Test { attributes, ended }) = test.take() {
                start(out, "testcase", attributes, &OF_TESTS);
                let _ = write!(out, "{}</testcase>", ended.unwrap_or_default());
            }
        }
        Some("testsuite") if suites(open) == 0 => out.push_str("</testsuite>"),
        _ => {}
    }
}

/// Writes an element's start with the attributes that count; it always has a name.
fn start(out: &mut String, element: &str, attributes: &str, counting: &[&str]) {
    let _ = write!(out, "<{element}");
    let mut named = false;
    for (name, value) in each_attribute(attributes) {
        let number = counting[1..].contains(&name) && element != "testcase";
        if counting.contains(&name) && (!number || value.parse::<usize>().is_ok()) {
            let quote = if value.contains('"') { '\'' } else { '"' };
            let _ = write!(out, " {name}={quote}{value}{quote}");
            named |= name == "name";
        }
    }
    out.push_str(if named || element == "testsuites" { ">" } else { " name=\"\">" });
}

/// Names and values, these still with their entities.
fn each_attribute(mut rest: &str) -> impl Iterator<Item = (&str, &str)> {
    std::iter::from_fn(move || {
        let (name, after) = rest.split_once('=')?;
        let after = after.trim_start();
        let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
        let (value, after) = after[1..].split_once(quote)?;
        rest = after;
        Some((name.trim(), value))
    })
}

impl<'a> Tags<'a> {
    /// The next tag; comments, instructions and text are passed over.
    fn next(&mut self) -> Result<Option<Tag<'a>>, Fault> {
        loop {
            let Some(begin) = self.0.find('<') else { return Ok(None) };
            self.0 = &self.0[begin..];
            let passed_over = [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>")]
                .into_iter()
                .find_map(|(begin, end)| Some((self.0.strip_prefix(begin)?.split_once(end), ())));
            match passed_over {
                Some((Some((_, rest)), ())) => self.0 = rest,
                Some((None, ())) => return Err(Fault::CutShort),
                None if self.0.starts_with("<!") => return Err(Fault::DocumentType),
                None => return self.tag().map(Some),
            }
        }
    }

    fn tag(&mut self) -> Result<Tag<'a>, Fault> {
        let mut quote = None;
        let end = self.0.char_indices().find(|(_, c)| {
            match (quote, *c) {
                (None, '>') => return true,
                (None, '"' | '\'') => quote = Some(*c),
                (Some(open), c) if open == c => quote = None,
                _ => {}
            }
            false
        });
        let (end, _) = end.ok_or(Fault::CutShort)?;
        let inside = &self.0[1..end];
        self.0 = &self.0[end + 1..];
        if let Some(name) = inside.strip_prefix('/') {
            return Ok(Tag::Close(name.trim_end()));
        }
        let (inside, empty) = match inside.strip_suffix('/') {
            Some(inside) => (inside, true),
            None => (inside, false),
        };
        let (name, attributes) = inside.split_once(char::is_whitespace).unwrap_or((inside, ""));
        Ok(Tag::Open { name, attributes, empty })
    }
}

fn excerpt(name: &str) -> String {
    name.chars().take(80).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_is_kept_and_nothing_else() {
        let text = r#"<?xml version="1.0"?><!-- <testcase/> -->
<testsuite name="a &lt; b" timestamp="2024-01-15T10:30:00" time="1,234.5" tests="1,000">
  <properties><property name="x" value="<>"/></properties>
  <testsuite name="inner">
    <testcase name='say "hi"' classname="c" time="NaN">
      <skipped/><failure message="&#10;>"><![CDATA[</failure>]]></failure><error/>
    </testcase>
  </testsuite>
  <system-out>&nbsp;&#7;</system-out>
  <testcase name="fine"/>
</testsuite>
"#;
        assert_eq!(
            plain(text).unwrap(),
            concat!(
                r#"<testsuites><testsuite name="a &lt; b">"#,
                r#"<testcase name='say "hi"' classname="c"><failure/></testcase>"#,
                r#"<testcase name="fine"></testcase></testsuite></testsuites>"#
            )
        );
    }

    #[test]
    fn what_is_no_report_is_refused() {
        for (text, fault) in [
            ("", Fault::NotXml),
            ("{\"tests\": 1}", Fault::NotXml),
            ("<html><body>", Fault::Root("html".into())),
            ("<!DOCTYPE html><html>", Fault::DocumentType),
            ("<!DOCTYPE x [<!ENTITY a \"b\">]><testsuites/>", Fault::DocumentType),
            ("<testsuites><testsuite name=\"a\">", Fault::CutShort),
            ("<testsuites><testsuite nam", Fault::CutShort),
            ("<testsuites><!-- ", Fault::CutShort),
            ("<testsuites></testsuite>", Fault::Unopened("testsuite".into())),
            ("<testsuites><testcase/></testsuites>", Fault::Homeless),
            ("<testsuites/><testsuites/>", Fault::GoesOn("testsuites".into())),
        ] {
            assert_eq!(plain(text), Err(fault), "{text}");
        }
    }
}
