//! Lines of the members of a YAML document, for messages about one of them.

use std::fmt;

use serde::{
    Deserialize, Deserializer,
    de::{MapAccess, SeqAccess, Visitor},
};
use serde_saphyr::Spanned;

use super::{Key, Reader, options};
use crate::member_path::Step;

/// A document's tree, with the line of each node and nothing else.
enum Lines {
    Leaf,
    Members(Vec<(String, u64, Spanned<Lines>)>),
    Elements(Vec<Spanned<Lines>>),
}

/// The line, from 1, of the member at a path, or of the last on the way to it that there is; none
/// where the text cannot be read.
#[must_use]
pub fn line_of(text: &str, path: &[Step]) -> Option<u64> {
    let read =
        serde_saphyr::from_str_with_options::<Spanned<Lines>>(text, options(Reader::Kubectl));
    let mut node = &read.ok()?;
    let mut line = node.referenced.line();
    for step in path {
        let next = match (&node.value, step) {
            (Lines::Members(members), Step::Member(name)) => members
                .iter()
                .find(|(key, ..)| key == name)
                .map(|(_, line, member)| (*line, member)),
            (Lines::Elements(elements), Step::Element(index)) => {
                elements.get(*index).map(|element| (element.referenced.line(), element))
            }
            _ => None,
        };
        let Some((found, below)) = next else { break };
        (line, node) = (found, below);
    }
    Some(line)
}

impl<'de> Deserialize<'de> for Lines {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(LinesVisitor)
    }
}

struct LinesVisitor;

impl<'de> Visitor<'de> for LinesVisitor {
    type Value = Lines;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_str<E>(self, _: &str) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_unit<E>(self) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_none<E>(self) -> Result<Lines, E> {
        Ok(Lines::Leaf)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Lines, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Lines, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = list.next_element()? {
            elements.push(element);
        }
        Ok(Lines::Elements(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Lines, A::Error> {
        let mut members = Vec::new();
        while let Some(key) = map.next_key::<Spanned<Key>>()? {
            members.push((key.value.0, key.referenced.line(), map.next_value()?));
        }
        Ok(Lines::Members(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_member_has_its_line() {
        let text = "# A fixture.\ncandidate:\n  services:\n  - service: tax\n    image: a\n  - service: cart\n    img: b\nnow: x\n";
        let member = |name: &str| Step::Member(name.to_owned());
        let path = [member("candidate"), member("services"), Step::Element(1), member("img")];
        assert_eq!(line_of(text, &path), Some(7));
        assert_eq!(line_of(text, &path[..3]), Some(6));
        // The last on the way that there is.
        let missing = [&path[..3], &[member("image")]].concat();
        assert_eq!(line_of(text, &missing), Some(6));
        assert_eq!(line_of(text, &[member("now")]), Some(8));
        assert_eq!(line_of("{\"a\": 1,\n\"b\": 2}", &[member("b")]), Some(2));
        assert_eq!(line_of("a: [", &[]), None);
    }
}
