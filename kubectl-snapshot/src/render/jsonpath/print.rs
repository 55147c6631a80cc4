//! Output of a JSONPath template, filled in.

use std::io::{self, Write};

use serde_json::Value;
use snapshot_core::visible;

use super::{Template, template::Part};

impl Template {
    /// Prints it, filled in from `value`.
    ///
    /// Nothing found prints nothing, as kubectl does. A script gets each text
    /// as it is; `for_terminal` makes visible what a terminal would obey.
    pub fn write(&self, value: &Value, for_terminal: bool, out: &mut dyn Write) -> io::Result<()> {
        write_parts(&self.parts, value, for_terminal, out)
    }
}

fn write_parts(
    parts: &[Part],
    value: &Value,
    for_terminal: bool,
    out: &mut dyn Write,
) -> io::Result<()> {
    for part in parts {
        match part {
            Part::Text(text) => out.write_all(text.as_bytes())?,
            Part::Query(path) => {
                for (position, found) in path.query(value).iter().enumerate() {
                    if position > 0 {
                        out.write_all(b" ")?;
                    }
                    write_value(found, for_terminal, out)?;
                }
            }
            Part::Range(path, body) => {
                for item in path.query(value).iter() {
                    write_parts(body, item, for_terminal, out)?;
                }
            }
        }
    }
    Ok(())
}

fn write_value(value: &Value, for_terminal: bool, out: &mut dyn Write) -> io::Result<()> {
    match value {
        Value::String(text) if for_terminal => out.write_all(visible::lines(text).as_bytes()),
        Value::String(text) => out.write_all(text.as_bytes()),
        other if for_terminal => out.write_all(visible::lines(&other.to_string()).as_bytes()),
        other => write!(out, "{other}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Value {
        json!({
            "kind": "SnapshotList",
            "items": [
                {"metadata": {"name": "rel-42", "labels": {"a.b/c": "x"}}, "flags": 2, "on": true},
                {"metadata": {"name": "rel-43"}, "flags": 3, "on": false, "message": "\u{1b}[2J\n"},
            ],
        })
    }

    fn filled(template: &str) -> String {
        let mut out = Vec::new();
        template.parse::<Template>().unwrap().write(&document(), false, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn templates_are_filled_in_as_kubectl_fills_them_in() {
        for (template, text) in [
            ("{.kind}", "SnapshotList"),
            ("kind is {$.kind}{'\\n'}", "kind is SnapshotList\n"),
            ("{.items[*].metadata.name}", "rel-42 rel-43"),
            ("{.items[0].flags}/{.items[0].on}", "2/true"),
            ("{.items[-1:].metadata.name}", "rel-43"),
            (r"{.items[0].metadata.labels.a\.b/c}", "x"),
            (r"{.items[0].metadata.labels['a.b/c']}", "x"),
            ("{.items[0].metadata}", r#"{"labels":{"a.b/c":"x"},"name":"rel-42"}"#),
            (
                r#"{range .items[*]}{.metadata.name}{"\t"}{@.flags}{"\n"}{end}"#,
                "rel-42\t2\nrel-43\t3\n",
            ),
            (r#"{.items[?(@.metadata.name=="rel-43")].flags}"#, "3"),
            (r"{.items[?(@.flags>2)].metadata.name}", "rel-43"),
            (r"{.items[?(@.message)].metadata.name}", "rel-43"),
            ("{..name}", "rel-42 rel-43"),
            ("{range .items[*]}{range .metadata}[{.name}]{end}{end}", "[rel-42][rel-43]"),
            ("[{.missing.member}]", "[]"),
            ("no braces", "no braces"),
            ("{\"{\"}", "{"),
        ] {
            assert_eq!(filled(template), text, "{template}");
        }
    }

    #[test]
    fn a_template_that_cannot_be_read_says_why() {
        for (template, problem) in [
            ("{.a", "jsonpath template {.a: a { is never closed"),
            ("{end}", "jsonpath template {end}: {end} has no {range} before it"),
            ("{range .a}", "jsonpath template {range .a}: a {range} is never ended with {end}"),
            ("{.a[}", "jsonpath template {.a[}: a { is never closed"),
        ] {
            assert_eq!(template.parse::<Template>().unwrap_err().to_string(), problem);
        }
    }

    #[test]
    fn a_script_gets_the_bytes_and_a_terminal_does_not() {
        let template: Template = "{.items[1].message}".parse().unwrap();
        for (for_terminal, expected) in [(false, "\u{1b}[2J\n"), (true, "\\u{1b}[2J\n")] {
            let mut out = Vec::new();
            template.write(&document(), for_terminal, &mut out).unwrap();
            assert_eq!(String::from_utf8(out).unwrap(), expected);
        }
    }
}
