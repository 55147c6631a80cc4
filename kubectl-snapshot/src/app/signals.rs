//! Signals that end this program: Ctrl-C, and SIGTERM as pipelines and Jobs send it.
//!
//! They are heard on a thread of their own, whatever the command's task is
//! doing. The first one ends the command at once, unless it holds on to
//! something that must not be left half done ([`Signals::hold`]): then it is
//! asked to finish that and to begin nothing new. The second one ends it in
//! either case.

use std::{future::poll_fn, pin::pin, process, sync::Arc, task::Poll, thread, time::Duration};

use tokio::{runtime::Builder, sync::watch};

use super::{Failure, FailureKind};
use crate::cluster::StopSwitch;

/// Time that the command's task may take to end where it is told to end at once.
const GRACE: Duration = Duration::from_secs(2);

/// A signal that ends this program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// SIGINT: Ctrl-C.
    Interrupt,
    /// SIGTERM.
    Terminate,
}

impl Signal {
    /// The exit code that shells and pipelines know it by.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Interrupt => 130,
            Self::Terminate => 143,
        }
    }

    /// The kind of failure of what it ends.
    #[must_use]
    pub fn kind(self) -> FailureKind {
        match self {
            Self::Interrupt => FailureKind::Interrupted,
            Self::Terminate => FailureKind::Terminated,
        }
    }

    /// The failure of a command that it has ended.
    #[must_use]
    pub fn failure(self) -> Failure {
        let message = match self {
            Self::Interrupt => "interrupted",
            Self::Terminate => "terminated",
        };
        Failure::new(message).with_kind(self.kind())
    }

    /// The way to end the program at once.
    #[must_use]
    pub fn repeated(self) -> &'static str {
        match self {
            Self::Interrupt => "Ctrl-C again",
            Self::Terminate => "a second SIGTERM",
        }
    }
}

/// The signals that this program has got, and what they mean to the command.
#[derive(Clone, Debug, Default)]
pub struct Signals(Arc<watch::Sender<State>>);

#[derive(Clone, Copy, Debug, Default)]
struct State {
    /// Number of things under way that must be finished.
    held: usize,
    first: Option<Signal>,
    /// The signal that ends the command at once.
    end: Option<Signal>,
}

impl State {
    fn finishing(&self) -> Option<Signal> {
        self.first.filter(|_| self.end.is_none())
    }
}

/// Something under way that must be finished, unless a second signal comes.
#[derive(Debug)]
#[must_use]
pub struct Hold(Signals);

impl Signals {
    /// Begins to listen, on a thread of its own. The first signal also turns the switch.
    ///
    /// Where that cannot be done, a signal ends the process as it ends any other.
    #[must_use]
    pub fn listen(switch: StopSwitch) -> Self {
        let signals = Self::default();
        let heard = signals.clone();
        let listener = thread::Builder::new().name("signals".to_owned());
        drop(listener.spawn(move || {
            let runtime = Builder::new_current_thread().enable_io().build();
            drop(runtime.map(|runtime| runtime.block_on(heard.hear(&switch))));
        }));
        signals
    }

    async fn hear(&self, switch: &StopSwitch) {
        let mut sources = source::Sources::open();
        let end = loop {
            let signal = sources.next().await;
            switch.stop();
            if let Some(end) = self.receive(signal) {
                break end;
            }
        };
        // The command's task ends by itself, unless something blocks it that should
        // not: a reader of the output that has stopped reading, for one.
        thread::sleep(GRACE);
        process::exit(end.code().into());
    }

    /// Notes a signal. Returns the one that ends the command at once, if one does by now.
    fn receive(&self, signal: Signal) -> Option<Signal> {
        let mut end = None;
        self.0.send_modify(|state| {
            if state.first.is_some() || state.held == 0 {
                state.end.get_or_insert(signal);
            }
            state.first.get_or_insert(signal);
            end = state.end;
        });
        end
    }

    /// Holds on to something that must not be left half done.
    ///
    /// # Errors
    /// A signal has come before it was begun.
    pub fn hold(&self) -> Result<Hold, Failure> {
        let mut refused = None;
        self.0.send_modify(|state| match state.first {
            Some(signal) if state.held == 0 => refused = Some(signal),
            _ => state.held += 1,
        });
        match refused {
            Some(signal) => Err(signal.failure()),
            None => Ok(Hold(self.clone())),
        }
    }

    /// The first signal, if one has come.
    #[must_use]
    pub fn first(&self) -> Option<Signal> {
        self.0.borrow().first
    }

