//! The surroundings of a command: the terminal, and the application.

use std::io::Write;

use super::global::GlobalArgs;
use crate::{
    advice,
    app::{
        App, Clock, Connections, Failure, FlagSystems, Note, Observer, Progress, STORE_NAMESPACE,
        Signals, Step, StoreLocation, Task,
    },
    cluster::Stop,
    render::{Change, ChangeList, Format, RenderError, Report, Style, render},
    ui::{Ui, is_closed_stdout},
};

/// The surroundings of a command.
pub struct Session {
    /// The terminal.
    pub ui: Ui,
    /// The application.
    pub app: App,
}

impl Session {
    /// A session as the global flags say.
    #[must_use]
    pub fn new(globals: &GlobalArgs, ui: Ui, stop: Stop, signals: Signals) -> Self {
        let store = match &globals.store {
            Some(directory) => StoreLocation::Directory(directory.clone()),
            None => StoreLocation::Namespace(globals.store_namespace.clone()),
        };
        let connections = Connections::new(globals.connect_options(), globals.namespaces(), store);
        let observer = observer(&ui);
        let (clock, offline) = (Clock::system(), globals.offline);
        Self {
            ui,
            app: App {
                connections,
                clock,
                flag_systems: FlagSystems::default(),
                offline,
                stop,
                signals,
                observer,
            },
        }
    }

    /// The flags that name the store, for commands that are shown to be typed.
    #[must_use]
    pub fn store_flags(&self) -> Vec<String> {
        match self.app.connections.store_location() {
            StoreLocation::Directory(directory) => {
                vec!["--store".to_owned(), directory.display().to_string()]
            }
            StoreLocation::Namespace(name) if name == STORE_NAMESPACE => Vec::new(),
            StoreLocation::Namespace(name) => vec!["--store-namespace".to_owned(), name.clone()],
        }
    }

    /// Prints a report to stdout.
    pub fn show<R: Report>(&self, report: &R, format: &Format) -> Result<(), Failure> {
        let style = Style {
            colour: self.ui.colour(),
            width: self.ui.width(),
            terminal: self.ui.is_terminal(),
        };
        self.print(|out| render(report, format, style, out).map_err(Failure::from))
    }

    /// Says that something was made, changed or taken away.
    pub fn tell(&self, change: Change, format: &Format) -> Result<(), Failure> {
        self.show(&ChangeList::from(change), format)
    }

    /// Prints to stdout whatever `write` writes. A reader that went away is no failure.
    pub fn print(
        &self,
        write: impl FnOnce(&mut dyn Write) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        self.ui.result(write)
    }
}

/// The terminal as what watches the application.
fn observer(ui: &Ui) -> Observer {
    let (notes, tasks) = (ui.clone(), ui.clone());
    Observer::new(
        move |note| match note {
            Note::Warning(text) => notes.warning(text),
            Note::Failure { text, failure } => {
                notes.warning(&format!("{text}: {}", advice::in_a_sentence(failure)));
            }
            Note::Status(text) => notes.status(text),
        },
        move |task| match task {
            Task::Count { what, total } => {
                let count = tasks.count(what, total);
                Progress::new(move |step| match step {
                    Step::Done(done) => count.set(done),
                    Step::More(more) => count.add(more),
                    Step::Waiting { .. } | Step::Settled { .. } => {}
                })
            }
            Task::Rollouts { total } => {
                let rollouts = tasks.rollouts(total);
                Progress::new(move |step| match step {
                    Step::Waiting { workload, text } => rollouts.waiting(workload, text),
                    Step::Settled { workload } => rollouts.settled(workload),
                    Step::Done(_) | Step::More(_) => {}
                })
            }
        },
    )
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        if is_closed_stdout(&error) {
            return Self::nobody_reads();
        }
        Self::new(format!("the output cannot be written: {error}")).because(error)
    }
}

impl From<RenderError> for Failure {
    fn from(error: RenderError) -> Self {
        Self::of(error)
    }
}
