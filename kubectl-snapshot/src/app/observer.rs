//! The observer of the application: what it is told while work is under way.

use super::Failure;

/// Work that takes a while.
#[derive(Clone, Copy, Debug)]
pub enum Task<'a> {
    /// Things are counted, up to a total if that is known.
    Count {
        /// The work, in a few words: `reading qa`.
        what: &'a str,
        /// The number of all things.
        total: Option<usize>,
    },
    /// Rollouts are waited for.
    Rollouts {
        /// Their number.
        total: usize,
    },
}

/// A step of such work.
#[derive(Clone, Copy, Debug)]
pub enum Step<'a> {
    /// So many things are done altogether.
    Done(usize),
    /// So many more things are done.
    More(usize),
    /// A workload waits for something.
    Waiting {
        /// `Deployment cart`.
        workload: &'a str,
        /// The thing that it waits for.
        text: &'a str,
    },
    /// A workload is waited for no longer.
    Settled {
        /// `Deployment cart`.
        workload: &'a str,
    },
}

/// A note for whoever watches.
#[derive(Clone, Copy, Debug)]
pub enum Note<'a> {
    /// Something that the reader should know, and that stops nothing.
    Warning(&'a str),
    /// A failure that stops nothing.
    Failure {
        /// Consequence of it.
        text: &'a str,
        /// The failure.
        failure: &'a Failure,
    },
    /// Something that is under way.
    Status(&'a str),
}

/// The progress of one piece of work; it ends when this is dropped.
pub struct Progress(Box<dyn Fn(Step<'_>) + Send + Sync>);

impl Progress {
    /// A progress that hands each step on.
    pub fn new(step: impl Fn(Step<'_>) + Send + Sync + 'static) -> Self {
        Self(Box::new(step))
    }

    /// So many things are done altogether.
    pub fn set(&self, done: usize) {
        (self.0)(Step::Done(done));
    }

    /// So many more things are done.
    pub fn add(&self, more: usize) {
        (self.0)(Step::More(more));
    }

    /// A workload waits for something.
    pub fn waiting(&self, workload: &str, text: &str) {
        (self.0)(Step::Waiting { workload, text });
    }

    /// A workload is waited for no longer.
    pub fn settled(&self, workload: &str) {
        (self.0)(Step::Settled { workload });
    }
}

type Notify = Box<dyn Fn(Note<'_>) + Send + Sync>;
type Begin = Box<dyn Fn(Task<'_>) -> Progress + Send + Sync>;

/// Whoever watches the application.
pub struct Observer {
    notify: Notify,
    begin: Begin,
}

impl Observer {
    /// An observer that takes notes, and makes a progress of each task.
    pub fn new(
        notify: impl Fn(Note<'_>) + Send + Sync + 'static,
        begin: impl Fn(Task<'_>) -> Progress + Send + Sync + 'static,
    ) -> Self {
        Self { notify: Box::new(notify), begin: Box::new(begin) }
    }

    /// Something that the reader should know, and that stops nothing.
    pub fn warning(&self, text: &str) {
        (self.notify)(Note::Warning(text));
    }

    /// A failure that stops nothing; `text` is what follows from it.
    pub fn failure(&self, text: &str, failure: &Failure) {
        (self.notify)(Note::Failure { text, failure });
    }

    /// Something that is under way.
    pub fn status(&self, text: &str) {
        (self.notify)(Note::Status(text));
    }

    /// Begins to count things, up to `total` if that is known.
    #[must_use]
    pub fn count(&self, what: &str, total: Option<usize>) -> Progress {
        (self.begin)(Task::Count { what, total })
    }

    /// Begins to wait for rollouts.
    #[must_use]
    pub fn rollouts(&self, total: usize) -> Progress {
        (self.begin)(Task::Rollouts { total })
    }
}
