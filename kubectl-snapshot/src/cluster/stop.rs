//! The wish that long work ends: Ctrl-C, a lost lease, a first failure.

use std::sync::Arc;

use tokio::sync::watch;

/// Asks all holders of the [`Stop`] that came with it to end.
#[derive(Clone, Debug)]
pub struct StopSwitch(Arc<watch::Sender<bool>>);

/// Tells long work whether it should end.
#[derive(Clone, Debug)]
pub struct Stop(watch::Receiver<bool>);

/// A switch, and what it switches.
#[must_use]
pub fn stop() -> (StopSwitch, Stop) {
    let (sender, receiver) = watch::channel(false);
    (StopSwitch(Arc::new(sender)), Stop(receiver))
}

impl StopSwitch {
    /// Asks to end; asking again changes nothing.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }
}

impl Stop {
    /// For work that nobody interrupts.
    #[cfg(test)]
    #[must_use]
    pub fn never() -> Self {
        stop().1
    }

    /// True if the end was asked for.
    #[must_use]
    pub fn requested(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns once the end is asked for, and never if nobody can ask any more.
    pub async fn wait(&self) {
        if self.0.clone().wait_for(|asked| *asked).await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn every_copy_hears_the_switch() {
        let (switch, stop) = stop();
        let copy = stop.clone();
        assert!(!copy.requested() && copy.wait().now_or_never().is_none());
        switch.clone().stop();
        assert!(copy.requested() && stop.wait().now_or_never().is_some());
    }

    #[test]
    fn without_a_switch_nothing_stops() {
        let stop = Stop::never();
        assert!(!stop.requested() && stop.wait().now_or_never().is_none());
    }
}
