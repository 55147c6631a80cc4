//! Drafts of all that a base holds: of its one namespace, or of each part that is changed.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Address, Aim, ComposeError, Composed, Draft, NewImage, Source,
    address::{homes, qualified},
    error::alike,
};
use crate::{
    parts::{Document, NoSuchPart, PartName, Parts},
    snapshot::{Snapshot, Spec},
};

/// Drafts of a base on its way to become a candidate. Parts that nothing is said of stay as they
/// are.
#[derive(Clone, Debug)]
pub struct Drafts {
    label: String,
    base: Document,
    /// The one part that is changed, where the user has said so.
    only: Option<PartName>,
    variables: BTreeSet<String>,
    /// The drafts that were begun, by their parts.
    begun: BTreeMap<Home, Draft>,
    /// The sets that services are taken from, as they are called, and their parts.
    sources: BTreeMap<(String, Home), Source>,
}

/// Home of a change: a part, or none where the base is of one namespace.
pub type Home = Option<PartName>;

impl Drafts {
    /// Drafts that are the base still; `variables` are those of the store.
    ///
    /// # Errors
    /// The base has not the one part that is to be changed.
    pub fn of(
        label: &str,
        base: Document,
        only: Option<PartName>,
        variables: BTreeSet<String>,
    ) -> Result<Self, ComposeError> {
        let known = base.part_names();
        if let Some(part) = only.clone().filter(|part| !known.contains(part)) {
            return Err(no_part(label, NoSuchPart { part, known }));
        }
        let (begun, sources) = (BTreeMap::new(), BTreeMap::new());
        Ok(Self { label: label.to_owned(), base, only, variables, begun, sources })
    }

    /// Removes a service, with what is its alone.
    pub fn remove(&mut self, service: &str) -> Result<(), ComposeError> {
        let (home, service) = self.home(service, "service", has_service)?;
        self.draft(&home).remove(&service)
    }

    /// Takes a service from another set, whole: of one in parts from the part of the same name.
    pub fn take(
        &mut self,
        service: &str,
        label: &str,
        from: &Document,
    ) -> Result<(), ComposeError> {
        let (home, service) = match self.home(service, "service", has_service) {
            Ok(found) => found,
            // What the base has in no part may be new.
            Err(error @ ComposeError::NoneOfParts { .. }) => self.home_in(service, from, error)?,
            Err(error) => return Err(error),
        };
        let set = match (&home, from) {
            (_, Document::One(set)) => set,
            (None, Document::Several(several)) => {
                let error = several.refusal();
                return Err(ComposeError::InParts { label: label.to_owned(), error });
            }
            (Some(part), Document::Several(several)) => {
                several.parts.get(part).ok_or_else(|| {
                    let known = from.part_names();
                    no_part(label, NoSuchPart { part: part.clone(), known })
                })?
            }
        };
        let key = (label.to_owned(), home.clone());
        let source = self.sources.remove(&key);
        let source = source.unwrap_or_else(|| Source::of(label, set));
        let taken = self.draft(&home).take(&service, &source);
        self.sources.insert(key, source);
        taken
    }

    /// The containers that an address means, each with its part.
    pub fn aims(&mut self, address: &Address) -> Result<Vec<(Home, Aim)>, ComposeError> {
        let (home, target) = match (&self.only, &self.base) {
            (Some(part), _) => (Some(part.clone()), address.target()?),
            (None, Document::One(_)) => (None, address.target()?),
            (None, Document::Several(several)) => {
                let (homes, target) = address.among(&several.parts)?;
                (Some(self.one_of(homes, &several.parts, &target.service, "service")?), target)
            }
        };
        let aims = self.draft(&home).aims(&target)?;
        Ok(aims.into_iter().map(|aim| (home.clone(), aim)).collect())
    }

    /// Gives a container another image.
    pub fn set(&mut self, home: &Home, aim: &Aim, image: &NewImage) {
        self.draft(home).set(aim, image);
    }

    /// Switches a flag: to a variant by its name or value, or `on` and `off`.
    pub fn switch(&mut self, flag: &str, wanted: &str) -> Result<(), ComposeError> {
        let (home, flag) = self.home(flag, "flag", has_flag)?;
        self.draft(&home).switch(&flag, wanted)
    }

