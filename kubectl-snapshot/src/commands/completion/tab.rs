//! Completion request, one press of Tab: the line typed so far, and whom to ask about it.

use std::{
    path::PathBuf,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use snapshot_core::reference::Reference;

use crate::{
    cluster::{Cluster, ConnectOptions, KubeconfigNames, kubeconfig_names},
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

/// Origin of a line's answers, by the flags that are typed already.
#[derive(Clone, Debug)]
pub(super) struct Home {
    /// The cluster of the line.
    pub(super) cluster: ConnectOptions,
    /// The directory of its store, where it is one.
    pub(super) store: Option<PathBuf>,
    /// The namespace of its store elsewhere.
    pub(super) store_namespace: String,
}

/// The line typed so far.
#[derive(Debug, Default)]
pub(super) struct Line {
    /// Origin of its answers; none where the line cannot be read.
    pub(super) home: Option<Home>,
    /// The snapshots that are typed already.
    pub(super) references: Vec<Reference>,
}

/// One press of Tab.
#[derive(Debug)]
pub(super) struct Tab {
    line: Line,
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

    /// Takes the line that this process answers.
    pub(super) fn begin(line: Line, files: Files) -> &'static Self {
        OF_PROCESS.get_or_init(|| Self::new(line, files))
    }

    fn new(line: Line, files: Files) -> Self {
        Self { line, files, wants_files: AtomicBool::default(), until: Instant::now() + PATIENCE }
    }

    /// The snapshots that are typed already, in their order.
    pub(super) fn references(&self) -> &[Reference] {
        &self.line.references
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
        let file = self.line.home.as_ref().map(|home| home.cluster.kubeconfig.as_deref());
        let names = file.and_then(|file| kubeconfig_names(file).ok());
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
        let home = self.line.home.clone()?;
        let options = self.options()?;
        self.ask(async move || {
            let store = match &home.store {
                Some(directory) => Store::in_directory(directory),
                None => Store::in_cluster(options.connect().await.ok()?, &home.store_namespace),
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
        let options = self.line.home.as_ref()?.cluster.clone();
        Some(ConnectOptions { unattended: true, ..options })
    }
}
