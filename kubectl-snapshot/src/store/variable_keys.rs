//! Keys under which an entry holds variables: a ConfigMap takes neither `:` nor `/` in one.
//!
//! `DB_HOST` is its own key; `label:env` is kept as `label..env`, and `label:shop.example/env` as
//! `label..shop.example__env`, for no domain has an underscore.

use std::collections::BTreeMap;

use super::entry::Fields;

/// Kinds of variables that are no environment values.
const KINDS: [&str; 2] = ["label", "annotation"];

/// The fields of an entry that hold these values.
pub(super) fn fields(values: BTreeMap<String, String>) -> Fields {
    values.into_iter().map(|(name, value)| (key(&name), value)).collect()
}

/// The values that an entry's fields hold.
pub(super) fn values(fields: Fields) -> BTreeMap<String, String> {
    fields.into_iter().map(|(key, value)| (name(&key), value)).collect()
}

fn key(variable: &str) -> String {
    let Some((kind, name)) = variable.split_once(':') else { return variable.to_owned() };
    match name.split_once('/') {
        Some((domain, name)) => format!("{kind}..{domain}__{name}"),
        None if name.contains("__") => format!("{kind}..__{name}"),
        None => format!("{kind}..{name}"),
    }
}

fn name(key: &str) -> String {
    let of_a_kind = key.split_once("..").filter(|(kind, _)| KINDS.contains(kind));
    match of_a_kind.map(|(kind, rest)| (kind, rest, rest.split_once("__"))) {
        Some((kind, _, Some(("", name))) | (kind, name, None)) => format!("{kind}:{name}"),
        Some((kind, _, Some((domain, name)))) => format!("{kind}:{domain}/{name}"),
        None => key.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use snapshot_core::variable;

    #[test]
    fn every_name_has_a_key_of_its_own_that_a_config_map_takes() {
        let pairs = [
            ("DB_HOST", "DB_HOST"),
            ("spring..x", "spring..x"),
            ("label:env", "label..env"),
            ("label:my__env", "label..__my__env"),
            ("label:shop.example/my__env", "label..shop.example__my__env"),
            ("annotation:a..b", "annotation..a..b"),
        ];
        for (variable, expected) in pairs {
            assert_eq!(variable::name_fault(variable), None, "{variable}");
            assert_eq!(key(variable), expected);
            assert_eq!(name(expected), variable);
        }
        // What is kept under such a key is no environment value.
        for key in ["label..env", "annotation..x"] {
            assert!(variable::name_fault(key).is_some());
        }
    }
}
