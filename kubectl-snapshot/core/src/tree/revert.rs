//! A change taken back out of a tree that others may have changed since.

use serde_json::{Map, Value};

use super::{compare::changes_order, keys};

/// Error: somebody else has changed what was to be taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overtaken;

/// The tree with the change from `before` to `after` taken back, where it has it; whatever else
/// is in it stays.
///
/// # Errors
/// A value is neither as the change left it nor as it was before.
pub fn revert(live: &Value, after: &Value, before: &Value) -> Result<Value, Overtaken> {
    let reverted = value("", Some(live), Some(after), Some(before))?;
    reverted.ok_or(Overtaken)
}

fn value(
    name: &str,
    live: Option<&Value>,
    after: Option<&Value>,
    before: Option<&Value>,
) -> Result<Option<Value>, Overtaken> {
    if after == before || live == before {
        return Ok(live.cloned());
    }
    if live == after {
        return Ok(before.cloned());
    }
    match (live, after, before) {
        (Some(Value::Object(live)), after, before) => {
            let left = object(live, members(after)?, members(before)?)?;
            Ok(left.map(Value::Object))
        }
        (Some(Value::Array(live)), after, before) => {
            list(name, live, elements(after)?, elements(before)?).map(Some)
        }
        _ => Err(Overtaken),
    }
}

/// The members of an object; what is not there has none.
fn members(value: Option<&Value>) -> Result<Option<&Map<String, Value>>, Overtaken> {
    match value {
        None => Ok(None),
        Some(Value::Object(members)) => Ok(Some(members)),
        Some(_) => Err(Overtaken),
    }
}

fn elements(value: Option<&Value>) -> Result<&[Value], Overtaken> {
    match value {
        None => Ok(&[]),
        Some(Value::Array(elements)) => Ok(elements),
        Some(_) => Err(Overtaken),
    }
}

/// None where the change made the object, and nothing of anybody else's is in it.
fn object(
    live: &Map<String, Value>,
    after: Option<&Map<String, Value>>,
    before: Option<&Map<String, Value>>,
) -> Result<Option<Map<String, Value>>, Overtaken> {
    let of = |members: Option<&Map<String, Value>>, name: &str| members?.get(name).cloned();
    let mut left = live.clone();
    let names = [after, before].into_iter().flatten().flat_map(Map::keys);
    for name in names {
        let (after, before) = (of(after, name), of(before, name));
        match value(name, live.get(name), after.as_ref(), before.as_ref())? {
            Some(value) => drop(left.insert(name.clone(), value)),
            None => drop(left.remove(name)),
        }
    }
    Ok((before.is_some() || !left.is_empty()).then_some(left))
}

/// Elements are told apart by their keys; those of others keep their places among their neighbours.
fn list(name: &str, live: &[Value], after: &[Value], before: &[Value]) -> Result<Value, Overtaken> {
    let known = |list| keys::keys(name, list).ok_or(Overtaken);
    let (live_keys, after_keys, before_keys) = (known(live)?, known(after)?, known(before)?);
    let find = |keys: &[String], list: &[Value], key: &String| {
        keys.iter().position(|other| other == key).map(|at| list[at].clone())
    };
    let reorders = keys::is_ordered(name) && changes_order(&after_keys, &before_keys);
    if reorders && changes_order(&live_keys, &after_keys) {
        return Err(Overtaken);
    }
    let mut left: Vec<(String, Value)> = Vec::new();
    for (key, element) in live_keys.iter().zip(live) {
        let after = find(&after_keys, after, key);
        let before = find(&before_keys, before, key);
        let kept = match (&after, &before) {
            (Some(after), None) if covers(element, after) => None,
            (Some(_), None) => return Err(Overtaken),
            _ => value("", Some(element), after.as_ref(), before.as_ref())?,
        };
        left.extend(kept.map(|kept| (key.clone(), kept)));
    }
    for (at, (key, element)) in before_keys.iter().zip(before).enumerate() {
        if live_keys.contains(key) {
            continue;
        }
        match find(&after_keys, after, key) {
            None => {}
            // Somebody has taken it out, and the change did not touch it.
            Some(after) if after == *element => continue,
            Some(_) => return Err(Overtaken),
        }
        let neighbour = before_keys[..at].iter().rev();
        let neighbour = neighbour.filter_map(|one| left.iter().position(|(key, _)| key == one));
        let place = neighbour.map(|place| place + 1).next().unwrap_or(0);
        left.insert(place, (key.clone(), element.clone()));
    }
    if reorders {
        let place = |key: &String| before_keys.iter().position(|other| other == key);
        left.sort_by_key(|(key, _)| place(key).unwrap_or(before_keys.len()));
    }
    Ok(Value::Array(left.into_iter().map(|(_, element)| element).collect()))
}