    /// The candidate, with the metadata of the base, and what was noticed on the way to it.
    ///
    /// # Errors
    /// The manifests make no set, or a flag is not what it was switched to.
    pub fn finish(self) -> Result<(Document, Vec<String>), ComposeError> {
        let mut document = self.base;
        let mut warnings = Vec::new();
        for (home, draft) in self.begun {
            let Composed { snapshot, warnings: noticed } = draft.finish()?;
            let said = |warning: String| match &home {
                Some(part) => format!("{part}: {warning}"),
                None => warning,
            };
            warnings.extend(noticed.into_iter().map(said));
            document = match (document, &home) {
                (Document::Several(whole), Some(part)) => {
                    let metadata = whole.metadata.clone();
                    whole.with_part(part, snapshot, metadata).into()
                }
                (_, _) => snapshot.into(),
            };
        }
        Ok((document, warnings))
    }

    /// The draft of a part, begun where nothing was said of it yet.
    fn draft(&mut self, home: &Home) -> &mut Draft {
        let (base, label, variables) = (&self.base, &self.label, &self.variables);
        self.begun.entry(home.clone()).or_insert_with(|| {
            let nothing = Snapshot::default();
            let (set, label) = match (base, home) {
                (Document::One(set), _) => (set, label.clone()),
                (Document::Several(several), Some(part)) => {
                    (several.parts.get(part).unwrap_or(&nothing), format!("{label}, part {part}"))
                }
                (Document::Several(_), None) => (&nothing, label.clone()),
            };
            Draft::of(&label, set, variables.clone())
        })
    }

    /// The part that has what a name means, and the name in it.
    fn home(
        &self,
        name: &str,
        what: &'static str,
        has: fn(&Spec, &str) -> bool,
    ) -> Result<(Home, String), ComposeError> {
        let parts = match (&self.only, &self.base) {
            (None, Document::Several(several)) => &several.parts,
            (only, _) => return Ok((only.clone(), name.to_owned())),
        };
        let homes = homes(parts, name, has);
        match qualified(parts, name).filter(|_| homes.is_empty()) {
            Some((part, name)) => Ok((Some(part.clone()), name.to_owned())),
            None => Ok((Some(self.one_of(homes, parts, name, what)?), name.to_owned())),
        }
    }

    /// The part of another set that has a service which no part of the base has.
    fn home_in(
        &self,
        service: &str,
        from: &Document,
        error: ComposeError,
    ) -> Result<(Home, String), ComposeError> {
        let Document::Several(several) = from else { return Err(error) };
        let mut homes = homes(&several.parts, service, has_service);
        homes.retain(|part| self.base.part_names().contains(part));
        if homes.is_empty() {
            return Err(error);
        }
        let part = self.one_of(homes, &several.parts, service, "service")?;
        Ok((Some(part), service.to_owned()))
    }

    /// The one part that is meant.
    fn one_of(
        &self,
        mut homes: Vec<PartName>,
        parts: &Parts,
        name: &str,
        what: &'static str,
    ) -> Result<PartName, ComposeError> {
        let (label, name) = (self.label.clone(), name.to_owned());
        match homes.len() {
            1 => Ok(homes.remove(0)),
            0 => {
                let all = parts.iter().flat_map(|(part, set)| {
                    let names: Vec<&String> = if what == "flag" {
                        set.spec.flags.keys().collect()
                    } else {
                        set.spec.services.keys().collect()
                    };
                    names.into_iter().map(move |name| (name, format!("{part}/{name}")))
                });
                let all: Vec<(&String, String)> = all.collect();
                let alike: Vec<String> = alike(&name, all.iter().map(|(name, _)| *name));
                let mut known: Vec<String> = Vec::new();
                for one in alike {
                    let called = all.iter().filter(|(name, _)| **name == one);
                    known.extend(called.map(|(_, called)| called.clone()));
                }
                known.dedup();
                Err(ComposeError::NoneOfParts { what, name, label, known })
            }
            _ => Err(ComposeError::SeveralParts { what, name, label, parts: homes }),
        }
    }
}

fn has_service(spec: &Spec, name: &str) -> bool {
    spec.services.contains_key(name)
}

fn has_flag(spec: &Spec, key: &str) -> bool {
    spec.flags.contains_key(key)
}

fn no_part(label: &str, error: NoSuchPart) -> ComposeError {
    ComposeError::NoPart { label: label.to_owned(), error }
}
