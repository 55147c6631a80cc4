//! Progress of many rollouts at once.

use std::sync::{Mutex, PoisonError};

use indicatif::{ProgressBar, ProgressStyle};

use super::{TICK, rollout_lines::RolloutLines};
use crate::ui::Ui;

/// The rollouts that are waited for, a line each; it goes away when it is dropped.
#[derive(Debug)]
pub struct Rollouts {
    lines: Mutex<RolloutLines>,
    bar: Option<ProgressBar>,
    width: usize,
}

impl Ui {
    /// Begins to wait for so many rollouts. Off a terminal one line says so.
    #[must_use]
    pub fn rollouts(&self, total: usize) -> Rollouts {
        let lines = RolloutLines::new(total);
        let stderr = self.surroundings.stderr;
        let bar = (stderr.terminal && total > 0).then(|| {
            let style = ProgressStyle::with_template("{spinner} {msg}");
            let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
            let bar = self.bars.add(ProgressBar::no_length().with_style(style));
            bar.enable_steady_tick(TICK);
            bar
        });
        if bar.is_none() && total > 0 {
            self.status(&lines.headline());
        }
        let width = self.surroundings.columns.or(stderr.width).unwrap_or(usize::MAX);
        let rollouts = Rollouts { lines: Mutex::new(lines), bar, width };
        rollouts.show(|_| ());
        rollouts
    }
}

impl Rollouts {
    /// A workload waits for something.
    pub fn waiting(&self, workload: &str, text: &str) {
        self.show(|lines| lines.waiting(workload, text));
    }

    /// The wait for a workload is over.
    pub fn settled(&self, workload: &str) {
        self.show(|lines| lines.settled(workload));
    }

    fn show(&self, change: impl FnOnce(&mut RolloutLines)) {
        let mut lines = self.lines.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut lines);
        if let Some(bar) = &self.bar {
            bar.set_message(lines.text(self.width));
        }
    }
}

impl Drop for Rollouts {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
