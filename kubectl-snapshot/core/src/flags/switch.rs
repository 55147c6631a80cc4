//! Switching flags, and carrying definitions from one set to another.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{
    environment::{Unswitchable, switch as switch_variable},
    flagd::{
        Change, ConfigMapChange, To, Unchangeable, change_config_map, change_document,
        definition_in, variant,
    },
    lookup::Lookup,
    served::{is_served, system_of},
    systems::config_map_of,
};
use crate::{
    flag::{Flag, State},
    flag_source::SystemType,
    manifest::{Kind, Manifest},
    snapshot::Spec,
};

/// Error: a flag cannot be switched.
#[derive(Debug, thiserror::Error)]
pub enum SwitchError {
    /// The flag serves no such thing.
    #[error("flag {flag} cannot be {wanted}: {problem}")]
    Unchangeable {
        /// The flag.
        flag: String,
        /// The variant or value that was asked for.
        wanted: String,
        /// Reason.
        #[source]
        problem: Unchangeable,
    },
    /// The variable that is the flag belongs to the place.
    #[error(
        "flag {flag} is the variable {variable}, whose value belongs to the place and not to the set"
    )]
    OfThePlace {
        /// The flag.
        flag: String,
        /// The variable.
        variable: String,
    },
    /// The variable that is the flag comes from a Secret or from the pod itself.
    #[error("flag {flag} is the variable {variable}, whose value does not stand in the set")]
    Elsewhere {
        /// The flag.
        flag: String,
        /// The variable.
        variable: String,
    },
    /// The variable that is the flag turns it off, and knows on and off alone.
    #[error("flag {flag} can be on or off: the variable {variable} turns it off")]
    NoOpposite {
        /// The flag.
        flag: String,
        /// The variable.
        variable: String,
    },
    /// Rules decide for whom the flag is on.
    #[error(
        "flag {flag} is on for some, as its rules decide: nothing but their own system changes them"
    )]
    DecidedByRules {
        /// The flag.
        flag: String,
    },
    /// No definition can be changed.
    #[error("flag {flag} cannot be switched: {origin} has no definition that can be changed")]
    NoDefinition {
        /// The flag.
        flag: String,
        /// Origin of the flag.
        origin: String,
    },
    /// Something else defines the flag too, and that counts.
    #[error("flag {flag} would not be what it was switched to: {origin} says otherwise")]
    Contradicted {
        /// The flag.
        flag: String,
        /// Origin that counts.
        origin: String,
    },
}

/// A flag that was switched in its definitions.
#[derive(Debug, Default)]
pub(crate) struct Switched {
    /// Values that the definitions serve now.
    pub(crate) values: Vec<Value>,
    /// Warnings for the reader, a sentence each.
    pub(crate) warnings: Vec<String>,
}

/// The object that defines a flag, where it is one; not the workload of an environment variable.
pub(crate) fn holder_of(flag: &Flag) -> Option<(Kind, String)> {
    if let Some(name) = config_map_of(flag) {
        return Some((Kind::ConfigMap, name.to_owned()));
    }
    let name = flag.source.strip_prefix("featureflag:")?;
    Some((Kind::FeatureFlag, name.to_owned()))
}

/// A flag that no object defines, switched.
pub(crate) fn switched(name: &str, flag: &Flag, wanted: &str) -> Result<Flag, SwitchError> {
    if is_served(flag) && matches!(wanted, "on" | "true" | "off" | "false") {
        let on = matches!(wanted, "on" | "true");
        if flag.state() == State::Some && (on || is_decided_by_rollouts(flag)) {
            return Err(SwitchError::DecidedByRules { flag: name.to_owned() });
        }
        // One of true and false is off by its value.
        let is_plain = flag.targeting.is_none() && flag.value.as_bool().is_some();
        let value = if is_plain && on { true.into() } else { flag.value.clone() };
        return Ok(Flag { enabled: on, value, ..flag.clone() });
    }
    let (_, value) = variant(&flag.variants, wanted).map_err(|problem| {
        SwitchError::Unchangeable { flag: name.to_owned(), wanted: wanted.to_owned(), problem }
    })?;
    Ok(Flag { enabled: true, value, ..flag.clone() })
}

