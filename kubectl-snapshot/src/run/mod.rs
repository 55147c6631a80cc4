//! The process: its arguments, its runtime, its signals, and the one place where errors are printed.

mod fault;

use std::{pin::pin, process::ExitCode};

use futures::FutureExt as _;

use crate::{
    advice,
    app::{Failure, Signal, Signals},
    cluster::stop,
    commands::{Cli, Exit, Session, answer_tab},
    ui::{Ui, show_traces},
};

/// Runs the command that the process's arguments name.
#[must_use]
pub fn main() -> ExitCode {
    if let Some(answered) = answer_tab() {
        return answered;
    }
    let cli = Cli::of_process();
    let ui = Ui::new(cli.global().color.into());
    fault::end_with_a_sentence(ui.clone(), cli.kind_of_faults());
    show_traces(&ui, cli.verbosity());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            ui.error(&format!("no threads can be had: {error}"), &[], &[]);
            return Exit::Failed.into();
        }
    };
    let exit = runtime.block_on(interruptible(cli, ui));
    // Threads that still wait for an answer, or run a policy, are not waited for.
    runtime.shutdown_background();
    exit.into()
}

/// Runs the command until it ends, or until a signal ends it.
async fn interruptible(cli: Cli, ui: Ui) -> Exit {
    let verbose = cli.verbosity() > 0;
    let (switch, stop) = stop();
    let signals = Signals::listen(switch);
    let session = Session::new(cli.global(), ui, stop, signals.clone());
    let mut command = pin!(cli.run(&session));
    let mut told = false;
    let mut tell = |signal: Option<Signal>| {
        if let Some(signal) = signal.filter(|_| !told) {
            told = true;
            session.ui.status(&format!(
                "stopping: what is under way is finished, nothing new is begun; {} to end at once",
                signal.repeated()
            ));
        }
    };
    let mut finishing = pin!(signals.finish().fuse());
    let ended = loop {
        tokio::select! {
            biased;
            ended = &mut command => {
                // It may have been faster than the word that it is to end.
                tell(signals.finishing());
                break ended;
            }
            signal = signals.end() => {
                // It has been told as well, and may say better what that means. Heads are
                // written last and files are renamed into place: nothing is half written.
                break command.now_or_never().unwrap_or_else(|| Err(signal.failure()));
            }
            signal = &mut finishing => tell(Some(signal)),
        }
    };
    let exit = match ended {
        Ok(exit) => exit,
        Err(failure) => {
            show(&session.ui, &failure, verbose);
            failure.kind.into()
        }
    };
    match (exit, signals.first()) {
        // Commands know that they were stopped, and not by which signal.
        (Exit::Interrupted, Some(Signal::Terminate)) => Exit::Terminated,
        (exit, _) => exit,
    }
}

/// Prints a failure: what happened, the causes that this leaves open, or all of them, and
/// what to do next.
fn show(ui: &Ui, failure: &Failure, all_causes: bool) {
    if failure.message.is_empty() {
        return;
    }
    let causes = if all_causes { failure.causes() } else { failure.untold_causes() };
    ui.error(&failure.message, &causes, &advice::hints(failure));
}
