//! Switches: flags that the systems which serve them are told to switch.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::{
    flag::{Flag, State},
    flag_source::SystemType,
    flags::{is_served, serve_alike, system_of},
    requirement::Dependency,
    snapshot::Spec,
};

/// A flag that its own system is told to switch.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FlagSwitch {
    /// The flag, as the set calls it.
    pub flag: String,
    /// Key in the flag system.
    #[serde(skip)]
    pub key: String,
    /// The flag system.
    pub system: SystemType,
    /// State now: `on`, `off`, or a variant.
    pub from: String,
    /// State that it is to have.
    pub to: String,
    /// The flag as it is served now.
    #[serde(skip)]
    pub seen: Flag,
    /// The wave of writes that it comes before, where anything that is written needs it, or it
    /// needs anything that is written.
    #[serde(skip)]
    pub wave: Option<usize>,
}

impl FlagSwitch {
    /// True where the flag goes off: before whatever it needs goes.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.to == OFF
    }

    /// The wave of writes that it comes before; none where it comes after all of them.
    #[must_use]
    pub fn before(&self) -> Option<usize> {
        self.wave.or(self.is_off().then_some(0))
    }
}

const OFF: &str = "off";

/// Switches that make the flags of a place those of a set, and a sentence about each flag that
/// cannot be switched.
pub(super) fn switches(set: &Spec, live: &Spec) -> (Vec<FlagSwitch>, Vec<String>) {
    let (mut switches, mut unswitchable) = (Vec::new(), Vec::new());
    for (name, wanted) in set.flags.iter().filter(|(_, flag)| is_served(flag)) {
        match switch(name, wanted, live) {
            Ok(switch) => switches.extend(switch),
            Err(reason) => unswitchable.push(reason),
        }
    }
    (in_order(switches, set), unswitchable)
}

/// Switches in an order in which a flag comes after those that it requires. In a circle, the
/// order of the names is left.
fn in_order(switches: Vec<FlagSwitch>, set: &Spec) -> Vec<FlagSwitch> {
    let mut waiting: BTreeMap<String, FlagSwitch> =
        switches.into_iter().map(|one| (one.key.clone(), one)).collect();
    let mut needs: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, flag) in set.flags.iter().filter(|(_, flag)| is_served(flag)) {
        let flags = flag.requires.iter().filter_map(|one| match &one.dependency {
            Dependency::Flag(key) => Some(key.clone()),
            Dependency::Service(_) => None,
        });
        needs.entry(flag.key_in_set(name).to_owned()).or_default().extend(flags);
    }
    let (mut ordered, mut begun) = (Vec::new(), BTreeSet::new());
    let keys: Vec<String> = waiting.keys().cloned().collect();
    for key in keys {
        // Chains are walked without recursion, for they may be long.
        let mut path = vec![(key, false)];
        while let Some((key, is_ready)) = path.pop() {
            if is_ready {
                ordered.extend(waiting.remove(&key));
            } else if waiting.contains_key(&key) && begun.insert(key.clone()) {
                let needed = needs.get(&key).cloned().unwrap_or_default();
                path.push((key, true));
                path.extend(needed.into_iter().map(|need| (need, false)));
            }
        }
    }
    ordered
}

fn switch(name: &str, wanted: &Flag, live: &Spec) -> Result<Option<FlagSwitch>, String> {
    let key = wanted.key_in_set(name);
    let Some(system) = system_of(wanted) else { return Ok(None) };
    let Some((called, now)) = found(name, key, system, live) else {
        return not_there(name, wanted, system, live);
    };
    if serve_alike(wanted, now) || wanted.unreadable.is_some() {
        return Ok(None);
    }
    if system_of(now) != Some(system) {
        return Err(format!(
            "flag {name} is {system}'s in the set, and comes from {} here; switch it there",
            now.source
        ));
    }
    let to = target(wanted, now).ok_or_else(|| {
        format!(
            "flag {name} has other rules here than in the set, and nothing but on and off is \
             switched: change them in {system}"
        )
    })?;
    Ok(Some(FlagSwitch {
        flag: called.to_owned(),
        key: key.to_owned(),
        system,
        from: state(now),
        to,
        seen: now.clone(),
        wave: None,
    }))
}

