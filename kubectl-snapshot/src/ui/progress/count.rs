//! Progress that can be counted.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicU64, Ordering},
    },
    time::Instant,
};

use indicatif::{ProgressBar, ProgressStyle};
use snapshot_core::visible;

use super::{PATIENCE, TICK};
use crate::ui::Ui;

/// A count that goes up on the terminal, and goes away when it is dropped.
#[derive(Debug)]
pub struct Count {
    ui: Ui,
    what: String,
    total: Option<u64>,
    done: AtomicU64,
    started: Instant,
    bar: OnceLock<ProgressBar>,
}

impl Ui {
    /// Begins to count: `what` is being done, to `total` things if that is known.
    #[must_use]
    pub fn count(&self, what: &str, total: Option<usize>) -> Count {
        Count {
            ui: self.clone(),
            what: visible::line(what).into_owned(),
            total: total.map(|total| total as u64),
            done: AtomicU64::new(0),
            started: Instant::now(),
            bar: OnceLock::new(),
        }
    }
}

impl Count {
    /// Adds to the number that is done.
    pub fn add(&self, more: usize) {
        let done = self.done.fetch_add(more as u64, Ordering::Relaxed) + more as u64;
        self.show(done);
    }

    /// Sets the number that is done.
    pub fn set(&self, done: usize) {
        self.done.store(done as u64, Ordering::Relaxed);
        self.show(done as u64);
    }

    fn show(&self, done: u64) {
        if !self.ui.surroundings.stderr.terminal || self.started.elapsed() < PATIENCE {
            return;
        }
        self.bar.get_or_init(|| self.bar()).set_position(done);
    }

    fn bar(&self) -> ProgressBar {
        let (bar, template) = match self.total {
            Some(total) => {
                (ProgressBar::new(total), "{spinner} {prefix} [{bar:24}] {human_pos}/{human_len}")
            }
            None => (ProgressBar::no_length(), "{spinner} {prefix}: {human_pos}"),
        };
        let style = ProgressStyle::with_template(template);
        let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
        let bar = self
            .ui
            .bars
            .add(bar.with_style(style.progress_chars("=> ")).with_prefix(self.what.clone()));
        bar.enable_steady_tick(TICK);
        bar
    }
}

impl Drop for Count {
    fn drop(&mut self) {
        if let Some(bar) = self.bar.get() {
            bar.finish_and_clear();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::{ColorChoice, Surroundings};

    #[test]
    fn it_counts_without_a_terminal_and_shows_nothing() {
        let count =
            Ui::within(Surroundings::default(), ColorChoice::Auto).count("reading", Some(10));
        count.set(3);
        count.add(4);
        assert_eq!(count.done.load(Ordering::Relaxed), 7);
        assert!(count.bar.get().is_none());
    }
}
