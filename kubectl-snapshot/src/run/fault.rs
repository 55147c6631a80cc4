//! Faults of this program: a panic ends the command with a sentence and an exit code, in tests and
//! in what ships alike.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, set_hook},
    sync::Mutex,
};

use futures::FutureExt as _;

use crate::app::{Failure, FailureKind};

#[cfg(panic = "abort")]
compile_error!("a panic has to give the namespace's Lease back: build with panic = \"unwind\"");

/// Place in the source of the last panic.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

/// Keeps the place of a panic, instead of printing it with whatever the process holds.
pub(super) fn keep_places() {
    set_hook(Box::new(|panic| {
        if let (Some(place), Ok(mut kept)) = (panic.location(), PLACE.lock()) {
            *kept = Some(place.to_string());
        }
    }));
}

/// Runs work to its end; a panic in it is a failure of the `kind` like others.
pub(super) async fn caught<T>(
    work: impl Future<Output = Result<T, Failure>>,
    kind: FailureKind,
) -> Result<T, Failure> {
    AssertUnwindSafe(work)
        .catch_unwind()
        .await
        .unwrap_or_else(|panic| Err(failure(panic.as_ref()).with_kind(kind)))
}

fn failure(panic: &(dyn Any + Send)) -> Failure {
    let words = panic.downcast_ref::<String>().map(String::as_str);
    let words =
        words.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("no reason given");
    let place = PLACE.lock().ok().and_then(|mut place| place.take());
    let place = place.map(|place| format!(" at {place}")).unwrap_or_default();
    Failure::new(format!("kubectl snapshot itself has failed{place}: {words}"))
        .hint("what it had written is not undone: kubectl snapshot diff tells what runs now")
        .hint("please report it, with the command and the output of kubectl snapshot version")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_is_a_failure_with_its_words() {
        let tax = "tax";
        let work = async { if tax.is_empty() { Ok(()) } else { panic!("out of {tax}") } };
        let failure = caught(work, FailureKind::Usage).await.unwrap_err();
        assert_eq!(failure.kind, FailureKind::Usage);
        assert!(failure.message.ends_with("itself has failed: out of tax"), "{}", failure.message);
        assert!(failure.hints[0].contains("not undone"));
    }

    #[tokio::test]
    async fn what_ends_without_one_is_as_it_was() {
        assert_eq!(caught(async { Ok(7) }, FailureKind::Failed).await.unwrap(), 7);
    }
}