/// True if all of a value is in another, which may have more members.
#[must_use]
pub fn covers(live: &Value, written: &Value) -> bool {
    match (live, written) {
        (Value::Object(live), Value::Object(written)) => written
            .iter()
            .all(|(name, written)| live.get(name).is_some_and(|live| covers(live, written))),
        (Value::Array(live), Value::Array(written)) => {
            live.len() == written.len()
                && live.iter().zip(written).all(|(live, written)| covers(live, written))
        }
        (live, written) => live == written,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn container(image: &str, env: &[(&str, &str)]) -> Value {
        let env: Vec<Value> =
            env.iter().map(|(name, value)| json!({"name": name, "value": value})).collect();
        json!({"containers": [{"name": "main", "image": image, "env": env}]})
    }

    #[test]
    fn what_others_have_added_since_stays() {
        let before = container("x:1", &[("A", "1"), ("C", "1")]);
        let after = container("x:2", &[("A", "2"), ("B", "2"), ("C", "1")]);
        assert_eq!(revert(&after, &after, &before).as_ref(), Ok(&before));
        let mut live = container("x:2", &[("A", "2"), ("B", "2"), ("OURS", "0"), ("C", "1")]);
        live["labels"] = json!({"team": "shop"});
        let mut left = container("x:1", &[("A", "1"), ("OURS", "0"), ("C", "1")]);
        left["labels"] = json!({"team": "shop"});
        assert_eq!(revert(&live, &after, &before), Ok(left));
    }

    #[test]
    fn what_is_as_before_is_left() {
        let before = container("x:1", &[("A", "1")]);
        let after = container("x:2", &[]);
        assert_eq!(revert(&before, &after, &before).as_ref(), Ok(&before));
        let half = container("x:1", &[]);
        assert_eq!(revert(&half, &after, &before), Ok(before));
    }

    #[test]
    fn what_others_have_changed_since_is_theirs() {
        let before = container("x:1", &[("A", "1")]);
        let after = container("x:2", &[("A", "1"), ("B", "1")]);
        for live in [
            container("x:3", &[("A", "1"), ("B", "1")]),
            container("x:2", &[("A", "1"), ("B", "7")]),
        ] {
            assert_eq!(revert(&live, &after, &before), Err(Overtaken));
        }
        // What the change did not touch is nobody's business here.
        let live = container("x:2", &[("A", "7"), ("B", "1")]);
        assert_eq!(revert(&live, &after, &before), Ok(container("x:1", &[("A", "7")])));
    }

    #[test]
    fn marks_that_the_change_took_out_come_back_beside_those_of_others() {
        let (before, after) = (json!({"labels": {"a": "1"}}), json!({}));
        let live = json!({"labels": {"b": "2"}});
        let both = json!({"labels": {"a": "1", "b": "2"}});
        assert_eq!(revert(&live, &after, &before).as_ref(), Ok(&both));
        // And the other way round: what the change made is gone, what others put into it is not.
        assert_eq!(revert(&both, &before, &after), Ok(live));
        assert_eq!(revert(&before, &before, &after), Ok(json!({})));
    }

    #[test]
    fn an_order_comes_back() {
        let before = container("x:1", &[("A", "1"), ("B", "1")]);
        let after = container("x:1", &[("B", "1"), ("A", "1")]);
        assert_eq!(revert(&after, &after, &before).as_ref(), Ok(&before));
        let live = container("x:1", &[("B", "1"), ("C", "1"), ("A", "1")]);
        let left = container("x:1", &[("A", "1"), ("B", "1"), ("C", "1")]);
        assert_eq!(revert(&live, &after, &before), Ok(left));
    }
}
