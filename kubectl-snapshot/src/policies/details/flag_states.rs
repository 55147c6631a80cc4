//! Flags, and for whom they are on.

use snapshot_core::{
    canonical,
    flag::{Flag, State},
    snapshot::Spec,
};
use snapshot_policy_host::records::{self, FlagState};

/// The flags of a set, sorted by key; definitions that nobody can read stand for what they may
/// have.
pub(super) fn flag_states(spec: &Spec) -> Vec<FlagState> {
    let unread = spec.unreadable_flags().map(|(origin, _)| FlagState {
        key: origin.to_owned(),
        state: records::State::Unknown,
        targeting: None,
        values: Vec::new(),
        source: origin.to_owned(),
    });
    let mut all: Vec<FlagState> =
        spec.flags.iter().map(|(key, flag)| flag_state(key, flag)).chain(unread).collect();
    all.sort_by(|a, b| a.key.cmp(&b.key));
    all
}

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
