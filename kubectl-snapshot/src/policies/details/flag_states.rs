//! Flags, and for whom they are on.

use snapshot_core::{
    canonical,
    flag::{Flag, State},
};
use snapshot_policy_host::records::{self, FlagState};

/// A flag, and for whom it is on.
pub(super) fn flag_state(key: &str, flag: &Flag) -> FlagState {
    let mut values = vec![canonical::text(&flag.value)];
    let variants = flag.variants.values().map(canonical::text);
    values.extend(variants.filter(|value| *value != canonical::text(&flag.value)));
    FlagState {
        key: key.to_owned(),
        state: match flag.state() {
            State::On => records::State::On,
            State::Off => records::State::Off,
            State::Some => records::State::Some,
            State::Unknown => records::State::Unknown,
        },
        targeting: flag.targeting.as_ref().map(canonical::text),
        values,
        source: flag.source.clone(),
    }
}
