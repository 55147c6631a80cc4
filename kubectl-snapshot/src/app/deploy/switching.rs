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

/// The flags that are switched at one point of an execution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// Those that go off, before the first write.
    Off,
    /// Those that go on, or serve something else, after the last rollout.
    On,
}

impl Turn {
    fn is_its(self, switch: &FlagSwitch) -> bool {
        switch.is_off() == (self == Self::Off)
    }
}

/// Refuses plans with flags that cannot be switched.
pub(super) fn refuse_unswitchable(plans: &Plans) -> Result<(), Failure> {
    let flags: Vec<String> = plans.unswitchable().map(|(part, reason)| of(part, reason)).collect();
    if flags.is_empty() { Ok(()) } else { Err(AppError::Unswitchable { flags }.into()) }
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

/// Switches the flags whose turn it is, one after the other; true where all of them are.
pub(super) async fn switch_all(
    app: &App,
    target: &Target,
    (plans, turn): (&Plans, Turn),
    stop: &Stop,
    ledger: &Ledger,
) -> bool {
    let mut is_done = true;
    for (at, (one, part)) in target.parts.iter().zip(plans.parts()).enumerate() {
        for switch in part.plan.switches.iter().filter(|switch| turn.is_its(switch)) {
            if stop.requested() {
                return false;
            }
            let state = match send(app, one, switch, &switch.to, Extent::All).await {
                Ok(()) => SwitchState::Done,
                Err(failure) => failed(&failure),
            };
            is_done &= state == SwitchState::Done;
            ledger.switched(at, &switch.flag, state);
            if !is_done {
                return false;
            }
        }
    }
    is_done
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
) -> Result<(), Failure> {
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
    let switched = Box::pin(flag_systems::switch(&source, &tokens, patience, wish)).await?;
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
    Ok(())
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