/// True of a flag of Flipt's that is true for some whatever its own state is.
fn is_decided_by_rollouts(flag: &Flag) -> bool {
    system_of(flag) == Some(SystemType::Flipt) && flag.value.is_boolean()
}

/// Switches a flag wherever objects of a set define it.
pub(crate) fn switch(
    spec: &Spec,
    objects: &mut BTreeMap<(Kind, String), Manifest>,
    name: &str,
    wanted: &str,
) -> Result<Switched, SwitchError> {
    let unchangeable = |problem| SwitchError::Unchangeable {
        flag: name.to_owned(),
        wanted: wanted.to_owned(),
        problem,
    };
    let Some(flag) = spec.flags.get(name) else { return Ok(Switched::default()) };
    let key = flag.key_in_set(name);
    let change = Change { key, flag_set: flag.flag_set.as_deref(), to: wanted.into() };
    let mut done = Switched::default();
    for ((kind, object), manifest) in objects.iter_mut() {
        let changed = in_object(*kind, manifest, &change).map_err(unchangeable)?;
        let Some((changed, value, rewritten)) = changed else { continue };
        *manifest = changed;
        done.values.push(value);
        done.warnings.extend(rewritten.map(|file| {
            format!(
                "{kind} {object}: {file} is YAML and is written anew as JSON, which YAML readers \
                 take; its comments are gone"
            )
        }));
    }
    let lookup = Lookup::new(spec);
    for one in spec.instances() {
        let switched = switch_variable(one, &lookup, objects, name, wanted);
        done.values.extend(switched.map_err(|error| {
            let flag = name.to_owned();
            match error {
                Unswitchable::OfThePlace(variable) => SwitchError::OfThePlace { flag, variable },
                Unswitchable::Elsewhere(variable) => SwitchError::Elsewhere { flag, variable },
                Unswitchable::NoOpposite(variable) => SwitchError::NoOpposite { flag, variable },
            }
        })?);
    }
    if done.values.is_empty() {
        let origin = flag.source.clone();
        return Err(SwitchError::NoDefinition { flag: name.to_owned(), origin });
    }
    Ok(done)
}

/// An object with a change made in it, what the flag serves now, and the file that was YAML.
type Changed = (Manifest, Value, Option<String>);

fn in_object(
    kind: Kind,
    manifest: &Manifest,
    change: &Change<'_>,
) -> Result<Option<Changed>, Unchangeable> {
    if !matches!(kind, Kind::ConfigMap | Kind::FeatureFlag) {
        return Ok(None);
    }
    if kind == Kind::ConfigMap {
        let changed = change_config_map(manifest, change)?;
        return Ok(changed.map(|ConfigMapChange { tree, value, rewritten }| {
            (Manifest::new(&tree), value, rewritten)
        }));
    }
    let mut tree = manifest.tree();
    let definitions = tree.pointer_mut("/spec/flagSpec");
    let value = definitions.map(|document| change_document(document, change)).transpose()?;
    Ok(value.flatten().map(|value| (Manifest::new(&tree), value, None)))
}

/// An object of one set with the definition that a flag has in the like object of another; none
/// where it has that already.
pub(crate) fn with_definition(
    name: &str,
    flag: &Flag,
    theirs: &Manifest,
    own: &Manifest,
) -> Result<Option<Manifest>, Unchangeable> {
    let Some((kind, _)) = own.identity() else { return Ok(None) };
    let (key, flag_set) = (flag.key_in_set(name), flag.flag_set.as_deref());
    let found = definition_in(kind, &theirs.tree(), key, flag_set);
    let Some((file, definition)) = found else { return Ok(None) };
    if definition_in(kind, &own.tree(), key, flag_set).is_some_and(|(_, own)| own == definition) {
        return Ok(None);
    }
    let change = Change { key, flag_set, to: To::Definition { file, definition } };
    Ok(in_object(kind, own, &change)?.map(|(changed, ..)| changed))
}
