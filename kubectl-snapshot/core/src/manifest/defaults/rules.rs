//! Tables of defaults, read into a tree that is walked along with an object.

use std::collections::HashMap;

use serde_json::Value;

/// The defaults of one part of an object, by path.
///
/// Every member of an object is looked up once, however long the tables are:
/// ten thousand workloads pass through here.
#[derive(Debug, Default)]
pub(super) struct Rules {
    members: HashMap<&'static str, Rules>,
    elements: Option<Box<Rules>>,
    defaults: Vec<Value>,
}

impl Rules {
    /// Reads lines of `path = JSON`, with as many values as stand for nothing.
    ///
    /// In a path, `a|b` is each of the members and `[*]` every element of a list.
    pub(super) fn parse(table: &'static str) -> Self {
        let mut rules = Self::default();
        rules.add(table);
        rules
    }

    /// Adds the rules of a table about the parts at `path`.
    pub(super) fn with(mut self, path: &'static str, table: &'static str) -> Self {
        self.at(path, &mut |rules| rules.add(table));
        self
    }

    /// Takes every default out of `part`.
    pub(super) fn strip(&self, part: &mut Value) {
        match part {
            Value::Object(members) => members.retain(|name, member| {
                let Some(rules) = self.members.get(name.as_str()) else { return true };
                rules.strip(member);
                !rules.defaults.contains(member)
            }),
            Value::Array(elements) => {
                for element in elements {
                    if let Some(rules) = &self.elements {
                        rules.strip(element);
                    }
                }
            }
            _ => {}
        }
    }

    fn add(&mut self, table: &'static str) {
        for line in table.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (path, values) = line.split_once(" = ").expect("a rule is `path = JSON`");
            let values = serde_json::Deserializer::from_str(values).into_iter();
            let values: Vec<Value> = values.collect::<Result<_, _>>().expect("a default is JSON");
            self.at(path, &mut |rules| rules.defaults.extend_from_slice(&values));
        }
    }

    fn at(&mut self, path: &'static str, change: &mut dyn FnMut(&mut Self)) {
        let (names, rest) =
            path.split_once('.').map_or((path, None), |(head, rest)| (head, Some(rest)));
        let (names, in_list) =
            names.strip_suffix("[*]").map_or((names, false), |names| (names, true));
        for name in names.split('|') {
            let member = self.members.entry(name).or_default();
            let part =
                if in_list { &mut **member.elements.get_or_insert_default() } else { member };
            match rest {
                Some(rest) => part.at(rest, change),
                None => change(part),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_table_names_members_elements_and_values() {
        let rules = Rules::parse("a|b.c = 1 \"\"\n\n  list[*].d = {\"e\": 0}")
            .with("list[*].sub", "f = false");
        let mut part = json!({
            "a": {"c": 1, "x": 1}, "b": {"c": ""}, "c": 1,
            "list": [{"d": {"e": 0}}, {"d": 1, "sub": {"f": false}}, "text"],
        });
        rules.strip(&mut part);
        assert_eq!(
            part,
            json!({"a": {"x": 1}, "b": {}, "c": 1, "list": [{}, {"d": 1, "sub": {}}, "text"]})
        );
    }

    #[test]
    fn what_has_another_shape_stays() {
        let rules = Rules::parse("a[*].b = 1");
        for mut part in [json!({"a": {"b": 1}}), json!([{"a": 1}]), json!(1), json!(null)] {
            let before = part.clone();
            rules.strip(&mut part);
            assert_eq!(part, before);
        }
    }
}
