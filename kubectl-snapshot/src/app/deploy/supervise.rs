//! Supervision of work that writes: signals and lost Leases end it in order.

use snapshot_core::outcome::Interruption;

use super::{
    leases::{Held, lost},
    ledger::Ledger,
};
use crate::{app::App, cluster::StopSwitch};

/// The things that stop what is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Heeds {
    /// A signal, and the loss of a Lease.
    Everything,
    /// The loss of a Lease alone.
    Leases,
}

/// Works until a Lease is lost or a signal comes, and then to the end of what is under way;
/// `false` where a second signal says to leave at once.
pub(super) async fn supervise(
    app: &App,
    leases: &[Held],
    work: impl Future<Output = ()>,
    (switch, heeds): (&StopSwitch, Heeds),
    ledger: &Ledger,
) -> bool {
    let mut interruption = None;
    tokio::pin!(work);
    let is_done = loop {
        tokio::select! {
            // What was lost before the first write must stop it.
            biased;
            _ = app.signals.end() => break false,
            reason = lost(leases), if interruption.is_none() => {
                app.observer.warning(&format!("nothing new is begun: {reason}"));
                interruption = Some(Interruption::LeaseLost { reason });
                switch.stop();
            }
            () = app.stop.wait(), if interruption.is_none() && heeds == Heeds::Everything => {
                interruption = Some(Interruption::Signal);
                switch.stop();
            }
            () = &mut work => break true,
        }
    };
    let mut outcome = ledger.outcome();
    if let Some(interruption) = interruption {
        if matches!(interruption, Interruption::LeaseLost { .. }) && !outcome.left_now().is_empty()
        {
            app.observer.warning("what was written stays: nothing is taken back without the lock");
        }
        outcome.interrupt(&interruption);
    }
    if !is_done {
        app.observer.warning(&left(&outcome.left_now()));
    }
    is_done
}

/// Says what state is left by whoever leaves at once.
fn left(objects: &[String]) -> String {
    /// The most objects that are named.
    const NAMED: usize = 20;
    if objects.is_empty() {
        return "left at once: nothing that was answered for is changed".to_owned();
    }
    let mut named: Vec<String> = objects.iter().take(NAMED).cloned().collect();
    if objects.len() > NAMED {
        named.push(format!("{} more", objects.len() - NAMED));
    }
    format!(
        "left at once, half done: {} were written and have not gone back, and writes without an \
         answer may have been made",
        named.join(", ")
    )
}
