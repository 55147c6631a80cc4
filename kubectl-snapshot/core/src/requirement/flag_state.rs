//! Comparison of a flag's state with the one that a requirement asks for.

use std::collections::BTreeMap;

use serde_json::Value;

use super::Fulfilment;
use crate::flag::{Flag, State};

/// State of a requirement of a flag, and what the flag serves. Met where it serves
/// `wanted`, or is on where nothing is said. `in_sets` are the flags that are called by their
/// flag set. Of several flag sets that have the key, all count.
///
/// `on` and `true` ask for any value that stands for on, `off` and `false` for
/// any that does not; another word asks for the value or variant of that name.
///
/// # Errors
/// The flag is missing; in words.
pub(super) fn judge(
    key: &str,
    flags: &BTreeMap<String, Flag>,
    in_sets: &[(&String, &Flag)],
    wanted: Option<&str>,
) -> Result<(Fulfilment, String), String> {
    // A key that names its set names one flag.
    if let Some(flag) = flags.get(key).filter(|flag| flag.flag_set.is_some()) {
        return Ok(judge_one(key, flag, wanted));
    }
    let alone = flags.get_key_value(key);
    let (states, found): (Vec<_>, Vec<_>) = in_sets
        .iter()
        .copied()
        .filter(|(name, flag)| flag.key_in_set(name) == key)
        .chain(alone)
        .map(|(name, flag)| judge_one(name, flag, wanted))
        .unzip();
    if found.is_empty() {
        return Err(missing(key, flags));
    }
    Ok((Fulfilment::all(states), found.join(" and ")))
}

fn judge_one(key: &str, flag: &Flag, wanted: Option<&str>) -> (Fulfilment, String) {
    if let Some(reason) = &flag.unreadable {
        return (Fulfilment::Unknown, format!("flag {key} cannot be read: {reason}"));
    }
    if !flag.enabled {
        return (is_off(wanted).into(), format!("flag {key} is disabled"));
    }
    if flag.targeting.is_some() {
        // Whatever the rules choose stands for on.
        let asks_for_on = matches!(wanted, None | Some("on" | "true"));
        if flag.state() == State::On && (asks_for_on || is_off(wanted)) {
            let text = format!("flag {key} is on, with a value for each caller by its rules");
            return (asks_for_on.into(), text);
        }
        return (
            Fulfilment::Unknown,
            format!("flag {key} serves each caller by its targeting rules"),
        );
    }
    if flag.value.is_null() {
        return (
            Fulfilment::Unknown,
            format!("flag {key} has no value that can be read, the code decides"),
        );
    }
    let holds = match wanted {
        _ if is_off(wanted) => !flag.is_on(),
        None | Some("on" | "true") => flag.is_on(),
        Some(word) => flag.variants.get(word) == Some(&flag.value) || text(&flag.value) == word,
    };
    (holds.into(), format!("flag {key} {}", served(flag)))
}

/// That a flag is missing, and what it may be called now: releases rename flags
/// by leaving out a part, as `adServiceFailure` became `adFailure`.
fn missing(key: &str, flags: &BTreeMap<String, Flag>) -> String {
    let is_short_for = |short: &str, long: &str| {
        let mut rest = long.chars().map(|c| c.to_ascii_lowercase());
        2 * short.len() >= long.len()
            && short.chars().all(|c| rest.any(|other| other == c.to_ascii_lowercase()))
    };
    // Among thousands, a guess would take its time and be none.
    let few = flags.keys().take(if flags.len() > 1000 { 0 } else { flags.len() });
    let alike: Vec<&String> =
        few.filter(|other| is_short_for(other, key) || is_short_for(key, other)).collect();
    match alike[..] {
        [renamed] => format!("flag {key} is not in this set, which has {renamed}"),
        _ => format!("flag {key} is not in this set"),
    }
}

fn is_off(wanted: Option<&str>) -> bool {
    matches!(wanted, Some("off" | "false"))
}

