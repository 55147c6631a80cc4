//! Leases that this process holds: given back all at once where it ends by a panic.

use std::{
    sync::{Condvar, LazyLock, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

/// The word to give everything back.
static GIVE_BACK: LazyLock<watch::Sender<bool>> = LazyLock::new(|| watch::Sender::new(false));

/// Number of Leases that are held.
static HELD: Mutex<usize> = Mutex::new(0);
static ONE_LESS: Condvar = Condvar::new();

/// A Lease that is held until this is dropped.
pub(super) struct Held {
    give_back: watch::Receiver<bool>,
}

impl Held {
    pub(super) fn new() -> Self {
        *HELD.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        Self { give_back: GIVE_BACK.subscribe() }
    }

    /// Returns once the Lease is to be given back at once.
    pub(super) async fn returned_on_fault(&mut self) {
        if self.give_back.wait_for(|word| *word).await.is_err() {
            // The sender is a static: it does not go.
            std::future::pending::<()>().await;
        }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        *HELD.lock().unwrap_or_else(PoisonError::into_inner) -= 1;
        ONE_LESS.notify_all();
    }
}

/// Gives back every Lease that this process holds, and waits for that, for so long at most.
///
/// It blocks: the requests are made by the runtime's other threads.
pub fn give_back_leases(patience: Duration) {
    GIVE_BACK.send_replace(true);
    let held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
    let _ = ONE_LESS.wait_timeout_while(held, patience, |held| *held > 0);
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn what_is_held_is_given_back_before_the_end() {
        let given_back = Arc::new(Mutex::new(false));
        let (mut held, told) = (Held::new(), Arc::clone(&given_back));
        tokio::spawn(async move {
            held.returned_on_fault().await;
            *told.lock().unwrap() = true;
        });
        assert!(!*given_back.lock().unwrap());
        give_back_leases(Duration::from_mins(1));
        assert!(*given_back.lock().unwrap());
    }
}
