//! The process: its arguments, its runtime, Ctrl-C, and the one place where errors are printed.

use std::process::ExitCode;

use crate::{
    cluster::stop,
    commands::{Cli, Exit, Failure, Session, answer_tab},
    ui::Ui,
};

/// Runs the command that the process's arguments name.
#[must_use]
pub fn main() -> ExitCode {
    if let Some(answered) = answer_tab() {
        return answered;
    }
    let cli = Cli::of_process();
    let ui = Ui::new(cli.global().color.into(), cli.verbosity());
    let runtime = match tokio::runtime::Builder::new_multi_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => {
            ui.error(&format!("no threads can be had: {error}"), &[]);
            return Exit::Failed.into();
        }
    };
    let exit = runtime.block_on(interruptible(cli, ui));
    // Threads that still wait for an answer are not waited for.
    runtime.shutdown_background();
    exit.into()
}

/// Runs the command until it ends, or until Ctrl-C ends it in good order.
async fn interruptible(cli: Cli, ui: Ui) -> Exit {
    let (switch, stop) = stop();
    let stops_itself = cli.stops_itself();
    let session = Session::new(cli.global().clone(), ui, stop);
    let command = cli.run(&session);
    tokio::pin!(command);
    let interrupted = || Failure::new("interrupted").with_exit(Exit::Interrupted);
    let ended = tokio::select! {
        ended = &mut command => ended,
        _ = tokio::signal::ctrl_c() => {
            switch.stop();
            if stops_itself {
                session.ui.status("stopping: what is under way is finished, nothing new is begun; Ctrl-C again to end at once");
                tokio::select! {
                    ended = &mut command => ended,
                    _ = tokio::signal::ctrl_c() => Err(interrupted()),
                }
            } else {
                // Heads are written last and files are renamed into place: nothing is half written.
                Err(interrupted())
            }
        }
    };
    match ended {
        Ok(exit) => exit,
        Err(failure) => {
            if !failure.message.is_empty() {
                session.ui.error(&failure.message, &failure.hints);
            }
            failure.exit
        }
    }
}