/// The flag that lives here: of the same name, else of the same key in the same system.
fn found<'a>(
    name: &str,
    key: &str,
    system: SystemType,
    live: &'a Spec,
) -> Option<(&'a str, &'a Flag)> {
    let by_name = live.flags.get_key_value(name).or_else(|| live.flags.get_key_value(key));
    let of_system = by_name.filter(|(_, flag)| system_of(flag) == Some(system));
    let by_key = || {
        live.flags
            .iter()
            .find(|(name, flag)| system_of(flag) == Some(system) && flag.key_in_set(name) == key)
    };
    of_system.or_else(by_key).or(by_name).map(|(name, flag)| (name.as_str(), flag))
}

fn not_there(
    name: &str,
    wanted: &Flag,
    system: SystemType,
    live: &Spec,
) -> Result<Option<FlagSwitch>, String> {
    let begin = format!("{system}:");
    if let Some((_, reason)) =
        live.unreadable_flags().find(|(origin, _)| origin.starts_with(&begin))
    {
        return Err(format!("flag {name} cannot be seen here: {reason}"));
    }
    // What is nowhere is off for everybody.
    if wanted.state() == State::Off {
        return Ok(None);
    }
    Err(format!("no {system} that is named for this place serves the flag {name}"))
}

/// State to switch to, so that the flag serves what the set has; none where no switch does that.
fn target(wanted: &Flag, now: &Flag) -> Option<String> {
    if wanted.state() == State::Off {
        return Some(OFF.to_owned());
    }
    let switched = |value| Flag { enabled: true, value, ..now.clone() };
    // The definition as it is, switched on.
    if serve_alike(wanted, &switched(now.value.clone())) {
        return Some("on".to_owned());
    }
    // One of true and false, which is off by its value.
    let is_plain = now.targeting.is_none() && now.value.as_bool().is_some();
    if is_plain && serve_alike(wanted, &switched(true.into())) {
        return Some("on".to_owned());
    }
    // Another default.
    let mut variants = now.variants.iter();
    let (name, _) = variants.find(|(_, value)| **value == wanted.value)?;
    serve_alike(wanted, &switched(wanted.value.clone())).then(|| name.clone())
}

