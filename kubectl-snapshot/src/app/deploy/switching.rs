//! Switching of flags where they live: off before the first write, on once all that they need runs,
//! and back again, the last one first.

use std::time::Duration;

use snapshot_core::{
    flag_source::FlagSource,
    outcome::{FlagReturn, SwitchState, WriteFailure},
    parts::PartName,
    plan::{FlagSwitch, Plans},
};

use super::{Target, ledger::Ledger, target::TargetPart};
use crate::{
    app::{
        App, AppError, Failure, FailureKind,
        flag_systems::{source_of, tokens},
    },
    cluster::Stop,
    sources::flag_systems::{self, Wish},
};

/// The longest time until services are told of a switch; the look at what runs says the rest.
const PATIENCE: Duration = Duration::from_secs(30);

/// The flags that are switched back at one point of a way back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Those that went off, which come last.
    Off,
    /// Those that went on, or serve something else, which come first.
    On,
}

impl Turn {
    fn is_its(self, switch: &FlagSwitch) -> bool {
        switch.is_off() == (self == Self::Off)
    }
}

/// Refuses plans with flags that cannot be switched: for what they are, or because nobody `waits`
/// for what they may need.
pub(super) fn refuse_unswitchable(plans: &Plans, waits: bool) -> Result<(), Failure> {
    let flags: Vec<String> = plans.unswitchable().map(|(part, reason)| of(part, reason)).collect();
    if !flags.is_empty() {
        return Err(AppError::Unswitchable { flags }.into());
    }
    let mut switches = plans.parts().iter().flat_map(|one| &one.plan.switches);
    match switches.find(|one| !one.is_off()) {
        // One that comes before the first write waits for nothing.
        Some(first) if !waits && plans.writes() > 0 && first.before() != Some(0) => {
            Err(AppError::SwitchedUnseen { flag: first.flag.clone() }.into())
        }
        _ => Ok(()),
    }
}

/// Asks the flag systems, before anything is done, whether each flag can be switched: it is there,
/// as the plan has it, and the tokens are.
pub(super) async fn try_out(app: &App, target: &Target, plans: &Plans) -> Result<(), Failure> {
    for (one, part) in target.parts.iter().zip(plans.parts()) {
        for switch in &part.plan.switches {
            let tried = send(app, one, switch, &switch.to, Extent::Trial).await;
            tried.map_err(|failure| match &part.part {
                Some(part) => failure.about(part),
                None => failure,
            })?;
        }
    }
    Ok(())
}

/// Switches the flags that come before a wave of writes, or after all of them, one after the other;
/// true where all of them are.
pub(super) async fn switch_all(
    app: &App,
    target: &Target,
    (plans, wave): (&Plans, Option<usize>),
    stop: &Stop,
    ledger: &Ledger,
) -> bool {
    for (at, (one, part)) in target.parts.iter().zip(plans.parts()).enumerate() {
        let switches = part.plan.switches.iter().filter(|switch| switch.before() == wave);
        // What others need goes on before them, and off after them.
        let (off, on): (Vec<_>, Vec<_>) = switches.partition(|switch| switch.is_off());
        for switch in off.into_iter().rev().chain(on) {
            if stop.requested() {
                return false;
            }
            let state = match send(app, one, switch, &switch.to, Extent::All).await {
                Ok(is_served) => SwitchState::Done { is_served },
                Err(failure) => failed(&failure),
            };
            let is_done = matches!(state, SwitchState::Done { .. });
            ledger.switched(at, &switch.flag, state);
            if !is_done {
                return false;
            }
        }
    }
    true
}

/// Notes that all flags could be switched, which is all that a trial tells.
pub(super) fn note_trial(plans: &Plans, ledger: &Ledger) {
    for (at, part) in plans.parts().iter().enumerate() {
        for switch in &part.plan.switches {
            ledger.switched(at, &switch.flag, SwitchState::Done { is_served: true });
        }
    }
}

/// Switches back what was switched at a turn, the last one first.
pub(super) async fn switch_back(app: &App, target: &Target, turn: Turn, ledger: &Ledger) {
    for (at, one) in target.parts.iter().enumerate().rev() {
        for switch in ledger.switches_made(at).into_iter().rev() {
            if !turn.is_its(&switch) {
                continue;
            }
            let back = send(app, one, &switch, &switch.from, Extent::Back).await;
            let reason = back.err().map(|failure| failure.message);
            ledger.switched_back(
                at,
                FlagReturn {
                    flag: switch.flag.clone(),
                    to: switch.from.clone(),
                    is_back: reason.is_none(),
                    reason,
                },
            );
        }
    }
}

/// Extent of what is done about a switch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Extent {
    /// Everything is looked at, and nothing done.
    Trial,
    /// The flag is switched, if it is as it was planned.
    All,
    /// The flag is switched back, whatever has been made of it.
    Back,
}

async fn send(
    app: &App,
    one: &TargetPart,
    switch: &FlagSwitch,
    to: &str,
    extent: Extent,
) -> Result<bool, Failure> {
    let source: FlagSource = source_of(app, &one.cluster, switch).await?;
    let tokens = tokens(app, &source).await?;
    let wish = Wish {
        key: &switch.key,
        seen: (extent != Extent::Back).then_some(&switch.seen),
        source: &switch.seen.source,
        to,
        is_trial: extent == Extent::Trial,
        patience: PATIENCE,
    };
    let patience = app.connections.request_timeout();
    // Seldom needed, and large.
    let switched = match Box::pin(flag_systems::switch(&source, &tokens, patience, wish)).await {
        // On the way back, what cannot be seen is back nevertheless.
        Err(error) if extent == Extent::Back && error.is_about_the_look() => {
            app.observer.failure("it is taken for switched back", &error.into());
            return Ok(false);
        }
        switched => switched?,
    };
    for note in switched.notes {
        app.observer.warning(&note);
    }
    if extent != Extent::Trial && !switched.is_served {
        app.observer.warning(&format!(
            "flag {} is {to} in {}, and its clients were not told so within {} s",
            switch.flag,
            source.name,
            PATIENCE.as_secs()
        ));
    }
    Ok(switched.is_served)
}

fn failed(failure: &Failure) -> SwitchState {
    SwitchState::Failed {
        failure: WriteFailure {
            reason: failure.message.clone(),
            moved: failure.kind == FailureKind::Conflict,
        },
        // An answer that got lost is not an answer.
        may_be_done: flag_systems::may_be_done(failure.source()),
    }
}

fn of(part: Option<&PartName>, reason: &str) -> String {
    part.map_or_else(|| reason.to_owned(), |part| format!("{part}: {reason}"))
}
