//! `spec` as the parser meets it: objects stay text.

use std::{collections::BTreeMap, fmt};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Value, value::RawValue};

use crate::{
    digest::Digest,
    flag::Flag,
    parts::{PartName, Several},
    snapshot::Instances,
    unknown_fields::UnknownFields,
};

/// The members of `spec`, with objects as slices of the document.
///
/// A derive cannot say this: keeping unknown members there means buffering all
/// of them, and text cannot be taken out of a buffer.
#[derive(Default)]
pub(super) struct SetText<'a> {
    pub(super) services: BTreeMap<String, Instances>,
    pub(super) flags: BTreeMap<String, Flag>,
    pub(super) objects: BTreeMap<Digest, &'a RawValue>,
    pub(super) extra: UnknownFields,
}

impl<'de: 'a, 'a> Deserialize<'de> for SetText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Members)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = SetText<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with services, flags and objects")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<SetText<'de>, A::Error> {
        let mut set = SetText::default();
        while let Some(key) = map.next_key::<String>()? {
            match key.as_str() {
                "services" => set.services = map.next_value()?,
                "flags" => set.flags = map.next_value()?,
                "objects" => set.objects = map.next_value()?,
                _ => {
                    let value: Value = map.next_value()?;
                    set.extra.insert(key, value);
                }
            }
        }
        Ok(set)
    }
}

/// The members of the `spec` of a set in parts.
#[derive(Default)]
pub(super) struct PartsText<'a> {
    pub(super) parts: BTreeMap<PartName, SetText<'a>>,
    pub(super) extra: UnknownFields,
}

impl<'de: 'a, 'a> Deserialize<'de> for PartsText<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(PartsMembers)
    }
}

struct PartsMembers;

impl<'de> Visitor<'de> for PartsMembers {
    type Value = PartsText<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object with parts")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<PartsText<'de>, A::Error> {
        let mut set = PartsText::default();
        while let Some(key) = map.next_key::<String>()? {
            if key == Several::PARTS {
                set.parts = map.next_value()?;
            } else {
                let value: Value = map.next_value()?;
                set.extra.insert(key, value);
            }
        }
        Ok(set)
    }
}
