//! Path of a member in a document.

use std::fmt;

use serde_path_to_error::Segment;

/// Path from a document's top to a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Path(pub Vec<Step>);

/// Step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Step {
    /// Member of an object.
    Member(String),
    /// Element of a list, from 0.
    Element(usize),
}

impl Path {
    /// Path of a member of the document.
    #[must_use]
    pub fn top(name: &str) -> Self {
        Self(vec![Step::Member(name.to_owned())])
    }

    /// Path of a member of a list's element.
    pub(crate) fn element(list: &str, place: usize, member: &str) -> Self {
        let mut path = Self::top(list);
        path.0.extend([Step::Element(place), Step::Member(member.to_owned())]);
        path
    }

    pub(crate) fn of(path: &serde_path_to_error::Path) -> Self {
        let step = |segment: &Segment| match segment {
            Segment::Seq { index } => Some(Step::Element(*index)),
            Segment::Map { key } => Some(Step::Member(key.clone())),
            Segment::Enum { variant } => Some(Step::Member(variant.clone())),
            Segment::Unknown => None,
        };
        Self(path.iter().filter_map(step).collect())
    }
}

/// Path as authors read it: `candidate.services[0].image`.
impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_empty() {
            return f.write_str("the fixture");
        }
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Member(name) if place == 0 => f.write_str(name)?,
                Step::Member(name) => write!(f, ".{name}")?,
                Step::Element(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
