//! Faults of this program: a panic ends the command with a sentence, an exit code and the
//! namespace's Lease given back.
//!
//! All of it happens in the panic hook, before anything unwinds, so it is the same in tests and in
//! what ships, which is built without the tables that unwinding needs.

use std::{
    any::Any,
    panic::{PanicHookInfo, set_hook},
    process,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use crate::{
    advice,
    app::{Failure, FailureKind},
    cluster::give_back_leases,
    commands::Exit,
    panics,
    ui::Ui,
};

/// The most time that giving Leases back may take; one that is not given back runs out by itself.
const LEASES: Duration = Duration::from_secs(5);

/// The most time that the whole end may take: what panicked may hold the terminal.
const END: Duration = Duration::from_secs(10);

/// True once a thread has panicked.
static ENDING: AtomicBool = AtomicBool::new(false);

/// Makes every panic from now on the end of the process, as a failure of this kind.
pub(super) fn end_with_a_sentence(ui: Ui, kind: FailureKind) {
    set_hook(Box::new(move |panic| {
        if ENDING.swap(true, Ordering::SeqCst) {
            // The first ends the process, and says why.
            loop {
                thread::park();
            }
        }
        let code: i32 = Exit::from(kind).code().into();
        thread::spawn(move || {
            thread::sleep(END);
            process::exit(code);
        });
        give_back_leases(LEASES);
        let failure = panics::sentence().map_or_else(|| failure(panic), Failure::new);
        ui.error(&failure.message, &[], &advice::hints(&failure));
        process::exit(code);
    }));
}

fn failure(panic: &PanicHookInfo<'_>) -> Failure {
    let place = panic.location().map(|place| format!(" at {place}")).unwrap_or_default();
    let words = words(panic.payload());
    Failure::new(format!("kubectl snapshot itself has failed{place}: {words}"))
        .hint("what it had written is not undone: kubectl snapshot diff tells what runs now")
        .hint("please report it, with the command and the output of kubectl snapshot version")
}

fn words(payload: &(dyn Any + Send)) -> &str {
    let words = payload.downcast_ref::<String>().map(String::as_str);
    words.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("no reason given")
}

#[cfg(test)]
mod tests {
    use std::{env, process::Command};

    use super::*;
    use crate::ui::{ColorChoice, Surroundings};

    /// Set for the process that is to end.
    const INNER: &str = "KUBECTL_SNAPSHOT_TEST_PANIC";

    /// Runs a test again in a process of its own, which ends by a panic: its exit code and stderr.
    fn ended(name: &str) -> (Option<i32>, String) {
        let mut inner = Command::new(env::current_exe().expect("a test has a program"));
        let name = format!("run::fault::tests::{name}");
        let ended = inner.args(["--exact", &name, "--nocapture"]).env(INNER, "1").output().unwrap();
        (ended.status.code(), String::from_utf8_lossy(&ended.stderr).into_owned())
    }

    fn is_inner() -> bool {
        let inner = env::var_os(INNER).is_some();
        if inner {
            let ui = Ui::within(Surroundings::default(), ColorChoice::Never);
            end_with_a_sentence(ui, FailureKind::Usage);
        }
        inner
    }

    #[test]
    fn a_panic_ends_the_process() {
        if is_inner() {
            let thread = thread::spawn(|| panic!("out of {}", "tax"));
            let _ = thread.join();
            unreachable!("the process has ended");
        }
        let (code, stderr) = ended("a_panic_ends_the_process");
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.starts_with("error: kubectl snapshot itself has failed at "), "{stderr}");
        assert!(stderr.contains("fault.rs:") && stderr.contains(": out of tax\n"), "{stderr}");
        assert!(stderr.contains("hint: what it had written is not undone"), "{stderr}");
    }

    #[test]
    fn a_panic_that_stands_for_a_sentence_is_that_sentence() {
        if is_inner() {
            let sentence = "the token cannot be sent".to_owned();
            panics::standing_for(sentence, || panic!("s3cr3t is no header"));
        }
        let (code, stderr) = ended("a_panic_that_stands_for_a_sentence_is_that_sentence");
        assert_eq!((code, stderr.as_str()), (Some(2), "error: the token cannot be sent\n"));
    }
}
