//! Properties of extraction: it has what the fields say, whatever the object.

use proptest::{collection::btree_map, option, prelude::*};
use serde_json::{Value, json};

use super::{extract::extract, fields::Fields};

/// A manifest whose members are by their names what a schema would make them: scalars, a list that
/// is one value, maps, and lists of named elements.
fn manifest() -> impl Strategy<Value = Value> {
    let leaves = || {
        let scalar = btree_map("[a-c]", "[x-z]{0,2}".prop_map(Value::from), 0..3);
        let list = proptest::collection::vec("[x-z]", 0..3).prop_map(Value::from);
        (scalar, option::of(list)).prop_map(|(mut members, list)| {
            members.extend(list.map(|list| ("args".to_owned(), list)));
            Value::Object(members.into_iter().collect())
        })
    };
    leaves().prop_recursive(3, 24, 4, move |inner| {
        let map = option::of(inner.clone());
        let named = option::of(btree_map("[p-s]", inner, 0..4));
        (leaves(), map, named).prop_map(|(mut members, map, named)| {
            if let Some(map) = map {
                members["spec"] = map;
            }
            if let Some(named) = named {
                let element = |(name, mut element): (String, Value)| {
                    element["name"] = name.into();
                    element
                };
                members["env"] = named.into_iter().map(element).collect();
            }
            members
        })
    })
}

fn is_named(list: &[Value]) -> bool {
    !list.is_empty() && list.iter().all(Value::is_object)
}

/// The fields that the server notes for whoever applies this.
fn fields_of(value: &Value) -> Value {
    match value {
        Value::Object(members) => {
            let field = |(name, value): (&String, &Value)| (format!("f:{name}"), fields_of(value));
            members.iter().map(field).collect()
        }
        Value::Array(elements) if is_named(elements) => {
            let element = |element: &Value| {
                let mut below = fields_of(element);
                below["."] = json!({});
                (format!("k:{}", json!({"name": element["name"]})), below)
            };
            elements.iter().map(element).collect()
        }
        _ => json!({}),
    }
}

/// Both in one object, as the server merges what is applied into what is there.
fn merged(there: &Value, applied: &Value) -> Value {
    match (there, applied) {
        (Value::Object(there), Value::Object(applied)) => {
            let mut merged = there.clone();
            for (name, value) in applied {
                let value =
                    merged.get(name).map_or(value.clone(), |there| self::merged(there, value));
                merged.insert(name.clone(), value);
            }
            merged.into()
        }
        (Value::Array(there), Value::Array(applied))
            if (is_named(there) || there.is_empty())
                && (is_named(applied) || applied.is_empty()) =>
        {
            let mut all = there.clone();
            for element in applied {
                match all.iter_mut().find(|one| one["name"] == element["name"]) {
                    Some(one) => *one = merged(one, element),
                    None => all.push(element.clone()),
                }
            }
            all.into()
        }
        (_, applied) => applied.clone(),
    }
}

/// Without empty maps and lists: nobody sees whether they were applied.
fn pruned(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.into_iter().map(|(name, value)| (name, pruned(value)));
            let is_empty = |value: &Value| *value == json!({}) || *value == json!([]);
            members.filter(|(_, value)| !is_empty(value)).collect()
        }
        Value::Array(elements) => elements.into_iter().map(pruned).collect(),
        scalar => scalar,
    }
}

proptest! {
    #[test]
    fn what_was_applied_is_extracted_whatever_others_add(applied in manifest(), others in manifest()) {
        let live = merged(&others, &applied);
        let fields = Fields::of(&fields_of(&applied)).expect("they are well formed");
        let extracted = extract(&fields, Some(&live), &live).expect("nothing is there twice");
        let extracted = extracted.unwrap_or_else(|| json!({}));
        // To apply it changes nothing.
        prop_assert_eq!(merged(&live, &extracted), live.clone());
        let again = Fields::of(&fields_of(&extracted)).expect("they are well formed");
        let twice = extract(&again, Some(&live), &live).expect("nothing is there twice");
        prop_assert_eq!(pruned(twice.unwrap_or_else(|| json!({}))), pruned(extracted.clone()));
        // All that was applied is in it.
        prop_assert_eq!(pruned(merged(&extracted, &applied)), pruned(extracted));
    }

    #[test]
    fn what_a_plan_changes_is_extracted_with_it(applied in manifest(), wanted in manifest()) {
        let live = applied.clone();
        let wanted = merged(&live, &wanted);
        let fields = Fields::of(&fields_of(&applied)).expect("they are well formed");
        let extracted = extract(&fields, Some(&live), &wanted).expect("nothing is there twice");
        let extracted = extracted.unwrap_or_else(|| json!({}));
        prop_assert_eq!(pruned(merged(&live, &extracted)), pruned(wanted));
    }
}
