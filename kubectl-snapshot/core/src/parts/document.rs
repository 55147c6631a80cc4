//! A snapshot as it is named and stored: of one namespace, or in parts.

use std::io::{self, Write};

use super::{PartName, Parts, listed};
use crate::{
    canonical,
    digest::{Digest, Hasher},
    snapshot::{Metadata, Snapshot},
    unknown_fields::UnknownFields,
};

/// A snapshot as it is named and stored.
#[derive(Clone, Debug, PartialEq)]
pub enum Document {
    /// The set of one namespace.
    One(Snapshot),
    /// The set of several namespaces.
    Several(Several),
}

/// The set of several namespaces.
#[derive(Clone, Debug, PartialEq)]
pub struct Several {
    /// Name, origin and time of the whole; what is known of a part stands there.
    pub metadata: Metadata,
    /// The parts.
    pub parts: Parts,
    /// Fields of the set that a newer version of this tool added.
    pub extra: UnknownFields,
}

/// Error: a set in parts, where one namespace's is wanted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is a set of several namespaces, with the parts {}", listed(parts))]
pub struct InParts {
    /// The parts that there are.
    pub parts: Vec<PartName>,
}

/// Error: no part of that alias.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it has no part {part}{}", among(known))]
pub struct NoSuchPart {
    /// The alias.
    pub part: PartName,
    /// The parts that there are; none where the set is of one namespace.
    pub known: Vec<PartName>,
}

fn among(known: &[PartName]) -> String {
    if known.is_empty() {
        "; it is the set of one namespace".to_owned()
    } else {
        format!("; its parts are {}", listed(known))
    }
}

impl From<Several> for Document {
    fn from(several: Several) -> Self {
        Self::Several(several)
    }
}

impl From<Snapshot> for Document {
    fn from(snapshot: Snapshot) -> Self {
        Self::One(snapshot)
    }
}

impl Several {
    /// The set with another one as one of its parts, and with metadata of its own.
    #[must_use]
    pub fn with_part(self, part: &PartName, set: Snapshot, metadata: Metadata) -> Self {
        let Self { parts: Parts(mut parts), .. } = self;
        let own =
            Metadata { name: None, created: None, author: None, message: None, ..set.metadata };
        parts.insert(part.clone(), Snapshot { metadata: own, spec: set.spec });
        Self { metadata, parts: Parts(parts), ..self }
    }
}

impl Document {
    /// Metadata of the whole.
    #[must_use]
    pub fn metadata(&self) -> &Metadata {
        match self {
            Self::One(snapshot) => &snapshot.metadata,
            Self::Several(several) => &several.metadata,
        }
    }

    /// Metadata of the whole, to be changed.
    pub fn metadata_mut(&mut self) -> &mut Metadata {
        match self {
            Self::One(snapshot) => &mut snapshot.metadata,
            Self::Several(several) => &mut several.metadata,
        }
    }

    /// The aliases of the parts; none where the set is of one namespace.
    #[must_use]
    pub fn part_names(&self) -> Vec<PartName> {
        match self {
            Self::One(_) => Vec::new(),
            Self::Several(several) => several.parts.names().cloned().collect(),
        }
    }

    /// Each set of one namespace, with its alias where it is a part.
    pub fn sets(&self) -> impl Iterator<Item = (Option<&PartName>, &Snapshot)> {
        let (one, several) = match self {
            Self::One(snapshot) => (Some(snapshot), None),
            Self::Several(several) => (None, Some(&several.parts)),
        };
        let parts = several.into_iter().flat_map(Parts::iter);
        one.into_iter().map(|one| (None, one)).chain(parts.map(|(name, part)| (Some(name), part)))
    }

    /// The set in parts, where it is one.
    #[must_use]
    pub fn as_several(&self) -> Option<&Several> {
        match self {
            Self::One(_) => None,
            Self::Several(several) => Some(several),
        }
    }

    /// The set of one namespace, where it is one.
    pub fn into_one(self) -> Result<Snapshot, InParts> {
        match self {
            Self::One(snapshot) => Ok(snapshot),
            Self::Several(several) => Err(several.refusal()),
        }
    }

    /// One part, as a snapshot without a name.
    pub fn into_part(self, part: &PartName) -> Result<Snapshot, NoSuchPart> {
        let known = self.part_names();
        let missing = || NoSuchPart { part: part.clone(), known };
        let Self::Several(Several { metadata, parts, .. }) = self else { return Err(missing()) };
        let found = parts.into_map().remove(part).ok_or_else(missing)?;
        let Metadata { created, author, message, .. } = metadata;
        let metadata = Metadata { created, author, message, ..found.metadata };
        Ok(Snapshot { metadata, spec: found.spec })
    }

    /// Number of services, each counted in every part that has it.
    #[must_use]
    pub fn service_count(&self) -> usize {
        self.sets().map(|(_, set)| set.spec.services.len()).sum()
    }

    /// Number of workloads.
    #[must_use]
    pub fn instance_count(&self) -> usize {
        self.sets().map(|(_, set)| set.spec.instance_count()).sum()
    }

    /// Number of flags, each counted in every part that has it.
    #[must_use]
    pub fn flag_count(&self) -> usize {
        self.sets().map(|(_, set)| set.spec.flags.len()).sum()
    }

    /// The digest that names the set.
    #[must_use]
    pub fn digest(&self) -> Digest {
        match self {
            Self::One(snapshot) => snapshot.spec.digest(),
            Self::Several(several) => several.digest(),
        }
    }

    /// Writes the canonical text of the set.
    pub fn write_canonical<W: Write>(&self, out: &mut W) -> io::Result<()> {
        match self {
            Self::One(snapshot) => snapshot.spec.write_canonical(out),
            Self::Several(several) => several.write_canonical(out),
        }
    }
}

impl Several {
    /// The member of `spec` that holds the parts.
    pub(crate) const PARTS: &'static str = "parts";

    /// The refusal of those who take the set of one namespace alone.
    #[must_use]
    pub fn refusal(&self) -> InParts {
        InParts { parts: self.parts.names().cloned().collect() }
    }

    /// The digest that names the set.
    ///
    /// # Panics
    /// Never: nothing that is hashed can fail to be written.
    #[must_use]
    pub fn digest(&self) -> Digest {
        let mut hasher = Hasher::default();
        self.write_canonical(&mut hasher).expect("hashing cannot fail");
        hasher.finish()
    }

    fn write_canonical<W: Write>(&self, out: &mut W) -> io::Result<()> {
        let extra = self.extra.keys().map(String::as_str).filter(|key| *key != Self::PARTS);
        canonical::write_object(out, [Self::PARTS].into_iter().chain(extra), |out, key| {
            if key != Self::PARTS {
                return out.write_all(canonical::text(&self.extra[key]).as_bytes());
            }
            let names = self.parts.names().map(AsRef::as_ref);
            canonical::write_object(out, names, |out, name| {
                self.parts.0[name].spec.write_canonical(out)
            })
        })
    }
}
