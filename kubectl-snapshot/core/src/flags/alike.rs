//! Likeness of flags, wherever each lives.

use serde_json::Value;

use super::is_served;
use crate::flag::{Flag, State};

/// True if callers are served the same by two flags.
///
/// In one system the definitions tell. A flag that has moved to another has a definition of
/// another form, and what it serves tells.
#[must_use]
pub fn serve_alike(one: &Flag, other: &Flag) -> bool {
    if one.unreadable != other.unreadable {
        return false;
    }
    let is_same = one.enabled == other.enabled
        && one.value == other.value
        && one.variants == other.variants
        && one.targeting == other.targeting;
    if is_same {
        return true;
    }
    let has_moved = system(one) != system(other);
    match (one.state(), other.state()) {
        // What nobody is served is no difference, where a definition is more than its state.
        (State::Off, State::Off) => has_moved || (is_served(one) && is_served(other)),
        (State::On, State::On) => {
            let are_plain = [one, other].iter().all(|flag| is_on_and_no_more(&flag.value));
            has_moved && (one.value == other.value || are_plain)
        }
        _ => false,
    }
}

fn system(flag: &Flag) -> &str {
    flag.source.split_once(':').map_or("", |(system, _)| system)
}

/// True if a value says that a flag is on, and nothing more.
fn is_on_and_no_more(value: &Value) -> bool {
    match value {
        Value::Bool(on) => *on,
        Value::String(text) => matches!(text.to_ascii_lowercase().as_str(), "on" | "true"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn flag(source: &str, enabled: bool, value: Value) -> Flag {
        Flag { enabled, value, source: source.to_owned(), ..Flag::default() }
    }

    #[test]
    fn a_flag_that_has_moved_is_the_same_where_it_serves_the_same() {
        let variants = [("on".to_owned(), json!(true)), ("off".to_owned(), json!(false))];
        let flagd = |value: bool| Flag {
            variants: variants.clone().into(),
            ..flag("flagd:flags/shop.flagd.json", true, value.into())
        };
        let unleash = |enabled| flag("unleash:default", enabled, true.into());
        assert!(serve_alike(&flagd(true), &unleash(true)));
        assert!(serve_alike(&flagd(false), &unleash(false)));
        assert!(!serve_alike(&flagd(true), &unleash(false)));
        assert!(!serve_alike(&unleash(true), &flag("flipt:default", true, "blue".into())));
        // In one system the definition tells.
        assert!(!serve_alike(&flagd(false), &flag("flagd:flags/a.json", false, false.into())));
    }

    #[test]
    fn rules_that_nobody_is_served_by_are_no_difference() {
        let rules = |on, share: &str| Flag {
            targeting: Some(json!([{"rollout": share}])),
            ..flag("unleash:default", on, false.into())
        };
        assert!(serve_alike(&rules(false, "10"), &rules(false, "20")));
        assert!(!serve_alike(&rules(true, "10"), &rules(true, "20")));
    }
}