    /// Returns the first signal, once it comes.
    pub async fn come(&self) -> Signal {
        self.wait_for(|state| state.first).await
    }

    /// The first signal, if one has come that only ends what is held.
    #[must_use]
    pub fn finishing(&self) -> Option<Signal> {
        self.0.borrow().finishing()
    }

    /// The first signal that only ends what is held, once it comes.
    pub async fn finish(&self) -> Signal {
        self.wait_for(State::finishing).await
    }

    /// Returns the signal that ends the command at once, once it comes.
    pub async fn end(&self) -> Signal {
        self.wait_for(|state| state.end).await
    }

    /// Listeners are notified one after the other, and one that is polled meanwhile, since another
    /// was, has to know as well: so each poll looks at what has come.
    async fn wait_for(&self, signal: fn(&State) -> Option<Signal>) -> Signal {
        let mut states = self.0.subscribe();
        let mut notified = pin!(states.wait_for(|state| signal(state).is_some()));
        poll_fn(|context| {
            let come = signal(&self.0.borrow());
            come.map_or_else(
                || match notified.as_mut().poll(context) {
                    Poll::Ready(Ok(state)) => signal(&state).map_or(Poll::Pending, Poll::Ready),
                    // The sender is this value's own: it cannot be gone.
                    Poll::Ready(Err(_)) | Poll::Pending => Poll::Pending,
                },
                Poll::Ready,
            )
        })
        .await
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.0.0.send_modify(|state| state.held -= 1);
    }
}

#[cfg(unix)]
mod source {
    use tokio::signal::unix::{Signal as Source, SignalKind, signal};

    use super::Signal;

    /// Sources of signals; one that cannot be listened to keeps its usual effect.
    pub(super) struct Sources {
        interrupts: Option<Source>,
        terminations: Option<Source>,
    }

    impl Sources {
        pub(super) fn open() -> Self {
            Self {
                interrupts: signal(SignalKind::interrupt()).ok(),
                terminations: signal(SignalKind::terminate()).ok(),
            }
        }

        pub(super) async fn next(&mut self) -> Signal {
            tokio::select! {
                () = next(&mut self.interrupts) => Signal::Interrupt,
                () = next(&mut self.terminations) => Signal::Terminate,
            }
        }
    }

    async fn next(source: &mut Option<Source>) {
        let came = match source {
            Some(source) => source.recv().await,
            None => None,
        };
        if came.is_none() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(windows)]
mod source {
    use super::Signal;

    /// Sources of signals: there is Ctrl-C alone.
    pub(super) struct Sources;

    impl Sources {
        pub(super) fn open() -> Self {
            Self
        }

        pub(super) async fn next(&mut self) -> Signal {
            if tokio::signal::ctrl_c().await.is_err() {
                std::future::pending::<()>().await;
            }
            Signal::Interrupt
        }
    }
}

#[cfg(test)]
mod tests {
    use Signal::{Interrupt, Terminate};
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn the_first_signal_ends_what_holds_on_to_nothing() {
        let signals = Signals::default();
        assert_eq!(signals.receive(Terminate), Some(Terminate));
        assert_eq!(signals.hold().unwrap_err().kind, FailureKind::Terminated);
    }

    #[test]
    fn what_is_held_is_finished_and_nothing_new_is_begun() {
        let signals = Signals::default();
        let write = signals.hold().unwrap();
        assert_eq!(signals.receive(Interrupt), None);
        let part_of_it = signals.hold().unwrap();
        drop(part_of_it);
        drop(write);
        assert_eq!(signals.hold().unwrap_err().kind, FailureKind::Interrupted);
        assert_eq!(signals.first(), Some(Interrupt));
    }

    #[test]
    fn who_is_not_notified_yet_knows_when_it_looks() {
        let signals = Signals::default();
        let _write = signals.hold().unwrap();
        let mut end = pin!(signals.end());
        assert_eq!(end.as_mut().now_or_never(), None);
        // Nobody is notified.
        let _ = signals.0.send_if_modified(|state| {
            state.end = Some(Interrupt);
            false
        });
        assert_eq!(end.as_mut().now_or_never(), Some(Interrupt));
    }

    #[test]
    fn the_second_signal_ends_everything() {
        let signals = Signals::default();
        let _write = signals.hold().unwrap();
        assert_eq!(signals.receive(Interrupt), None);
        assert_eq!(signals.receive(Terminate), Some(Terminate));
        assert_eq!(signals.receive(Interrupt), Some(Terminate), "one end is enough");
    }
}