/// `on`, `off`, `on for some`, or the variant that is served.
fn state(flag: &Flag) -> String {
    let variant = || flag.variants.iter().find(|(_, value)| **value == flag.value);
    match flag.state() {
        State::Off => OFF.to_owned(),
        State::Some => "on for some".to_owned(),
        State::Unknown => "unknown".to_owned(),
        State::On => variant().map_or_else(|| "on".to_owned(), |(name, _)| name.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::requirement::parse_list;
    use serde_json::{Value, json};

    fn flag(source: &str, on: bool, targeting: Value) -> Flag {
        let targeting = (!targeting.is_null()).then_some(targeting);
        let source = source.to_owned();
        Flag { enabled: on, value: true.into(), targeting, source, ..Flag::default() }
    }

    fn spec(flags: &[(&str, Flag)]) -> Spec {
        let flags = flags.iter().map(|(name, flag)| ((*name).to_owned(), flag.clone()));
        Spec { flags: flags.collect(), ..Spec::default() }
    }

    fn planned(wanted: &Flag, live: &Spec) -> Result<Option<(String, String, String)>, String> {
        let switch = switch("tax-call", wanted, live)?;
        Ok(switch.map(|one| (one.flag, one.from, one.to)))
    }

    const PROJECT: &str = "unleash:default";

    #[test]
    fn a_flag_that_serves_something_else_is_switched() {
        let (on, off) = (flag(PROJECT, true, Value::Null), flag(PROJECT, false, Value::Null));
        let of = |name: &str, from: &str, to: &str| {
            Ok(Some((name.to_owned(), from.to_owned(), to.to_owned())))
        };
        assert_eq!(planned(&on, &spec(&[("tax-call", off.clone())])), of("tax-call", "off", "on"));
        assert_eq!(planned(&off, &spec(&[("tax-call", on.clone())])), of("tax-call", "on", "off"));
        assert_eq!(planned(&on, &spec(&[("tax-call", on.clone())])), Ok(None));
        let of_set = Flag { flag_set: Some("unleash".to_owned()), ..off };
        let several = spec(&[
            ("tax-call", flag("flagd:flags/a.json", true, Value::Null)),
            ("unleash/tax-call", of_set),
        ]);
        assert_eq!(planned(&on, &several), of("unleash/tax-call", "off", "on"));
    }

    #[test]
    fn a_flag_is_switched_after_those_that_it_requires() {
        let of = |requires: &str, on| Flag {
            requires: parse_list(requires).unwrap(),
            ..flag(PROJECT, on, Value::Null)
        };
        let all = |on| {
            spec(&[
                ("a", of("flag c=on; tax", on)),
                ("b", of("flag a=on", on)),
                ("c", of("", on)),
                ("d", of("flag e=on", on)),
                ("e", of("flag d=on", on)),
            ])
        };
        let (switches, none) = switches(&all(true), &all(false));
        let order: Vec<&str> = switches.iter().map(|one| one.key.as_str()).collect();
        assert_eq!((order, none.len()), (vec!["c", "a", "b", "e", "d"], 0));
    }

    #[test]
    fn rules_are_nothing_that_a_switch_changes() {
        let (ten, fifty) = (json!([{"rollout": "10"}]), json!([{"rollout": "50"}]));
        let some =
            |on, rules: &Value| Flag { value: false.into(), ..flag(PROJECT, on, rules.clone()) };
        let live = |flag: Flag| spec(&[("tax-call", flag)]);
        let on = planned(&some(true, &ten), &live(some(false, &ten))).unwrap().unwrap();
        assert_eq!(on.2, "on", "its own rules");
        for (wanted, now) in [
            (some(true, &ten), some(true, &fifty)),
            (some(true, &ten), flag(PROJECT, false, Value::Null)),
            (flag(PROJECT, true, Value::Null), some(false, &ten)),
        ] {
            let reason = planned(&wanted, &live(now)).unwrap_err();
            assert!(reason.contains("has other rules here"), "{reason}");
        }
        let off = planned(&flag(PROJECT, false, Value::Null), &live(some(true, &fifty)));
        assert_eq!(off.unwrap().unwrap().2, "off", "off is off, whatever the rules");
    }

    #[test]
    fn a_flag_that_is_not_here_is_refused_unless_it_is_off() {
        let on = flag(PROJECT, true, Value::Null);
        assert_eq!(planned(&flag(PROJECT, false, Value::Null), &spec(&[])), Ok(None));
        assert!(planned(&on, &spec(&[])).unwrap_err().contains("no unleash that is named"));
        let mut silent = spec(&[]);
        silent.add_unreadable_flags("unleash:prod".to_owned(), "prod did not answer".to_owned());
        assert!(planned(&on, &silent).unwrap_err().ends_with("prod did not answer"));
        let moved = |on| spec(&[("tax-call", flag("flagd:flags/a.json", on, Value::Null))]);
        assert_eq!(planned(&on, &moved(true)), Ok(None), "it has moved, and serves the same");
        assert!(planned(&on, &moved(false)).unwrap_err().contains("comes from flagd:flags/a.json"));
    }

    #[test]
    fn another_variant_is_another_default() {
        let variants = [("a", json!("red")), ("b", json!("blue"))];
        let variants = variants.map(|(name, value)| (name.to_owned(), value));
        let of = |value: &str, enabled| Flag {
            enabled,
            value: value.into(),
            variants: variants.clone().into(),
            source: "flipt:default".to_owned(),
            ..Flag::default()
        };
        let to = |wanted: Flag, now: Flag| {
            planned(&wanted, &spec(&[("tax-call", now)])).unwrap().unwrap().2
        };
        assert_eq!(to(of("blue", true), of("red", true)), "b");
        assert_eq!(to(of("blue", true), of("blue", false)), "on");
    }
}
