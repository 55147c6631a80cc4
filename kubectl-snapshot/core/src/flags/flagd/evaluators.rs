//! Targeting rules, and the shared rules that they refer to.

use serde_json::{Map, Value};

use super::FlagdProblem;

/// The member under which a set keeps its shared rules, and a flag those it uses.
const EVALUATORS: &str = "$evaluators";

/// A flag's targeting, with the shared rules that it refers to, by name, under `$evaluators`.
///
/// They belong to the flag: whoever changes one changes what the flag serves.
/// They are not put in place of the references, because rules that refer to
/// rules could then grow without bound. Empty targeting is none.
pub(super) fn targeting(
    targeting: Option<&Value>,
    evaluators: &Map<String, Value>,
) -> Result<Option<Value>, FlagdProblem> {
    let targeting = match targeting {
        None | Some(Value::Null) => return Ok(None),
        Some(targeting) => targeting.as_object().ok_or(FlagdProblem::Targeting)?,
    };
    if targeting.is_empty() {
        return Ok(None);
    }
    let mut used = Map::new();
    let mut waiting: Vec<&Value> = targeting.values().collect();
    let mut names: Vec<&str> = targeting.get("$ref").and_then(Value::as_str).into_iter().collect();
    loop {
        while let Some(name) = names.pop() {
            let rule = evaluators
                .get(name)
                .ok_or_else(|| FlagdProblem::UndefinedEvaluator(name.to_owned()))?;
            if used.insert(name.to_owned(), rule.clone()).is_none() {
                waiting.push(rule);
            }
        }
        match waiting.pop() {
            None => break,
            Some(Value::Array(values)) => waiting.extend(values),
            Some(Value::Object(members)) => {
                names.extend(members.get("$ref").and_then(Value::as_str));
                waiting.extend(members.values());
            }
            Some(_) => {}
        }
    }
    let mut targeting = targeting.clone();
    if !used.is_empty() {
        targeting.insert(EVALUATORS.to_owned(), Value::Object(used));
    }
    Ok(Some(Value::Object(targeting)))
}
