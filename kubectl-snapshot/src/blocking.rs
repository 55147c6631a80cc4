//! Blocking work, on a thread of its own.
//!
//! A task that blocks hears no signal, renews no Lease and lets no timeout
//! expire. Files may be pipes, folders may be on a server that is gone, and a
//! policy may never end: whoever offers one of these offers it as an
//! asynchronous function that goes through here.

use std::panic::resume_unwind;

/// Runs work that blocks, or keeps a core busy, on a thread of its own.
///
/// Dropping the future abandons the work: it goes on by itself, and ends with
/// the process at the latest.
///
/// # Panics
/// Where the work does.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(failed) => match failed.try_into_panic() {
            Ok(panicked) => resume_unwind(panicked),
            // Only a runtime that is going away cancels work, and nobody waits for that.
            Err(_) => std::future::pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use std::{sync::mpsc, time::Duration};

    use super::*;

    #[tokio::test]
    async fn others_go_on_meanwhile_also_on_a_single_thread() {
        let (tell, told) = mpsc::channel();
        let slow = blocking(move || told.recv_timeout(Duration::from_mins(1)));
        let (answer, ()) = tokio::join!(slow, async move { tell.send(7).unwrap() });
        assert_eq!(answer, Ok(7));
    }

    #[tokio::test]
    #[should_panic(expected = "out of tax")]
    async fn a_panic_is_passed_on() {
        blocking(|| panic!("out of tax")).await;
    }
}
