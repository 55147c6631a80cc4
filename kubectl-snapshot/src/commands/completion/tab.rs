//! One press of Tab: the line typed so far, and whom to ask about it.

use std::{
    ffi::OsString,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use clap::{ArgMatches, Command, CommandFactory, parser::ValueSource};
use snapshot_core::reference::Reference;

use crate::{
    cluster::{Cluster, ConnectOptions, KubeconfigNames},
    commands::{Cli, GlobalArgs},
    store::Store,
};

/// Longest wait for everything that one Tab asks: enough for a credential plugin
/// that calls its cloud and for a server on another continent, and as long as
/// anybody looks at a line that does not move.
const PATIENCE: Duration = Duration::from_secs(2);

/// Completer of file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Files {
    /// The shell, which is told to.
    OfTheShell,
    /// Candidates like others.
    Candidates,
}

/// One press of Tab.
#[derive(Debug)]
pub(super) struct Tab {
    /// The flags that are typed already; none where the line cannot be read.
    globals: Option<GlobalArgs>,
    /// The snapshots that are typed already.
    references: Vec<Reference>,
    files: Files,
    wants_files: AtomicBool,
    until: Instant,
}

/// The one that this process answers: clap hands a completer nothing but the word it completes.
static OF_PROCESS: OnceLock<Tab> = OnceLock::new();

impl Tab {
    /// The press of Tab that this process answers, once its line is read.
    pub(super) fn of_process() -> Option<&'static Self> {
        OF_PROCESS.get()
    }

    /// Reads the line that this process answers, whose last word is not finished.
    pub(super) fn begin(line: &[OsString], files: Files) -> &'static Self {
        OF_PROCESS.get_or_init(|| Self::new(line, files))
    }

    fn new(line: &[OsString], files: Files) -> Self {
        let typed = line.split_last().map_or(line, |(_, typed)| typed);
        // A flag without its value, an argument that is missing: the line is half typed.
        let matches = Cli::command().ignore_errors(true).try_get_matches_from(typed);
        let matches = matches.ok();
        Self {
            globals: matches.as_ref().and_then(|found| GlobalArgs::of(found).ok()),
            references: matches.as_ref().map(references).unwrap_or_default(),
            files,
            wants_files: AtomicBool::default(),
            until: Instant::now() + PATIENCE,
        }
    }

    /// The snapshots that are typed already, in their order.
    pub(super) fn references(&self) -> &[Reference] {
        &self.references
    }

    /// Completer of file names.
    pub(super) fn files(&self) -> Files {
        self.files
    }

    /// Notes that a file would do here.
    pub(super) fn want_files(&self) {
        self.wants_files.store(true, Ordering::Relaxed);
    }

    /// True if a file would do where the cursor stands.
    pub(super) fn wants_files(&self) -> bool {
        self.wants_files.load(Ordering::Relaxed)
    }

    /// Names in the kubeconfig; nothing where it cannot be read.
    pub(super) fn kubeconfig(&self) -> KubeconfigNames {
        let names = self.options().and_then(|options| options.kubeconfig_names().ok());
        names.unwrap_or_default()
    }

    /// Asks the cluster of the line, or of another context.
    pub(super) fn ask_cluster<T, F>(&self, context: Option<&str>, question: F) -> Option<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(Cluster) -> Option<T> + Send + 'static,
    {
        let mut options = self.options()?;
        options.context = context.map(str::to_owned).or(options.context);
        self.ask(async move || question(options.connect().await.ok()?).await)
    }

    /// Asks the cluster of a context about a namespace; those of the line where none is named.
    pub(super) fn ask_namespace<T, F>(
        &self,
        context: Option<String>,
        namespace: Option<String>,
        question: F,
    ) -> Option<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(Cluster) -> Option<T> + Send + 'static,
    {
        let mut options = self.options()?;
        options.context = context.or(options.context);
        options.namespace = namespace.or(options.namespace);
        self.ask(async move || question(options.connect().await.ok()?).await)
    }

    /// Asks the store of the line.
    pub(super) fn ask_store<T, F>(&self, question: F) -> Option<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce(Store) -> Option<T> + Send + 'static,
    {
        let globals = self.globals.clone()?;
        let options = self.options()?;
        self.ask(async move || {
            let store = match &globals.store {
                Some(directory) => Store::in_directory(directory),
                None => Store::in_cluster(options.connect().await.ok()?, &globals.store_namespace),
            };
            question(store).await
        })
    }

    /// Asks on a thread of its own and waits as long as patience lasts: a credential
    /// plugin or a name server that hangs does not know what a timeout is.
    pub(super) fn ask<T, F>(&self, question: F) -> Option<T>
    where
        T: Send + 'static,
        F: AsyncFnOnce() -> Option<T> + Send + 'static,
    {
        let (tell, answer) = mpsc::channel();
        let asking = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            if let Some(told) = runtime.ok().and_then(|runtime| runtime.block_on(question())) {
                drop(tell.send(told));
            }
        };
        thread::Builder::new().spawn(asking).ok()?;
        answer.recv_timeout(self.until.saturating_duration_since(Instant::now())).ok()
    }

    fn options(&self) -> Option<ConnectOptions> {
        let options = self.globals.as_ref()?.connect_options();
        Some(ConnectOptions { unattended: true, ..options })
    }
}

/// The command line as Tab sees it: flags come after everything else, and only where nothing else does.
pub(super) fn command() -> Command {
    let mut command = Cli::command();
    // Built first: the flags of every command are copied into each.
    command.build();
    flags_last(command)
}

fn flags_last(command: Command) -> Command {
    command
        .mut_args(|argument| if argument.is_positional() { argument } else { argument.hide(true) })
        .mut_subcommands(flags_last)
}

/// Whatever of a command was typed as a snapshot.
fn references(matches: &ArgMatches) -> Vec<Reference> {
    if let Some((_, below)) = matches.subcommand() {
        return references(below);
    }
    let typed =
        |id: &&clap::Id| matches.value_source(id.as_str()) == Some(ValueSource::CommandLine);
    let read =
        |id: &clap::Id| matches.try_get_one::<Reference>(id.as_str()).ok().flatten().cloned();
    matches.ids().filter(typed).filter_map(read).collect()
}
