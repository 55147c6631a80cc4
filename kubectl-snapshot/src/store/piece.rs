//! A set as many pieces, whose order does not matter.
//!
//! A piece is one line of JSON with one member of the set:
//!
//! ```json
//! {"service":{"cart":{"cart":{"kind":"Deployment"}}}}
//! {"object":{"apiVersion":"apps/v1","kind":"Deployment"}}
//! {"flag":{"tax-call":{"enabled":true}}}
//! {"extra":{"a-newer-member":{}}}
//! ```
//!
//! Services and flags carry their names, and an object is listed under its own
//! digest, so the pieces of a set are the set.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    io::{self, Write},
};

use serde::Deserialize;
use serde_json::{Value, value::RawValue};
use snapshot_core::{
    canonical,
    digest::{Digest, Hasher},
    flag::Flag,
    manifest::Manifest,
    parts::{Document, PartName},
    snapshot::{Instances, Spec},
};

/// One member of a set, as it is stored.
#[derive(Clone, Debug)]
pub(super) enum Piece {
    /// A cleaned manifest.
    Object(Manifest),
    /// A line, for the members that a set does not hold as text.
    Line(String),
}

/// The pieces of a document, each once.
#[derive(Debug)]
pub(super) struct Cut {
    /// The pieces of all its sets.
    pub(super) pieces: Vec<Piece>,
    /// For each part the positions of its pieces; empty where the set is of one namespace.
    pub(super) parts: Vec<(PartName, Vec<usize>)>,
}

impl Cut {
    /// Cuts a document into pieces. A part is cut as its set alone would be, and what several
    /// parts hold is one piece.
    pub(super) fn of(document: &Document) -> Self {
        let several = match document {
            Document::One(snapshot) => {
                return Self { pieces: pieces(&snapshot.spec), parts: Vec::new() };
            }
            Document::Several(several) => several,
        };
        let mut cut = Self { pieces: Vec::new(), parts: Vec::new() };
        let mut known: HashMap<Digest, usize> = HashMap::new();
        for (name, part) in several.parts.iter() {
            let positions = pieces(&part.spec).into_iter().map(|piece| {
                *known.entry(piece.digest()).or_insert_with(|| {
                    cut.pieces.push(piece);
                    cut.pieces.len() - 1
                })
            });
            let positions = positions.collect();
            cut.parts.push((name.clone(), positions));
        }
        cut
    }
}

/// The pieces of a set, each service beside the objects it runs: what changes
/// together, and what resembles each other, is compressed together.
pub(super) fn pieces(spec: &Spec) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(spec.services.len() + spec.objects.len());
    let mut placed = BTreeSet::new();
    for (name, instances) in &spec.services {
        pieces.push(line("service", name, instances));
        for digest in instances
            .values()
            .flat_map(|instance| instance.configs.values().chain([&instance.manifest]))
        {
            if let Some(manifest) = spec.objects.get(digest).filter(|_| placed.insert(*digest)) {
                pieces.push(Piece::Object(manifest.clone()));
            }
        }
    }
    let others = spec.objects.iter().filter(|(digest, _)| !placed.contains(digest));
    pieces.extend(others.map(|(_, manifest)| Piece::Object(manifest.clone())));
    pieces.extend(spec.flags.iter().map(|(key, flag)| line("flag", key, flag)));
    pieces.extend(spec.extra.iter().map(|(key, value)| line("extra", key, value)));
    pieces
}

fn line<T: serde::Serialize>(kind: &str, name: &str, value: &T) -> Piece {
    Piece::Line(canonical::text(&BTreeMap::from([(kind, BTreeMap::from([(name, value)]))])))
}

impl Piece {
    /// Writes the line, without its end.
    fn write<W: Write>(&self, out: &mut W) -> io::Result<()> {
        match self {
            Self::Object(manifest) => {
                out.write_all(b"{\"object\":")?;
                out.write_all(manifest.text().as_bytes())?;
                out.write_all(b"}")
            }
            Self::Line(line) => out.write_all(line.as_bytes()),
        }
    }

    /// Appends the line and its end.
    pub(super) fn append_to(&self, text: &mut Vec<u8>) {
        self.write(text).expect("memory takes all");
        text.push(b'\n');
    }

    /// Number of bytes that it adds to a text.
    pub(super) fn length(&self) -> usize {
        let line = match self {
            Self::Object(manifest) => "{\"object\":}".len() + manifest.text().len(),
            Self::Line(line) => line.len(),
        };
        line + 1
    }

    /// The digest of the line, by which it is found where it is stored already.
    pub(super) fn digest(&self) -> Digest {
        let mut hasher = Hasher::default();
        self.write(&mut hasher).expect("hashing cannot fail");
        hasher.finish()
    }
}

/// The lines of a text of pieces, without their ends.
pub(super) fn lines(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    text.split_inclusive(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\n").unwrap_or(line))
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Read<'a> {
    #[serde(borrow)]
    Object(&'a RawValue),
    Service(BTreeMap<String, Instances>),
    Flag(BTreeMap<String, Flag>),
    Extra(BTreeMap<String, Value>),
}

/// Puts the member that a line holds into a set.
pub(super) fn read_into(spec: &mut Spec, line: &[u8]) -> Result<(), serde_json::Error> {
    match serde_json::from_slice(line)? {
        Read::Object(text) => {
            let manifest = Manifest::from_canonical(text.get());
            spec.objects.insert(manifest.digest(), manifest);
        }
        Read::Service(services) => spec.services.extend(services),
        Read::Flag(flags) => spec.flags.extend(flags),
        Read::Extra(extra) => spec.extra.extend(extra),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use snapshot_core::document::arbitrary;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_pieces_of_a_set_are_the_set(snapshot in arbitrary::snapshot()) {
            let mut text = Vec::new();
            pieces(&snapshot.spec).iter().rev().for_each(|piece| piece.append_to(&mut text));
            let mut back = Spec::default();
            for line in lines(&text) {
                read_into(&mut back, line).unwrap();
            }
            prop_assert_eq!(back, snapshot.spec);
        }

        #[test]
        fn a_piece_knows_its_line(snapshot in arbitrary::snapshot()) {
            for piece in pieces(&snapshot.spec) {
                let mut text = Vec::new();
                piece.append_to(&mut text);
                prop_assert_eq!(text.len(), piece.length());
                prop_assert_eq!(lines(&text).map(Digest::of).collect::<Vec<_>>(), [piece.digest()]);
            }
        }
    }

    #[test]
    fn a_line_of_another_kind_is_refused() {
        let mut spec = Spec::default();
        for line in ["{\"wave\":{}}", "{\"object\":", "tax", ""] {
            assert!(read_into(&mut spec, line.as_bytes()).is_err(), "{line}");
        }
    }
}