fn served(flag: &Flag) -> String {
    match &flag.value {
        Value::Bool(true) => "is on".to_owned(),
        Value::Bool(false) => "is off".to_owned(),
        value => match flag.variants.iter().find(|(_, variant)| *variant == value) {
            Some((name, _)) => format!("serves {name}"),
            None => format!("serves {}", text(value)),
        },
    }
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use Fulfilment::{Met, Unknown, Unmet};
    use serde_json::json;

    fn flag(value: Value) -> Flag {
        let variants =
            [("off", json!(0)), ("half", json!(0.5))].map(|(name, value)| (name.to_owned(), value));
        Flag { enabled: true, value, variants: variants.into(), ..Flag::default() }
    }

    fn set(flag: &Flag) -> BTreeMap<String, Flag> {
        [("x".to_owned(), flag.clone())].into()
    }

    fn state(flag: &Flag, wanted: Option<&str>) -> Fulfilment {
        judge("x", &set(flag), &[], wanted).unwrap().0
    }

    #[test]
    fn words_for_on_and_off_ask_for_what_the_value_stands_for() {
        for on in [json!(true), json!("on"), json!(0.5), json!("blue")] {
            assert_eq!(
                ["on", "true", "off", "false"].map(|word| state(&flag(on.clone()), Some(word))),
                [Met, Met, Unmet, Unmet]
            );
            assert_eq!(state(&flag(on), None), Met);
        }
        for off in [json!(false), json!("off"), json!(0)] {
            assert_eq!(
                ["on", "true", "off", "false"].map(|word| state(&flag(off.clone()), Some(word))),
                [Unmet, Unmet, Met, Met]
            );
            assert_eq!(state(&flag(off), None), Unmet);
        }
    }

    #[test]
    fn other_words_ask_for_a_value_or_a_variant() {
        assert_eq!(state(&flag(json!(0.5)), Some("half")), Met);
        assert_eq!(state(&flag(json!(0.5)), Some("0.5")), Met);
        assert_eq!(state(&flag(json!("blue")), Some("blue")), Met);
        assert_eq!(state(&flag(json!("blue")), Some("red")), Unmet);
        assert_eq!(
            judge("x", &set(&flag(json!(0.5))), &[], Some("half")).unwrap().1,
            "flag x serves half"
        );
    }

    #[test]
    fn what_cannot_be_told_is_not_guessed() {
        let targeted = Flag { targeting: Some(json!({"if": []})), ..flag(json!(false)) };
        let undecided = flag(Value::Null);
        let disabled = Flag { enabled: false, ..flag(json!(true)) };
        for wanted in [None, Some("on"), Some("off"), Some("blue")] {
            assert_eq!(state(&targeted, wanted), Unknown);
            assert_eq!(state(&undecided, wanted), Unknown);
            assert_eq!(
                judge("x", &BTreeMap::new(), &[], wanted),
                Err("flag x is not in this set".into())
            );
        }
        assert_eq!(
            (state(&disabled, Some("off")), state(&disabled, None), state(&disabled, Some("blue"))),
            (Met, Unmet, Unmet)
        );
    }

    #[test]
    fn a_key_of_several_sets_asks_all_of_them() {
        let of_set = |set: &str, on: bool| Flag { flag_set: Some(set.into()), ..flag(json!(on)) };
        let flags: BTreeMap<String, Flag> =
            [("app/x".to_owned(), of_set("app", false)), ("web/x".to_owned(), of_set("web", true))]
                .into();
        let in_sets: Vec<_> = flags.iter().collect();
        let asked = |key: &str, wanted| judge(key, &flags, &in_sets, wanted);
        assert_eq!(
            asked("x", Some("on")),
            Ok((Unmet, "flag app/x is off and flag web/x is on".into()))
        );
        assert_eq!(asked("web/x", Some("on")), Ok((Met, "flag web/x is on".into())));
        assert_eq!(asked("app/x", Some("off")).unwrap().0, Met);
        assert!(asked("b/x", None).is_err());
    }

    #[test]
    fn what_cannot_be_read_is_unknown() {
        let stale = Flag { unreadable: Some("why".into()), ..flag(json!(true)) };
        assert_eq!(
            judge("x", &set(&stale), &[], Some("on")),
            Ok((Unknown, "flag x cannot be read: why".into()))
        );
    }

    #[test]
    fn a_flag_that_was_renamed_is_said() {
        let flags =
            ["cartServiceFailure", "adHighCpu", "cartAdFailure", "loadGeneratorFloodHomepage"];
        let flags = flags.map(|key| (key.to_owned(), Flag::default())).into();
        let said = |key: &str| judge(key, &flags, &[], Some("off")).unwrap_err();
        assert_eq!(said("adBigCpu"), "flag adBigCpu is not in this set");
        assert_eq!(
            said("adServiceHighCpu"),
            "flag adServiceHighCpu is not in this set, which has adHighCpu"
        );
        let homepage = said("loadgeneratorFloodHomepage");
        assert!(homepage.ends_with("which has loadGeneratorFloodHomepage"), "{homepage}");
        assert_eq!(said("tax-call"), "flag tax-call is not in this set");
        // More than one is no answer.
        assert_eq!(said("cartAdServiceFailure"), "flag cartAdServiceFailure is not in this set");
    }
}
