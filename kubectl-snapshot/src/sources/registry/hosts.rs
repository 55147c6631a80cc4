//! Hosts of registries: how many requests each gets at once, and when it is left alone.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use tokio::{
    sync::{self, Semaphore, SemaphorePermit},
    time::{Instant, sleep_until},
};

use super::{Limit, RegistryError};

/// Number of requests to a host at once.
const AT_ONCE: usize = 16;
/// The longest that a host is waited for which says when it takes more requests, unless the
/// caller has its own deadline.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);

/// Hosts by their names, with ports.
#[derive(Default)]
pub(super) struct Hosts {
    known: Mutex<HashMap<String, Arc<Host>>>,
    /// Time by which everything has to be answered.
    deadline: Option<Instant>,
}

/// A host that is asked.
pub(super) struct Host {
    name: String,
    room: Semaphore,
    /// State of the host: paused, or given up.
    state: Mutex<State>,
    /// One at a time asks when it takes more requests.
    asking: sync::Mutex<()>,
    deadline: Option<Instant>,
}

#[derive(Default)]
struct State {
    /// True where it did not answer, or wants no more requests.
    is_given_up: bool,
    pause: Option<Pause>,
}

/// A time in which a host is left alone, because it said so.
#[derive(Clone, Copy)]
struct Pause {
    noted: Instant,
    until: Instant,
}

impl Hosts {
    /// The hosts, of which none is waited for beyond this time.
    pub(super) fn by(self, deadline: Instant) -> Self {
        Self { deadline: Some(deadline), ..self }
    }

    /// The host of that name.
    pub(super) fn of(&self, name: &str) -> Arc<Host> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let host = known.entry(name.to_owned()).or_insert_with(|| {
            Arc::new(Host {
                name: name.to_owned(),
                room: Semaphore::new(AT_ONCE),
                state: Mutex::default(),
                asking: sync::Mutex::default(),
                deadline: self.deadline,
            })
        });
        Arc::clone(host)
    }
}

impl Host {
    /// Waits for a turn, once the host takes requests.
    pub(super) async fn turn(&self) -> Result<SemaphorePermit<'_>, RegistryError> {
        let pause = self.state().pause;
        if let Some(pause) = pause {
            sleep_until(pause.until).await;
        }
        let turn = self.room.acquire().await.map_err(|_| self.given_up())?;
        self.refuse_given_up()?;
        Ok(turn)
    }

    /// Leaves the host alone until it takes more requests, which `limit` asks it, after it has
    /// refused a request that was sent then.
    ///
    /// # Errors
    /// Nobody waits for that long, or it does not say.
    pub(super) async fn pause(
        &self,
        sent: Instant,
        limit: impl Future<Output = Limit>,
    ) -> Result<(), RegistryError> {
        let _one = self.asking.lock().await;
        self.refuse_given_up()?;
        if self.state().pause.is_some_and(|pause| pause.noted > sent) {
            return Ok(());
        }
        let limit = limit.await;
        let noted = Instant::now();
        let longest = self.deadline.unwrap_or(noted + LONGEST_PAUSE);
        match limit.again.map(|again| noted + again) {
            Some(until) if until < longest => {
                self.state().pause = Some(Pause { noted, until });
                Ok(())
            }
            // Before the next one asks for the same.
            _ => Err(self.note(self.too_many(limit))),
        }
    }

    /// Notes by an error that the host is away, or takes no more requests.
    pub(super) fn note(&self, error: RegistryError) -> RegistryError {
        if matches!(
            error,
            RegistryError::Unreachable { .. }
                | RegistryError::TimedOut { .. }
                | RegistryError::TooMany { .. }
        ) {
            self.state().is_given_up = true;
        }
        error
    }

    /// Refuses to ask a host that has been given up.
    pub(super) fn refuse_given_up(&self) -> Result<(), RegistryError> {
        if self.state().is_given_up { Err(self.given_up()) } else { Ok(()) }
    }

    /// The error that it takes no more requests.
    pub(super) fn too_many(&self, limit: Limit) -> RegistryError {
        RegistryError::TooMany { registry: self.name.clone(), limit }
    }

    fn given_up(&self) -> RegistryError {
        RegistryError::GivenUp { registry: self.name.clone() }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn each_host_has_its_own_number_of_requests() {
        let hosts = Hosts::default();
        let (one, other) = (hosts.of("one.example"), hosts.of("other.example:5000"));
        let mut turns = Vec::new();
        for _ in 0..AT_ONCE {
            turns.push(one.turn().await.unwrap());
        }
        assert!(one.room.try_acquire().is_err(), "it has as many as it gets");
        assert!(hosts.of("one.example").room.try_acquire().is_err(), "by whatever way");
        assert!(other.turn().await.is_ok());
        turns.pop();
        assert!(one.turn().await.is_ok());
    }

    #[tokio::test]
    async fn who_says_no_time_is_given_up_alone() {
        let hosts = Hosts::default();
        let (busy, other) = (hosts.of("busy.example"), hosts.of("other.example"));
        let refused = busy.pause(Instant::now(), async { Limit::default() }).await.unwrap_err();
        assert!(matches!(refused, RegistryError::TooMany { .. }), "{refused}");
        assert!(matches!(busy.turn().await, Err(RegistryError::GivenUp { .. })));
        assert!(other.turn().await.is_ok());
    }

    #[tokio::test]
    async fn one_asks_for_all_that_were_refused_meanwhile() {
        let host = Hosts::default().of("busy.example");
        let (sent, again) = (Instant::now(), Some(Duration::from_millis(1)));
        let limit = Limit { again, ..Limit::default() };
        host.pause(sent, async { limit }).await.unwrap();
        host.pause(sent, async { panic!("it is known") }).await.unwrap();
        assert!(host.turn().await.is_ok());
    }
}
